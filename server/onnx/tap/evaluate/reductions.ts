/** Operators that sum up along axes, and products. */
import { ElementType } from '../../schema';
import { integerOf, textAttribute } from '../node';
import { countOf } from '../tensor';
import { axesOf } from './shapes';
import {
  axisOf,
  broadcast,
  isFew,
  shaped,
  stridesOf,
  type Call,
  type Known,
  type Operator,
} from './value';

/** By name. */
export const REDUCTIONS: { readonly [operator: string]: Operator } = {
  ReduceMax: reduce(18, Math.max, -Infinity),
  ReduceMin: reduce(18, Math.min, Infinity),
  ReduceSum: reduce(13, (a, b) => a + b, 0),
  ReduceProd: reduce(18, (a, b) => a * b, 1),
  ReduceMean: reduce(18),
  ReduceL1: reduce(18),
  ReduceL2: reduce(18),
  ReduceSumSquare: reduce(18),
  ReduceLogSumExp: reduce(18),
  ReduceAll: reduce(18),
  ArgMax: (call) => [argument(call)],
  ArgMin: (call) => [argument(call)],
  CumSum: cumulative,
  TopK: topK,
  MatMul: ({ inputs: [a, b], most }) => [product(a, b, most)],
  Gemm: gemm,
  FusedMatMul: fusedProduct,
  FusedGemm: gemm,
  MatMulInteger: ({ inputs: [a, b], most }) => [
    { ...product(a, b, most), type: ElementType.int32, data: undefined },
  ],
  MatMulIntegerToFloat: ({ inputs: [a, b, scale], most }) => [
    { ...product(a, b, most), type: scale?.type ?? ElementType.float32, data: undefined },
  ],
  DynamicQuantizeMatMul: ({ inputs: [a, b], most }) => [
    { ...product(a, b, most), type: ElementType.float32, data: undefined },
  ],
  QLinearMatMul: ({ inputs: [a, , , b, , , , zero], most }) => [
    { ...product(a, b, most), type: zero?.type, data: undefined },
  ],
  MatMulNBits: ({ node, inputs: [a] }) => [
    shaped(a?.type, a?.dims && [...a.dims.slice(0, -1), integerOf(node, 'N') ?? 0]),
  ],
  Einsum: einsum,
};

function reduce(since: number, f?: (a: number, b: number) => number, first = 0): Operator {
  return (call) => {
    const [a] = call.inputs;
    const axes = axesOf(call, since);
    if (!a?.dims || axes === null) return [shaped(a?.type, undefined)];
    const { dims } = a;
    const all = !axes?.length;
    const kept = (integerOf(call.node, 'keepdims') ?? 1) === 1;
    const gone = new Set(all ? dims.keys() : axes.map((axis) => axisOf(axis, dims.length)));
    if (all && integerOf(call.node, 'noop_with_empty_axes') === 1) return [a];
    const left = dims.map((size, axis) => (gone.has(axis) ? 1 : size));
    const result = kept ? left : dims.filter((_, axis) => !gone.has(axis));
    if (!a.data || !f) return [shaped(a.type, result)];
    const data = new Float64Array(countOf(result)).fill(first);
    const [strides, steps] = [stridesOf(dims), stridesOf(left)];
    for (let at = 0; at < a.data.length; at++) {
      let to = 0;
      for (let axis = 0; axis < dims.length; axis++) {
        if (!gone.has(axis)) to += (Math.floor(at / strides[axis]!) % dims[axis]!) * steps[axis]!;
      }
      data[to] = f(data[to]!, a.data[at]!);
    }
    return [{ type: a.type, dims: result, data }];
  };
}

function argument({ node, inputs: [a] }: Call): Known {
  const axis = axisOf(integerOf(node, 'axis') ?? 0, a?.dims?.length ?? 0);
  if (!a?.dims || axis === undefined) return shaped(ElementType.int64, undefined);
  const dims = [...a.dims];
  if ((integerOf(node, 'keepdims') ?? 1) === 1) dims[axis] = 1;
  else dims.splice(axis, 1);
  return shaped(ElementType.int64, dims);
}

