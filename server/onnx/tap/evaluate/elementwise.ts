/** Operators that go element by element. */
import { ElementType } from '../../schema';
import { floatOf, integerOf } from '../node';
import { countOf, type Numbers } from '../tensor';
import {
  broadcast,
  broadcastIndex,
  isFew,
  shaped,
  UNKNOWN,
  type Call,
  type Known,
  type Operator,
} from './value';

const { fround } = Math;

const SINGLE: { readonly [operator: string]: (x: number) => number } = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Cos: Math.cos,
  Exp: Math.exp,
  Floor: Math.floor,
  Identity: (x) => x,
  Log: Math.log,
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(0, x),
  Round: roundToEven,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Sign: Math.sign,
  Sin: Math.sin,
  Sqrt: Math.sqrt,
  Tanh: Math.tanh,
};

/** Same shape and type; their numbers nobody asks for. */
const SHAPE_ONLY =
  'BiasGelu Celu Dropout Elu Erf FastGelu Gelu HardSigmoid HardSwish LayerNormalization ' +
  'LeakyRelu LogSoftmax LpNormalization Mish QuickGelu RMSNormalization Selu ' +
  'SimplifiedLayerNormalization Softmax Softplus Softsign Swish Tan BatchNormalization InstanceNormalization ' +
  'GroupNormalization RotaryEmbedding BiasSoftmax';

const PAIRS: { readonly [operator: string]: (a: number, b: number) => number } = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
};

const COMPARISONS: { readonly [operator: string]: (a: number, b: number) => boolean } = {
  And: (a, b) => a !== 0 && b !== 0,
  Or: (a, b) => a !== 0 || b !== 0,
  Xor: (a, b) => (a !== 0) !== (b !== 0),
  Equal: (a, b) => a === b,
  Less: (a, b) => a < b,
  LessOrEqual: (a, b) => a <= b,
  Greater: (a, b) => a > b,
  GreaterOrEqual: (a, b) => a >= b,
};

/** By name. */
export const ELEMENTWISE: { readonly [operator: string]: Operator } = {
  ...Object.fromEntries(Object.entries(SINGLE).map(([name, f]) => [name, single(f)])),
  ...Object.fromEntries(
    SHAPE_ONLY.split(' ').map((name) => [name, (call: Call) => [likeFirst(call)]]),
  ),
  ...Object.fromEntries(Object.entries(PAIRS).map(([name, f]) => [name, folded(f)])),
  ...Object.fromEntries(
    Object.entries(COMPARISONS).map(([name, f]) => [
      name,
      ({ inputs: [a, b], most }: Call) => [
        pairwise(a, b, most, (x, y) => Number(f(x, y)), ElementType.bool),
      ],
    ]),
  ),
  SkipLayerNormalization: normalisedSum,
  SkipSimplifiedLayerNormalization: normalisedSum,
  Div: ({ inputs: [a, b], most }) => [
    pairwise(a, b, most, isFloat(a?.type) ? (x, y) => x / y : (x, y) => Math.trunc(x / y)),
  ],
  Mod: ({ node, inputs: [a, b], most }) => {
    const truncated = integerOf(node, 'fmod') === 1;
    const mod = (x: number, y: number) => (truncated ? x % y : x - y * Math.floor(x / y));
    return [pairwise(a, b, most, mod)];
  },
  BitwiseAnd: ({ inputs: [a, b], most }) => [pairwise(a, b, most, (x, y) => x & y)],
  BitwiseOr: ({ inputs: [a, b], most }) => [pairwise(a, b, most, (x, y) => x | y)],
  Not: ({ inputs: [a] }) => [mapped(a, (x) => Number(x === 0), ElementType.bool)],
  IsNaN: ({ inputs: [a] }) => [mapped(a, (x) => Number(Number.isNaN(x)), ElementType.bool)],
  IsInf: ({ inputs: [a] }) => [
    mapped(a, (x) => Number(Math.abs(x) === Infinity), ElementType.bool),
  ],
  Cast: cast,
  CastLike: ({ inputs: [a, like] }) => [castTo(a, like?.type)],
  Where: where,
  Clip: clip,
  QuantizeLinear: ({ inputs: [a, , zero] }) => [shaped(zero?.type ?? ElementType.uint8, a?.dims)],
  DequantizeLinear: dequantized,
  DynamicQuantizeLinear: ({ inputs: [a] }) => [
    shaped(ElementType.uint8, a?.dims),
    shaped(ElementType.float32, []),
    shaped(ElementType.uint8, []),
  ],
};

export function isFloat(type: number | undefined): boolean {
  return (
    type === ElementType.float32 ||
    type === ElementType.float16 ||
    type === ElementType.bfloat16 ||
    type === ElementType.float64
  );
}

/** As the element type holds it: float16 is kept as float32, which is finer. */
function held(type: number | undefined): (x: number) => number {
  if (type === ElementType.bfloat16) return roundedToBrainFloat;
  return isFloat(type) && type !== ElementType.float64 ? fround : (x) => x;
}

function likeFirst({ inputs: [first] }: Call): Known {
  return first ? shaped(first.type, first.dims) : UNKNOWN;
}

