"""Tiny seeded models as ONNX files, as each exporter and tool writes them, and their attention weights.

For every model of CASES it writes into a folder of that name
  config.json, model.safetensors   as Hugging Face transformers saves them (float32)
  <form>.onnx                      legacy-11 / -14 / -17 (TorchScript exporter), dynamo-18 (torch.export),
                                   sdpa-17 (legacy, through scaled_dot_product_attention), optimised
                                   (onnxruntime.transformers), int8 (dynamic quantisation), fp16, past-17
                                   (with key-value cache), merged-17 (two branches in one If)
  attentions.bin                   float32 little-endian, eager attention: self layers [layer, head, query, key];
                                   encoder-decoders: encoder, then decoder, then cross layers
and `cases.json`: what went in, sizes, and which forms could be made.

All numbers of the weights are multiples of 1/64, so that the files compress well. Sizes of
layers, heads, head, width and text differ from each other, so that none can stand for another.

Usage (Python 3.11; torch, transformers, onnx, onnxruntime, onnxscript, numpy, safetensors):
  python test/reference/make_exports.py FOLDER [--cases bert,gpt2] [--forms legacy-17,dynamo-18]
pack_exports.mjs packs what the unit tests read.
"""

import argparse
import copy
import json
import logging
import pathlib
import shutil
import sys
import traceback
import warnings

import numpy as np
import onnx
import torch
import transformers
from onnx import helper

HERE = pathlib.Path(__file__).resolve().parent / "exports"
VOCABULARY = 29
TOKENS = 7
SOURCE_TOKENS = 9
LAYERS = 2

BERT = dict(
    vocab_size=VOCABULARY,
    hidden_size=12,
    num_hidden_layers=LAYERS,
    num_attention_heads=3,
    intermediate_size=10,
    max_position_embeddings=64,
    type_vocab_size=2,
    pad_token_id=1,
)
DECODER = dict(
    vocab_size=VOCABULARY,
    hidden_size=24,
    num_hidden_layers=LAYERS,
    num_attention_heads=6,
    intermediate_size=10,
    max_position_embeddings=64,
    pad_token_id=None,
    bos_token_id=0,
    eos_token_id=0,
)
GROUPED = dict(DECODER, num_key_value_heads=3, head_dim=8)

