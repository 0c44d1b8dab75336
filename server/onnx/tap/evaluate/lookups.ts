/** Operators that look elements up, put them in, or make new ones. */
import { ElementType } from '../../schema';
import { floatOf, floatsOf, integerOf, integersOf, tensorOf } from '../node';
import { countOf, numbersOf, readTensor, type Numbers } from '../tensor';
import { vector } from './shapes';
import {
  axisOf,
  isFew,
  shaped,
  stridesOf,
  UNKNOWN,
  type Call,
  type Known,
  type Operator,
} from './value';

/** By name. */
export const LOOKUPS: { readonly [operator: string]: Operator } = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  Gather: gatherAxis,
  GatherElements: gatherElements,
  GatherND: gatherPlaces,
  ScatterND: scatterPlaces,
  ScatterElements: ({ inputs: [a] }) => [shaped(a?.type, a?.dims)],
  OneHot: ({ node, inputs: [a, depth, values] }) => {
    const size = depth?.data?.[0];
    if (!a?.dims || size === undefined) return [shaped(values?.type, undefined)];
    const dims = [...a.dims];
    const axis = integerOf(node, 'axis') ?? -1;
    dims.splice(axis < 0 ? axis + dims.length + 1 : axis, 0, size);
    return [shaped(values?.type, dims)];
  },
  NonZero: nonZero,
  EyeLike: ({ inputs: [a] }) => [shaped(a?.type, a?.dims)],
  RandomUniformLike: ({ inputs: [a] }) => [shaped(a?.type, a?.dims)],
};

function constant({ node, most }: Call): Known[] {
  const message = tensorOf(node, 'value');
  if (message) {
    const tensor = readTensor(message);
    return [{ type: tensor.type, dims: tensor.dims, data: numbersOf(tensor, most) }];
  }
  const [float, integer] = [floatOf(node, 'value_float'), integerOf(node, 'value_int')];
  if (float !== undefined) {
    return [{ type: ElementType.float32, dims: [], data: Float64Array.of(float) }];
  }
  if (integer !== undefined) return [vector([integer], [])];
  const floats = node.attributes.has('value_floats') ? floatsOf(node, 'value_floats') : undefined;
  if (floats) {
    const data = Float64Array.from(floats);
    return [{ type: ElementType.float32, dims: [floats.length], data }];
  }
  const integers = integersOf(node, 'value_ints');
  return [integers ? vector(integers) : UNKNOWN];
}

function constantOfShape({ node, inputs: [shape], most }: Call): Known[] {
  const message = tensorOf(node, 'value');
  const tensor = message && readTensor(message);
  const type = tensor?.type ?? ElementType.float32;
  if (!shape?.data) return [shaped(type, undefined)];
  const dims = Array.from(shape.data);
  const value = tensor ? numbersOf(tensor, most)?.[0] : 0;
  if (value === undefined || !isFew(dims, most)) return [shaped(type, dims)];
  const data = numbersFor(type, countOf(dims));
  return [{ type, dims, data: data.fill(value) }];
}

function range({ inputs: [start, limit, delta], most }: Call): Known[] {
  const type = start?.type ?? ElementType.int64;
  const [from, to, step] = [start?.data?.[0], limit?.data?.[0], delta?.data?.[0]];
  if (from === undefined || to === undefined || step === undefined) {
    return [shaped(type, undefined)];
  }
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isSafeInteger(count)) return [shaped(type, undefined)];
  if (count > most) return [shaped(type, [count])];
  const data = Float64Array.from({ length: count }, (_, at) => from + at * step);
  return [{ type, dims: [count], data }];
}

function gatherAxis({ node, inputs: [a, index], most }: Call): Known[] {
  const axis = axisOf(integerOf(node, 'axis') ?? 0, a?.dims?.length ?? 0);
  if (!a?.dims || !index?.dims || axis === undefined) return [shaped(a?.type, undefined)];
  const dims = [...a.dims.slice(0, axis), ...index.dims, ...a.dims.slice(axis + 1)];
  if (!a.data || !index.data || !isFew(dims, most)) return [shaped(a.type, dims)];
  const size = a.dims[axis]!;
  const inner = countOf(a.dims.slice(axis + 1));
  const outer = countOf(a.dims.slice(0, axis));
  const data = emptyFor(a, countOf(dims));
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const place of index.data) {
      const from = (row * size + (place < 0 ? place + size : place)) * inner;
      for (let each = 0; each < inner; each++) data[at++] = a.data[from + each] ?? NaN;
    }
  }
  return [{ type: a.type, dims, data }];
}

