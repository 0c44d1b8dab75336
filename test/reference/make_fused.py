"""Graphs whose attention is one node, and what their weights must be by the definition of each node.

Every case is one layer over an embedding of 8 numbers, drawn from multiples of 1/64. It writes
  FOLDER/fused/<case>.onnx    the graph: input_ids, attention_mask and an empty past where the node has one
  FOLDER/fused/<case>.bin     float32 little-endian [head, query, key], computed with NumPy
and `cases.json` with the token ids and sizes.

Usage (Python 3.11; onnx, numpy):
  python test/reference/make_fused.py FOLDER
"""

import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

VOCABULARY, WIDTH, TOKENS = 29, 8, 7
FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64
MICROSOFT = "com.microsoft"


class Builder:
    """Collects nodes and tensors; draws weights."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.tensors, self.inputs = [], [], []
        self.ids = self.rng.integers(0, VOCABULARY, TOKENS)

    def weight(self, name, *shape, wide=0.8):
        value = (np.round(self.rng.standard_normal(shape) * wide * 64) / 64).astype(np.float32)
        return self.constant(name, value), value

    def constant(self, name, value):
        self.tensors.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, operator, inputs, outputs, domain="", **attributes):
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return outputs[0]

    def embed(self):
        table, values = self.weight("table", VOCABULARY, WIDTH)
        return self.node("Gather", [table, "input_ids"], ["hidden"]), values[self.ids]

    def project(self, source, values, name, width, bias=False):
        weight, w = self.weight(f"{name}.weight", WIDTH, width, wide=0.5)
        out = self.node("MatMul", [source, weight], [name])
        result = values @ w
        if bias:
            added, b = self.weight(f"{name}.bias", width)
            out, result = self.node("Add", [out, added], [f"{name}.sum"]), result + b
        return out, result

    def split(self, source, heads, size, name):
        shape = self.constant(f"{name}.shape", np.array([1, -1, heads, size]))
        parted = self.node("Reshape", [source, shape], [f"{name}.parted"])
        return self.node("Transpose", [parted], [f"{name}.heads"], perm=[0, 2, 1, 3])

    def lengths(self):
        """What GroupQueryAttention asks for, made from the mask as onnxruntime's model builder does."""
        one = self.constant("one", np.array([1]))
        summed = self.node("ReduceSum", ["attention_mask", one], ["mask.sum"])
        less = self.node("Sub", [summed, one], ["mask.less"])
        seqlens = self.node("Cast", [less], ["seqlens"], to=TensorProto.INT32)
        shape = self.node("Shape", ["attention_mask"], ["mask.shape"])
        total = self.node("Gather", [shape, self.constant("index", np.array(1))], ["mask.total"], axis=0)
        return seqlens, self.node("Cast", [total], ["total"], to=TensorProto.INT32)

    def model(self, opset, extra_inputs=()):
        inputs = [
            helper.make_tensor_value_info("input_ids", INT, ["batch", "sequence"]),
            helper.make_tensor_value_info("attention_mask", INT, ["batch", "total"]),
            *extra_inputs,
        ]
        output = helper.make_tensor_value_info("output", FLOAT, None)
        graph = helper.make_graph(self.nodes, "fused", inputs, [output], self.tensors)
        sets = [helper.make_opsetid("", opset), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=sets, ir_version=10)


def heads_of(values, heads):
    return values.reshape(TOKENS, heads, -1).transpose(1, 0, 2).astype(np.float64)