# name: (model class, config class, sizes, kind)
CASES = {
    "bert": ("BertModel", "BertConfig", BERT),
    "roberta": ("RobertaModel", "RobertaConfig", dict(BERT, type_vocab_size=1)),
    "distilbert": (
        "DistilBertModel",
        "DistilBertConfig",
        dict(vocab_size=VOCABULARY, dim=12, n_layers=LAYERS, n_heads=3, hidden_dim=10, max_position_embeddings=64),
    ),
    "electra": ("ElectraModel", "ElectraConfig", dict(BERT, embedding_size=8)),
    "albert": ("AlbertModel", "AlbertConfig", dict(BERT, embedding_size=8)),
    "mpnet": ("MPNetModel", "MPNetConfig", {key: BERT[key] for key in BERT if key != "type_vocab_size"}),
    "modernbert": (
        "ModernBertModel",
        "ModernBertConfig",
        dict(
            vocab_size=VOCABULARY,
            hidden_size=24,
            num_hidden_layers=3,
            num_attention_heads=6,
            intermediate_size=10,
            max_position_embeddings=64,
            local_attention=4,
            global_attn_every_n_layers=2,
            pad_token_id=0,
            bos_token_id=0,
            eos_token_id=0,
            cls_token_id=0,
            sep_token_id=0,
        ),
    ),
    "deberta": ("DebertaV2Model", "DebertaV2Config", dict(BERT, relative_attention=True, pos_att_type=["p2c", "c2p"], position_buckets=8)),
    "gpt2": (
        "GPT2Model",
        "GPT2Config",
        dict(vocab_size=VOCABULARY, n_embd=12, n_layer=LAYERS, n_head=3, n_positions=64, bos_token_id=0, eos_token_id=0),
    ),
    "opt": (
        "OPTModel",
        "OPTConfig",
        dict(
            vocab_size=VOCABULARY,
            hidden_size=12,
            word_embed_proj_dim=12,
            num_hidden_layers=LAYERS,
            num_attention_heads=3,
            ffn_dim=10,
            max_position_embeddings=64,
            pad_token_id=1,
        ),
    ),
    "bloom": (
        "BloomModel",
        "BloomConfig",
        dict(vocab_size=VOCABULARY, hidden_size=24, n_layer=LAYERS, n_head=6, bos_token_id=0, eos_token_id=0, pad_token_id=1),
    ),
    "gpt_neox": ("GPTNeoXModel", "GPTNeoXConfig", dict(DECODER, hidden_size=48, rotary_pct=0.5)),
    "gptj": (
        "GPTJModel",
        "GPTJConfig",
        dict(vocab_size=VOCABULARY, n_embd=24, n_layer=LAYERS, n_head=3, n_positions=64, rotary_dim=4, bos_token_id=0, eos_token_id=0),
    ),
    "llama": ("LlamaModel", "LlamaConfig", GROUPED),
    "mistral": ("MistralModel", "MistralConfig", dict(GROUPED, sliding_window=4)),
    "qwen2": ("Qwen2Model", "Qwen2Config", {key: GROUPED[key] for key in GROUPED if key != "head_dim"}),
    "qwen3": ("Qwen3Model", "Qwen3Config", GROUPED),
    "gemma2": (
        "Gemma2Model",
        "Gemma2Config",
        dict(GROUPED, sliding_window=4, attn_logit_softcapping=2.0, query_pre_attn_scalar=10),
    ),
    "phi": ("PhiModel", "PhiConfig", dict(DECODER, hidden_size=48, partial_rotary_factor=0.5)),
    "phi3": ("Phi3Model", "Phi3Config", dict(DECODER, hidden_size=48, num_key_value_heads=3, sliding_window=None)),
    "falcon": (
        "FalconModel",
        "FalconConfig",
        dict(vocab_size=VOCABULARY, hidden_size=24, num_hidden_layers=LAYERS, num_attention_heads=6, multi_query=True, alibi=False, bos_token_id=0, eos_token_id=0),
    ),
    "falcon-alibi": (
        "FalconModel",
        "FalconConfig",
        dict(vocab_size=VOCABULARY, hidden_size=24, num_hidden_layers=LAYERS, num_attention_heads=6, multi_query=False, alibi=True, bos_token_id=0, eos_token_id=0),
    ),
    "gpt_bigcode": (
        "GPTBigCodeModel",
        "GPTBigCodeConfig",
        dict(vocab_size=VOCABULARY, n_embd=12, n_layer=LAYERS, n_head=3, n_positions=64, multi_query=True, bos_token_id=0, eos_token_id=0),
    ),
    "gpt_oss": (
        "GptOssModel",
        "GptOssConfig",
        dict(GROUPED, sliding_window=4, num_local_experts=2, num_experts_per_tok=1, layer_types=["sliding_attention", "full_attention"]),
    ),
    "t5-encoder": (
        "T5EncoderModel",
        "T5Config",
        dict(vocab_size=VOCABULARY, d_model=12, d_kv=5, d_ff=10, num_layers=LAYERS, num_heads=3, relative_attention_num_buckets=8, relative_attention_max_distance=16),
    ),
    "t5": (
        "T5Model",
        "T5Config",
        dict(
            vocab_size=VOCABULARY,
            d_model=12,
            d_kv=5,
            d_ff=10,
            num_layers=LAYERS,
            num_decoder_layers=LAYERS,
            num_heads=3,
            relative_attention_num_buckets=8,
            relative_attention_max_distance=16,
            decoder_start_token_id=0,
        ),
    ),
    "bart": (
        "BartModel",
        "BartConfig",
        dict(
            vocab_size=VOCABULARY,
            d_model=12,
            encoder_layers=LAYERS,
            decoder_layers=LAYERS,
            encoder_attention_heads=3,
            decoder_attention_heads=3,
            encoder_ffn_dim=10,
            decoder_ffn_dim=10,
            max_position_embeddings=64,
            pad_token_id=1,
            bos_token_id=0,
            eos_token_id=2,
            decoder_start_token_id=2,
            forced_eos_token_id=2,
        ),
    ),
    "mistral-wide": ("MistralModel", "MistralConfig", dict(GROUPED, sliding_window=4096)),
}
SEQ2SEQ = ("t5", "bart")
CACHED = ("gpt2", "llama", "qwen2", "gpt_neox")
OLD_OPSETS = ("bert", "gpt2", "llama")


def draw(model, seed):
    """Fills every parameter with multiples of 1/64: matrices around 0, gains around 1."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            wide = 0.35 if parameter.dim() > 1 else 0.2
            around = 0.0
            if parameter.dim() == 1 and name.endswith("weight") and not type(model).__name__.startswith("Gemma"):
                around = 1.0
            parameter.copy_(torch.round((around + noise * wide) * 64) / 64)


class Plain(torch.nn.Module):
    """Ids and mask in, hidden states out."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        extra = {} if not hasattr(self.model.config, "use_cache") else dict(use_cache=False)
        return self.model(input_ids=input_ids, attention_mask=attention_mask, **extra)[0]


class TwoTexts(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, decoder_input_ids):
        return self.model(
            input_ids=input_ids, attention_mask=attention_mask, decoder_input_ids=decoder_input_ids, use_cache=False
        )[0]