function gatherElements({ node, inputs: [a, index], most }: Call): Known[] {
  const axis = axisOf(integerOf(node, 'axis') ?? 0, a?.dims?.length ?? 0);
  const dims = index?.dims;
  if (!a?.dims || !dims || axis === undefined) return [shaped(a?.type, dims)];
  if (!a.data || !index.data || !isFew(dims, most)) return [shaped(a.type, dims)];
  const [strides, steps] = [stridesOf(a.dims), stridesOf(dims)];
  const data = emptyFor(a, index.data.length);
  for (let at = 0; at < data.length; at++) {
    let place = 0;
    for (let each = 0; each < dims.length; each++) {
      const own = Math.floor(at / steps[each]!) % dims[each]!;
      const chosen = each === axis ? index.data[at]! : own;
      place += (chosen < 0 ? chosen + a.dims[each]! : chosen) * (strides[each] ?? 0);
    }
    data[at] = a.data[place] ?? NaN;
  }
  return [{ type: a.type, dims, data }];
}

function gatherPlaces({ node, inputs: [a, index], most }: Call): Known[] {
  const depth = index?.dims?.at(-1);
  const batched = integerOf(node, 'batch_dims') ?? 0;
  if (!a?.dims || !index?.dims || depth === undefined || batched !== 0) {
    return [shaped(a?.type, undefined)];
  }
  const rest = a.dims.slice(depth);
  const dims = [...index.dims.slice(0, -1), ...rest];
  if (!a.data || !index.data || !isFew(dims, most)) return [shaped(a.type, dims)];
  const inner = countOf(rest);
  const data = emptyFor(a, countOf(dims));
  for (let at = 0; at * inner < data.length; at++) {
    const from = placeOf(index.data, at * depth, a.dims.slice(0, depth)) * inner;
    for (let each = 0; each < inner; each++) data[at * inner + each] = a.data[from + each] ?? NaN;
  }
  return [{ type: a.type, dims, data }];
}

function scatterPlaces({ node, inputs: [a, index, updates] }: Call): Known[] {
  const depth = index?.dims?.at(-1);
  const plain = !node.attributes.has('reduction');
  if (!a?.data || !index?.data || !updates?.data || depth === undefined || !plain) {
    return [shaped(a?.type, a?.dims)];
  }
  const data = a.data.slice();
  const inner = countOf(a.dims!.slice(depth));
  for (let at = 0; at * depth < index.data.length; at++) {
    const to = placeOf(index.data, at * depth, a.dims!.slice(0, depth)) * inner;
    for (let each = 0; each < inner && to + each < data.length; each++) {
      data[to + each] = updates.data[at * inner + each] ?? NaN;
    }
  }
  return [{ type: a.type, dims: a.dims, data }];
}

/** Where an index of several axes, the numbers from `at` on, leads to. */
function placeOf(index: Numbers, at: number, dims: readonly number[]): number {
  return dims.reduce((place, size, axis) => {
    const own = index[at + axis]!;
    return place * size + (own < 0 ? own + size : own);
  }, 0);
}

function nonZero({ inputs: [a] }: Call): Known[] {
  if (!a?.data || !a.dims) return [shaped(ElementType.int64, undefined)];
  const places = [...a.data.keys()].filter((at) => a.data![at] !== 0);
  const strides = stridesOf(a.dims);
  const rows = a.dims.map((size, axis) =>
    places.map((at) => Math.floor(at / strides[axis]!) % size),
  );
  return [vector(rows.flat(), [a.dims.length, places.length])];
}

function emptyFor(a: Known, length: number): Numbers {
  return a.data instanceof Uint8Array ? new Uint8Array(length) : new Float64Array(length);
}

function numbersFor(type: number, length: number): Numbers {
  return type === ElementType.bool ? new Uint8Array(length) : new Float64Array(length);
}