function cumulative({ node, inputs: [a, along] }: Call): Known[] {
  const axis = axisOf(along?.data?.[0] ?? NaN, a?.dims?.length ?? 0);
  const turned = integerOf(node, 'exclusive') === 1 || integerOf(node, 'reverse') === 1;
  if (!a?.data || axis === undefined || turned) return [shaped(a?.type, a?.dims)];
  const data = Float64Array.from(a.data);
  const [step, size] = [stridesOf(a.dims!)[axis]!, a.dims![axis]!];
  for (let at = 0; at < data.length; at++) {
    if (Math.floor(at / step) % size > 0) data[at]! += data[at - step]!;
  }
  return [{ type: a.type, dims: a.dims, data }];
}

function topK({ node, inputs: [a, count] }: Call): Known[] {
  const axis = axisOf(integerOf(node, 'axis') ?? -1, a?.dims?.length ?? 0);
  const size = count?.data?.[0];
  if (!a?.dims || axis === undefined || size === undefined) return [];
  const dims = [...a.dims];
  dims[axis] = size;
  return [shaped(a.type, dims), shaped(ElementType.int64, dims)];
}

/** MatMul of NumPy. */
function product(a: Known | undefined, b: Known | undefined, most: number): Known {
  const type = a?.type;
  if (!a?.dims?.length || !b?.dims?.length) return shaped(type, undefined);
  const left = a.dims.length === 1 ? [1, ...a.dims] : a.dims;
  const right = b.dims.length === 1 ? [...b.dims, 1] : b.dims;
  const [rows, inner] = [left.at(-2)!, left.at(-1)!];
  const outer = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (!outer || right.at(-2) !== inner) return shaped(type, undefined);
  const columns = right.at(-1)!;
  const dims = [
    ...outer,
    ...(a.dims.length === 1 ? [] : [rows]),
    ...(b.dims.length === 1 ? [] : [columns]),
  ];
  const single = countOf(outer) === 1;
  if (!a.data || !b.data || !single || !isFew(dims, most)) return shaped(type, dims);
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let at = 0; at < inner; at++) {
        sum += a.data[row * inner + at]! * b.data[at * columns + column]!;
      }
      data[row * columns + column] = sum;
    }
  }
  return { type, dims, data };
}

function lastTwoSwapped(a: Known | undefined): Known | undefined {
  if (!a?.dims || a.dims.length < 2) return a;
  return shaped(a.type, [...a.dims.slice(0, -2), a.dims.at(-1)!, a.dims.at(-2)!]);
}

function gemm({ node, inputs: [a, b], most }: Call): Known[] {
  const left = integerOf(node, 'transA') === 1 ? lastTwoSwapped(a) : a;
  const right = integerOf(node, 'transB') === 1 ? lastTwoSwapped(b) : b;
  return [{ ...product(left, right, most), data: undefined }];
}

function fusedProduct({ node, inputs: [a, b], most }: Call): Known[] {
  if (integerOf(node, 'transBatchA') === 1 || integerOf(node, 'transBatchB') === 1) {
    return [shaped(a?.type, undefined)];
  }
  return gemm({ node, inputs: [a, b], most, opset: 1 });
}

function einsum({ node, inputs }: Call): Known[] {
  const type = inputs[0]?.type;
  const [from, to] = (textAttribute(node, 'equation') ?? '').replace(/\s/g, '').split('->');
  const sizes = new Map<string, number>();
  const labels = (from ?? '').split(',');
  const plain =
    /^[a-zA-Z,]+$/.test(from ?? '') && to !== undefined && labels.length === inputs.length;
  if (!plain) return [shaped(type, undefined)];
  for (const [at, each] of labels.entries()) {
    if (inputs[at]?.dims?.length !== each.length) return [shaped(type, undefined)];
    [...each].forEach((label, axis) => sizes.set(label, inputs[at]!.dims![axis]!));
  }
  return [
    shaped(
      type,
      [...to].map((label) => sizes.get(label) ?? 1),
    ),
  ];
}