class Cached(torch.nn.Module):
    """With key-value cache in and out, as text generation exports have it."""

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.layers = model.config.num_hidden_layers

    def forward(self, input_ids, attention_mask, position_ids, *past):
        pairs = [(past[2 * layer], past[2 * layer + 1]) for layer in range(self.layers)]
        cache = transformers.DynamicCache(pairs)
        output = self.model(
            input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids, past_key_values=cache, use_cache=True
        )
        present = [part for layer in output.past_key_values.layers for part in (layer.keys, layer.values)]
        return (output[0], *present)


def sizes_of(config):
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    return heads, head


def export(model, name, form, path, eager=True):
    model.set_attn_implementation("eager" if eager else "sdpa")
    ids = torch.randint(2, VOCABULARY, (2, TOKENS), generator=torch.Generator().manual_seed(5))
    mask = torch.ones_like(ids)
    kind, opset = form.rsplit("-", 1)
    if kind == "past":
        heads, head = sizes_of(model.config)
        past_names = [f"past_key_values.{layer}.{part}" for layer in range(model.config.num_hidden_layers) for part in ("key", "value")]
        pasts = [torch.randn(2, heads, 3, head) for _ in past_names]
        wrapped, args = Cached(model), (ids, torch.ones(2, TOKENS + 3, dtype=torch.long), torch.arange(3, TOKENS + 3)[None].repeat(2, 1), *pasts)
        names = ["input_ids", "attention_mask", "position_ids", *past_names]
        outputs = ["last_hidden_state", *[n.replace("past_key_values", "present") for n in past_names]]
        axes = {"input_ids": {0: "batch", 1: "sequence"}, "position_ids": {0: "batch", 1: "sequence"}, "attention_mask": {0: "batch", 1: "total"}}
        axes |= {n: {0: "batch", 2: "past"} for n in past_names}
    elif name in SEQ2SEQ:
        other = torch.randint(2, VOCABULARY, (2, SOURCE_TOKENS), generator=torch.Generator().manual_seed(6))
        wrapped, args = TwoTexts(model), (other, torch.ones_like(other), ids)
        names, outputs = ["input_ids", "attention_mask", "decoder_input_ids"], ["last_hidden_state"]
        axes = {n: {0: "batch", 1: "source"} for n in names[:2]} | {"decoder_input_ids": {0: "batch", 1: "target"}}
    else:
        wrapped, args = Plain(model), (ids, mask)
        names, outputs = ["input_ids", "attention_mask"], ["last_hidden_state"]
        axes = {n: {0: "batch", 1: "sequence"} for n in names}
    with torch.no_grad():
        if kind == "dynamo":
            shapes = []
            for n in names:
                shapes.append({axis: torch.export.Dim.DYNAMIC for axis in axes[n]})
            program = torch.onnx.export(
                wrapped.eval(), args, dynamo=True, opset_version=int(opset), input_names=names, output_names=outputs, dynamic_shapes=tuple(shapes), verbose=False, optimize=True
            )
            program.save(path)
        else:
            torch.onnx.export(
                wrapped.eval(), args, path, dynamo=False, opset_version=int(opset), input_names=names, output_names=outputs, dynamic_axes=axes, do_constant_folding=True
            )


def optimise(source, path, config):
    from onnxruntime.transformers import optimizer

    kind = {"gpt2": "gpt2", "t5": "t5", "t5-encoder": "t5", "bart": "bart"}.get(config.model_type, "bert")
    heads = getattr(config, "num_attention_heads", 0)
    optimised = optimizer.optimize_model(str(source), model_type=kind, num_heads=heads, hidden_size=config.hidden_size, opt_level=1, use_gpu=False)
    optimised.save_model_to_file(str(path))


def quantise(source, path):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(source, path, weight_type=QuantType.QInt8)


def halve(source, path):
    from onnxruntime.transformers import float16

    onnx.save(float16.convert_float_to_float16(onnx.load(source), keep_io_types=False), path)


def merge(with_past, path):
    """One file with both decoders, as `decoder_model_merged.onnx`: an If over `use_cache_branch`."""
    cached = onnx.load(with_past)
    graph = cached.graph
    shared = {t.name: t for t in graph.initializer}
    outputs = list(graph.output)

    def branch(name, prefix):
        def renamed(value):
            return value if value in shared or value in inputs or value == "" else prefix + value

        inputs = {i.name for i in graph.input}
        nodes = []
        for node in graph.node:
            copied = onnx.NodeProto()
            copied.CopyFrom(node)
            for field in (copied.input, copied.output):
                values = [renamed(v) for v in field]
                del field[:]
                field.extend(values)
            copied.name = prefix + node.name
            for attribute in copied.attribute:
                if attribute.HasField("g"):
                    raise ValueError("nested graphs")
            nodes.append(copied)
        made = [helper.make_value_info(prefix + o.name, o.type) for o in outputs]
        return helper.make_graph(nodes, name, [], made)

    node = helper.make_node(
        "If", ["use_cache_branch"], [o.name for o in outputs], then_branch=branch("cached", "then/"), else_branch=branch("plain", "else/")
    )
    flag = helper.make_tensor_value_info("use_cache_branch", onnx.TensorProto.BOOL, [1])
    merged = helper.make_graph([node], "merged", [*graph.input, flag], outputs, initializer=list(shared.values()))
    model = helper.make_model(merged, opset_imports=cached.opset_import, ir_version=cached.ir_version)
    onnx.save(model, path)