def softmax(query, key, scale, cap=0, mask=None, bias=0, sinks=None):
    """query [head, token, size], key [keyValueHead, token, size]; mask is true where a key is seen."""
    key = np.repeat(key, len(query) // len(key), axis=0)
    scores = query @ key.transpose(0, 2, 1) * scale
    if cap:
        scores = cap * np.tanh(scores / cap)
    scores = scores + bias
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    joined = scores if sinks is None else np.concatenate([scores, np.broadcast_to(sinks[:, None, None], (len(sinks), TOKENS, 1))], -1)
    grown = np.exp(joined - joined.max(-1, keepdims=True))
    weights = grown / grown.sum(-1, keepdims=True)
    return weights[..., :TOKENS]


def distance():
    places = np.arange(TOKENS)
    return places[None, :] - places[:, None]


CAUSAL = distance() <= 0


def turned(values, cos, sin, interleaved):
    """RoPE over the first 2·len(cos) columns: pairs (j, j + half), or neighbours."""
    half = cos.shape[1]
    result = values.copy()
    first = values[..., 0 : 2 * half : 2] if interleaved else values[..., :half]
    second = values[..., 1 : 2 * half : 2] if interleaved else values[..., half : 2 * half]
    a, b = first * cos[:TOKENS] - second * sin[:TOKENS], second * cos[:TOKENS] + first * sin[:TOKENS]
    if interleaved:
        result[..., 0 : 2 * half : 2], result[..., 1 : 2 * half : 2] = a, b
    else:
        result[..., :half], result[..., half : 2 * half] = a, b
    return result


def onnx_attention(seed, *, rank, heads=6, shared=3, size=4, causal=False, mask=None, cap=0.0, scale=None):
    build = Builder(seed)
    hidden, x = build.embed()
    parts = [build.project(hidden, x, name, count * size) for name, count in [("q", heads), ("k", shared), ("v", shared)]]
    names = [name for name, _ in parts]
    attributes = dict(is_causal=int(causal), softcap=cap)
    if scale:
        attributes["scale"] = scale
    if rank == 4:
        names = [build.split(name, count, size, name) for name, count in zip(names, (heads, shared, shared))]
    else:
        attributes |= dict(q_num_heads=heads, kv_num_heads=shared)
    seen, bias = (CAUSAL if causal else None), 0
    if mask:
        shape = build.node("Shape", ["attention_mask"], ["shape"])
        count = build.node("Gather", [shape, build.constant("second", np.array([1]))], ["count"], axis=0)
        square = build.node("Concat", [count, count], ["square"], axis=0)
        ones = build.node("ConstantOfShape", [square], ["ones"], value=numpy_helper.from_array(np.array([1], dtype=np.int64)))
        lower = build.node("Trilu", [ones], ["lower"], upper=0)
        if mask == "bool":
            names.append(build.node("Cast", [lower], ["mask"], to=TensorProto.BOOL))
        else:
            truth = build.node("Cast", [lower], ["truth"], to=TensorProto.BOOL)
            zero, low = build.constant("zero", np.float32(0)), build.constant("low", np.float32(-3e38))
            names.append(build.node("Where", [truth, zero, low], ["mask"]))
        seen = CAUSAL
    build.node("Attention", names, ["output"], **attributes)
    q, k = heads_of(parts[0][1], heads), heads_of(parts[1][1], shared)
    return build.model(23), build.ids, softmax(q, k, scale or size**-0.5, cap, seen, bias), dict(heads=heads, keyValueHeads=shared)


def group_query(seed, *, heads=6, shared=3, size=16, packed=False, rotary=True, interleaved=False, window=-1, cap=0.0, sinks=False):
    build = Builder(seed)
    hidden, x = build.embed()
    q, k, v = (build.project(hidden, x, name, count * size, bias=True) for name, count in [("q", heads), ("k", shared), ("v", shared)])
    names = [q[0], k[0], v[0]]
    if packed:
        names = [build.node("Concat", names, ["qkv"], axis=-1), "", ""]
    seqlens, total = build.lengths()
    past = ["past_key_values.0.key", "past_key_values.0.value"]
    names += [*past, seqlens, total]
    angles = np.arange(32)[:, None] * 1000.0 ** (-np.arange(size // 2) * 2 / size)
    cos, sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
    query, key = heads_of(q[1], heads), heads_of(k[1], shared)
    if rotary:
        names += [build.constant("cos", cos), build.constant("sin", sin)]
        query, key = turned(query, cos, sin, interleaved), turned(key, cos, sin, interleaved)
    logits = None
    if sinks:
        names += [""] * (11 - len(names))
        name, logits = build.weight("sinks", heads)
        names.append(name)
    attributes = dict(num_heads=heads, kv_num_heads=shared, do_rotary=int(rotary), rotary_interleaved=int(interleaved), local_window_size=window, softcap=cap)
    build.node("GroupQueryAttention", names, ["output", "present.key", "present.value"], MICROSOFT, **attributes)
    seen = CAUSAL & (distance() > -window) if window > 0 else CAUSAL
    pasts = [helper.make_tensor_value_info(name, FLOAT, ["batch", shared, "past", size]) for name in past]
    weights = softmax(query, key, size**-0.5, cap, seen, 0, logits)
    return build.model(21, pasts), build.ids, weights, dict(heads=heads, keyValueHeads=shared)


def multi_head(seed, *, heads=3, size=4, bias=False, causal=False, added=False, keys4=False, scale=None):
    build = Builder(seed)
    hidden, x = build.embed()
    parts = [build.project(hidden, x, name, heads * size) for name in "qkv"]
    names, values = [name for name, _ in parts], [value for _, value in parts]
    if keys4:
        names[1:] = [build.split(name, heads, size, name) for name in names[1:]]
    if bias:
        name, b = build.weight("bias", 3 * heads * size)
        names.append(name)
        values = [value + b[at * heads * size : (at + 1) * heads * size] for at, value in enumerate(values)]
    plus = 0
    if added:
        names += [""] * (5 - len(names))
        slopes = np.array([0.5, 0.25, 0.125], dtype=np.float32)
        count = build.node("Gather", [build.node("Shape", ["input_ids"], ["shape"]), build.constant("second", np.array(1))], ["count"], axis=0)
        places = build.node("Range", [build.constant("zero", np.array(0)), count, build.constant("step", np.array(1))], ["places"])
        columns = build.node("Unsqueeze", [places, build.constant("last", np.array([1]))], ["columns"])
        apart = build.node("Cast", [build.node("Abs", [build.node("Sub", [places, columns], ["less"])], ["apart"])], ["apart.float"], to=FLOAT)
        falls = build.node("Mul", [apart, build.constant("slopes", -slopes[None, :, None, None])], ["falls"])
        names.append(falls)
        plus = -slopes[:, None, None] * np.abs(distance())
    attributes = dict(num_heads=heads, unidirectional=int(causal))
    if scale:
        attributes["scale"] = scale
    build.node("MultiHeadAttention", names, ["output"], MICROSOFT, **attributes)
    q, k = heads_of(values[0], heads), heads_of(values[1], heads)
    weights = softmax(q, k, scale or size**-0.5, 0, CAUSAL if causal else None, plus)
    return build.model(17), build.ids, weights, dict(heads=heads, keyValueHeads=heads)


def projected(seed, *, heads=3, size=4, causal=False, mask=False):
    build = Builder(seed)
    hidden, x = build.embed()
    width = heads * size
    weight, w = build.weight("weight", WIDTH, 3 * width, wide=0.5)
    bias, b = build.weight("bias", 3 * width)
    names = [hidden, weight, bias]
    if mask:
        names.append(build.node("Cast", ["attention_mask"], ["mask"], to=TensorProto.INT32))
    build.node("Attention", names, ["output"], MICROSOFT, num_heads=heads, unidirectional=int(causal))
    joined = x @ w + b
    q, k = heads_of(joined[:, :width], heads), heads_of(joined[:, width : 2 * width], heads)
    return build.model(17), build.ids, softmax(q, k, size**-0.5, 0, CAUSAL if causal else None), dict(heads=heads, keyValueHeads=heads)


CASES = {
    "attention-4d": lambda seed: onnx_attention(seed, rank=4, heads=3, shared=3),
    "attention-3d-grouped": lambda seed: onnx_attention(seed, rank=3, causal=True),
    "attention-bool-mask": lambda seed: onnx_attention(seed, rank=4, mask="bool", scale=0.3),
    "attention-float-mask": lambda seed: onnx_attention(seed, rank=3, mask="float"),
    "attention-softcap": lambda seed: onnx_attention(seed, rank=4, cap=1.5),
    "grouped-rotary": lambda seed: group_query(seed),
    "grouped-interleaved": lambda seed: group_query(seed, interleaved=True),
    "grouped-packed": lambda seed: group_query(seed, packed=True),
    "grouped-window": lambda seed: group_query(seed, window=3),
    "grouped-softcap": lambda seed: group_query(seed, cap=1.5, rotary=False),
    "grouped-sinks": lambda seed: group_query(seed, sinks=True),
    "grouped-single": lambda seed: group_query(seed, heads=3, shared=1),
    "multi-head": lambda seed: multi_head(seed),
    "multi-head-bias": lambda seed: multi_head(seed, bias=True, scale=0.4),
    "multi-head-causal": lambda seed: multi_head(seed, causal=True),
    "multi-head-slopes": lambda seed: multi_head(seed, added=True),
    "multi-head-keys-4d": lambda seed: multi_head(seed, keys4=True),
    "projected": lambda seed: projected(seed),
    "projected-causal": lambda seed: projected(seed, causal=True),
    "projected-mask": lambda seed: projected(seed, mask=True),
}


def main():
    folder = pathlib.Path(sys.argv[1]) / "fused"
    folder.mkdir(parents=True, exist_ok=True)
    cases = []
    for seed, (name, make) in enumerate(CASES.items()):
        model, ids, weights, sizes = make(seed)
        onnx.save(model, folder / f"{name}.onnx")
        weights.astype("<f4").tofile(folder / f"{name}.bin")
        cases.append(dict(name=name, ids=ids.tolist(), **sizes))
    (folder / "cases.json").write_text(json.dumps(cases, indent=1) + "\n")


main()
