"""PyTorch on the bundled weights, and the pages that BertViz and Inspectus make of its attention.

usage: measure.py MODEL_FOLDER HTML_FOLDER THREADS
Prints one JSON object a line.
"""

import json
import statistics
import sys
import time
from pathlib import Path

import torch
from transformers import BertModel
from transformers.utils import logging

logging.set_verbosity_error()
LENGTHS = [64, 128, 256, 512]
ROUNDS = 9
# BertViz writes every weight as text: more tokens than this make pages of hundreds of megabytes.
MOST_BERTVIZ_TOKENS = 256


def load(folder, attention):
    model = BertModel.from_pretrained(
        folder, dtype=torch.float32, attn_implementation=attention, add_pooling_layer=False
    )
    return model.eval()


def passes(models, ids):
    """Medians of milliseconds, in turns."""
    times = {name: [] for name in models}
    for _ in range(ROUNDS):
        for name, (model, arguments) in models.items():
            start = time.perf_counter()
            with torch.inference_mode():
                model(ids, **arguments)
            times[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(each) for name, each in times.items()}


def bertviz(attention, tokens):
    from bertviz import head_view

    return head_view(attention, tokens, html_action="return").data


def inspectus(attention, tokens):
    import IPython.display as notebook
    import inspectus as library

    shown = []
    # It looks both names up when it shows something.
    notebook.HTML, notebook.display = str, shown.append
    library.attention(torch.stack([layer[0] for layer in attention]).numpy(), tokens)
    return "<body>" + "".join(shown) + "</body>"


def main(folder, pages, threads):
    torch.set_num_threads(threads)
    eager, sdpa = load(folder, "eager"), load(folder, "sdpa")
    models = {"eager": (eager, {"output_attentions": True}), "sdpa": (sdpa, {})}
    for length in LENGTHS:
        ids = torch.tensor([[1000 + at * 37 % 5000 for at in range(length)]])
        print(json.dumps({"tokens": length, **passes(models, ids)}), flush=True)
        with torch.inference_mode():
            attention = eager(ids, output_attentions=True).attentions
        tokens = [f"t{at}" for at in range(length)]
        for name, make in (("bertviz", bertviz), ("inspectus", inspectus)):
            if name == "bertviz" and length > MOST_BERTVIZ_TOKENS:
                continue
            start = time.perf_counter()
            page = make(attention, tokens)
            ms = 1000 * (time.perf_counter() - start)
            file = Path(pages) / f"{name}-{length}.html"
            file.write_text(page, encoding="utf-8")
            size = file.stat().st_size
            print(json.dumps({"page": name, "tokens": length, "ms": ms, "bytes": size}), flush=True)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