/** The normalised sum and, as its fourth output, the sum itself. */
function normalisedSum(call: Call): Known[] {
  const sum = likeFirst(call);
  return [sum, UNKNOWN, UNKNOWN, sum];
}

function single(f: (x: number) => number): Operator {
  return ({ inputs: [a] }) => [mapped(a, f)];
}

function mapped(a: Known | undefined, f: (x: number) => number, type = a?.type): Known {
  if (!a) return { ...UNKNOWN, type };
  if (!a.data) return shaped(type, a.dims);
  const data = numbersFor(type, a.data.length);
  const hold = held(type);
  for (let at = 0; at < data.length; at++) data[at] = hold(f(a.data[at]!));
  return { type, dims: a.dims, data };
}

/** Two or more inputs, one after the other. */
function folded(f: (a: number, b: number) => number): Operator {
  return ({ inputs, most }) => [
    inputs.length === 1
      ? (inputs[0] ?? UNKNOWN)
      : (inputs.slice(1).reduce((a, b) => pairwise(a, b, most, f), inputs[0]) ?? UNKNOWN),
  ];
}

function pairwise(
  a: Known | undefined,
  b: Known | undefined,
  most: number,
  f: (a: number, b: number) => number,
  type = a?.type ?? b?.type,
): Known {
  const dims = a?.dims && b?.dims && broadcast(a.dims, b.dims);
  if (!dims || !a.data || !b.data || !isFew(dims, most)) return shaped(type, dims);
  const data = numbersFor(type, countOf(dims));
  const [left, right] = [broadcastIndex(a.dims!, dims), broadcastIndex(b.dims!, dims)];
  const hold = held(type);
  for (let at = 0; at < data.length; at++) {
    data[at] = hold(f(a.data[left[at]!]!, b.data[right[at]!]!));
  }
  return { type, dims, data };
}

function where({ inputs: [condition, a, b], most }: Call): Known[] {
  const type = a?.type ?? b?.type;
  const both = a?.dims && b?.dims && broadcast(a.dims, b.dims);
  const dims = both && condition?.dims && broadcast(both, condition.dims);
  if (!dims) return [shaped(type, undefined)];
  const chosen = condition.data && chosenSide(condition.data, a, b);
  const few = isFew(dims, most);
  // Where one side is taken throughout, the other need not be known.
  if (chosen?.data && few) {
    return [{ type, dims, data: spread(chosen, dims) }];
  }
  if (!condition.data || !a.data || !b.data || !few) return [shaped(type, dims)];
  const data = numbersFor(type, countOf(dims));
  const index = broadcastIndex(condition.dims!, dims);
  const [left, right] = [broadcastIndex(a.dims!, dims), broadcastIndex(b.dims!, dims)];
  for (let at = 0; at < data.length; at++) {
    data[at] = condition.data[index[at]!] ? a.data[left[at]!]! : b.data[right[at]!]!;
  }
  return [{ type, dims, data }];
}

function chosenSide(
  condition: Numbers,
  a: Known | undefined,
  b: Known | undefined,
): Known | undefined {
  if (condition.every((value) => value !== 0)) return a;
  return condition.every((value) => value === 0) ? b : undefined;
}

function spread(value: Known, dims: readonly number[]): Numbers {
  const data = numbersFor(value.type, countOf(dims));
  const index = broadcastIndex(value.dims!, dims);
  for (let at = 0; at < data.length; at++) data[at] = value.data![index[at]!]!;
  return data;
}

function clip({ node, inputs: [a, low, high], opset }: Call): Known[] {
  const least = opset < 11 ? floatOf(node, 'min') : low?.data?.[0];
  const most = opset < 11 ? floatOf(node, 'max') : high?.data?.[0];
  return [mapped(a, (x) => Math.min(most ?? Infinity, Math.max(least ?? -Infinity, x)))];
}

/** Numbers where one scale is for all; tables of biases may be stored so. */
function dequantized({ inputs: [a, scale, zero] }: Call): Known[] {
  const type = scale?.type ?? ElementType.float32;
  const single = scale?.data?.length === 1 && (zero?.data?.length ?? 1) === 1;
  if (!single) return [shaped(type, a?.dims)];
  return [mapped(a, (x) => (x - (zero?.data?.[0] ?? 0)) * scale.data![0]!, type)];
}

function cast({ node, inputs: [a] }: Call): Known[] {
  return [castTo(a, integerOf(node, 'to'))];
}

function castTo(a: Known | undefined, type: number | undefined): Known {
  if (type === ElementType.bool) return mapped(a, (x) => Number(x !== 0), type);
  return isFloat(type) || type === undefined
    ? mapped(a, (x) => x, type)
    : mapped(a, Math.trunc, type);
}

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** To the nearest, ties to even; biases that were made with it are not quite what their formula says. */
function roundedToBrainFloat(x: number): number {
  word[0] = x;
  if (!Number.isFinite(word[0])) return word[0];
  const low = bits[0]! & 0xffff;
  const odd = (bits[0]! >>> 16) & 1;
  bits[0] = (bits[0]! & 0xffff0000) + (low > 0x8000 || (low === 0x8000 && odd) ? 0x10000 : 0);
  return word[0];
}

function numbersFor(type: number | undefined, length: number): Numbers {
  return type === ElementType.bool ? new Uint8Array(length) : new Float64Array(length);
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