def strip(path):
    """Only what runs: no doc strings, no metadata, short names of nodes."""
    model = onnx.load(path)
    model.doc_string = ""
    del model.metadata_props[:]

    def clean(graph):
        graph.doc_string = ""
        del graph.value_info[:]
        del graph.metadata_props[:]
        for node in graph.node:
            node.doc_string = ""
            del node.metadata_props[:]
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    clean(attribute.g)
        for value in [*graph.input, *graph.output]:
            value.doc_string = ""
            del value.metadata_props[:]
        for tensor in graph.initializer:
            tensor.doc_string = ""
            del tensor.metadata_props[:]

    clean(model.graph)
    for function in model.functions:
        function.doc_string = ""
    onnx.save(model, path)
    shutil.rmtree(f"{path}.data", ignore_errors=True)
    pathlib.Path(f"{path}.data").unlink(missing_ok=True)


def make(name, folder, wanted):
    model_type, config_type, sizes = CASES[name]
    seed = list(CASES).index(name)
    config = getattr(transformers, config_type)(**sizes)
    config._attn_implementation = "eager"
    config._experts_implementation = "eager"
    model = getattr(transformers, model_type)(config).float().eval()
    draw(model, seed)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    case = dict(name=name, forms=[], failed={})
    rng = np.random.default_rng(seed)
    ids = rng.integers(3, VOCABULARY, TOKENS).tolist()
    case["ids"] = ids
    with torch.no_grad():
        if name in SEQ2SEQ:
            source = rng.integers(3, VOCABULARY, SOURCE_TOKENS).tolist()
            case["source"] = source
            output = model(input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([ids]), output_attentions=True, use_cache=False)
            stacks = [output.encoder_attentions, output.decoder_attentions, output.cross_attentions]
        else:
            stacks = [model(torch.tensor([ids]), output_attentions=True).attentions]
    case["stacks"] = [[len(stack), *stack[0].shape[1:]] for stack in stacks]
    flat = np.concatenate([layer[0].numpy().ravel() for stack in stacks for layer in stack]).astype("<f4")
    flat.tofile(folder / "attentions.bin")
    for form in wanted:
        path = folder / f"{form}.onnx"
        try:
            kind = form.split("-")[0]
            if form in ("legacy-11", "legacy-14") and name not in OLD_OPSETS:
                continue
            if kind in ("past", "merged") and name not in CACHED:
                continue
            if kind == "sdpa" and not getattr(model, "_supports_sdpa", False):
                continue
            if kind in ("legacy", "dynamo", "past"):
                export(copy.deepcopy(model), name, form, path)
            elif kind == "sdpa":
                export(copy.deepcopy(model), name, form.replace("sdpa", "legacy"), path, eager=False)
            elif kind == "merged":
                merge(folder / "past-17.onnx", path)
            elif kind == "optimised":
                optimise(folder / "legacy-17.onnx", path, config)
            elif kind == "int8":
                quantise(folder / "legacy-17.onnx", path)
            elif kind == "fp16":
                halve(folder / "legacy-17.onnx", path)
            strip(path)
            case["forms"].append(form)
        except Exception as error:  # what cannot be exported is a result, too
            case["failed"][form] = f"{type(error).__name__}: {str(error).splitlines()[0][:160] if str(error) else ''}"
            path.unlink(missing_ok=True)
            if "-v" in sys.argv:
                traceback.print_exc()
    print(name, case["stacks"], "forms:", " ".join(case["forms"]), case["failed"] or "", flush=True)
    return case


FORMS = ["legacy-17", "dynamo-18", "sdpa-17", "optimised", "int8", "fp16", "legacy-11", "legacy-14", "past-17", "merged-17"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    folder = pathlib.Path(options.folder)
    known = {}
    listing = folder / "cases.json"
    if listing.exists():
        known = {case["name"]: case for case in json.loads(listing.read_text())}
    for name in options.cases.split(","):
        known[name] = make(name, folder / name, options.forms.split(","))
        folder.mkdir(parents=True, exist_ok=True)
        listing.write_text(json.dumps(list(known.values()), indent=1) + "\n")


main()
