/** Operators that arrange elements anew. */
import { ElementType } from '../../schema';
import { integerOf, integersOf } from '../node';
import { countOf, type Numbers } from '../tensor';
import {
  axisOf,
  broadcast,
  broadcastIndex,
  emptyLike,
  gather,
  isFew,
  listOf,
  shaped,
  stridesOf,
  UNKNOWN,
  walk,
  type Call,
  type Known,
  type Operator,
} from './value';

/** By name. */
export const SHAPES: { readonly [operator: string]: Operator } = {
  Shape: shape,
  Size: ({ inputs: [a] }) =>
    a?.dims ? [vector([countOf(a.dims)], [])] : [shaped(ElementType.int64, [])],
  Reshape: ({ node, inputs: [a, to] }) => [
    viewed(a, a?.dims && reshapedTo(a.dims, listOf(to), integerOf(node, 'allowzero') === 1)),
  ],
  Flatten: ({ node, inputs: [a] }) => {
    const axis = integerOf(node, 'axis') ?? 1;
    const dims = a?.dims && [countOf(a.dims.slice(0, axis)), countOf(a.dims.slice(axis))];
    return [viewed(a, dims)];
  },
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: ({ inputs: [a] }) => [shaped(a?.type, undefined)],
  Trilu: trilu,
};

/** int64 with these numbers. */
export function vector(
  values: readonly number[],
  dims: readonly number[] = [values.length],
): Known {
  return { type: ElementType.int64, dims, data: Float64Array.from(values) };
}

/** The axes of an operator that took them as an attribute before `since`; undefined where all are meant, null where they are not known. */
export function axesOf(
  { node, inputs, opset }: Call,
  since: number,
  at = 1,
): number[] | undefined | null {
  if (opset < since) return integersOf(node, 'axes');
  if (!node.inputs[at]) return undefined;
  return listOf(inputs[at]) ?? null;
}

function viewed(a: Known | undefined, dims: readonly number[] | undefined): Known {
  if (!a) return UNKNOWN;
  const same = dims && a.dims && countOf(dims) === countOf(a.dims);
  return { type: a.type, dims: same ? dims : undefined, data: same ? a.data : undefined };
}

function shape({ node, inputs: [a] }: Call): Known[] {
  if (!a?.dims) return [shaped(ElementType.int64, undefined)];
  return [vector(a.dims.slice(integerOf(node, 'start') ?? 0, integerOf(node, 'end')))];
}

function reshapedTo(
  from: readonly number[],
  to: readonly number[] | undefined,
  zero: boolean,
): number[] | undefined {
  const dims = to?.map((size, axis) => (size === 0 && !zero ? (from[axis] ?? 0) : size));
  const open = dims?.indexOf(-1) ?? -1;
  if (!dims || open < 0) return dims;
  const rest = countOf(dims.filter((_, axis) => axis !== open));
  dims[open] = rest === 0 ? 0 : countOf(from) / rest;
  return dims;
}

function squeeze(call: Call): Known[] {
  const [a] = call.inputs;
  const axes = axesOf(call, 13);
  if (!a?.dims || axes === null) return [shaped(a?.type, undefined)];
  const { dims } = a;
  const gone = axes?.map((axis) => axisOf(axis, dims.length));
  const kept = dims.filter((size, axis) => (gone ? !gone.includes(axis) : size !== 1));
  return [viewed(a, kept)];
}

function unsqueeze(call: Call): Known[] {
  const [a] = call.inputs;
  const axes = axesOf(call, 13);
  if (!a?.dims || !axes) return [shaped(a?.type, undefined)];
  const rank = a.dims.length + axes.length;
  const added = new Set(axes.map((axis) => axisOf(axis, rank)));
  const rest = [...a.dims];
  return [
    viewed(
      a,
      Array.from({ length: Math.min(rank, 64) }, (_, axis) =>
        added.has(axis) ? 1 : (rest.shift() ?? 1),
      ),
    ),
  ];
}

function transpose({ node, inputs: [a] }: Call): Known[] {
  if (!a?.dims) return [shaped(a?.type, undefined)];
  const { dims } = a;
  const order = integersOf(node, 'perm') ?? dims.map((_, axis) => dims.length - 1 - axis);
  const turned = order.map((axis) => dims[axis] ?? 1);
  if (!a.data || order.length !== dims.length) return [shaped(a.type, turned)];
  const strides = stridesOf(dims);
  const steps = order.map((axis) => strides[axis]!);
  return [{ type: a.type, dims: turned, data: gather(a.data, walk(turned, steps)) }];
}

function expand({ inputs: [a, to], most }: Call): Known[] {
  const sizes = listOf(to);
  const dims = a?.dims && sizes && broadcast(a.dims, sizes);
  if (!a?.data || !dims || !isFew(dims, most)) return [shaped(a?.type, dims)];
  return [{ type: a.type, dims, data: gather(a.data, broadcastIndex(a.dims!, dims)) }];
}

function tile({ inputs: [a, repeats], most }: Call): Known[] {
  const times = listOf(repeats);
  if (!a?.dims || times?.length !== a.dims.length) return [shaped(a?.type, undefined)];
  const from = a.dims;
  const dims = from.map((size, axis) => size * times[axis]!);
  if (!a.data || !isFew(dims, most)) return [shaped(a.type, dims)];
  const strides = stridesOf(from);
  const whole = stridesOf(dims);
  const places = Int32Array.from({ length: countOf(dims) }, (_, at) =>
    from.reduce(
      (place, size, axis) =>
        place + ((Math.floor(at / whole[axis]!) % dims[axis]!) % size) * strides[axis]!,
      0,
    ),
  );
  return [{ type: a.type, dims, data: gather(a.data, places) }];
}

function concat({ node, inputs, most }: Call): Known[] {
  const [first] = inputs;
  const type = inputs.find((input) => input?.type !== undefined)?.type;
  const axis = axisOf(integerOf(node, 'axis') ?? 0, first?.dims?.length ?? 0);
  if (axis === undefined || !inputs.every((input) => input?.dims?.length === first!.dims!.length)) {
    return [shaped(type, undefined)];
  }
  const dims = [...first!.dims!];
  dims[axis] = inputs.reduce((sum, input) => sum + input!.dims![axis]!, 0);
  if (!isFew(dims, most) || !inputs.every((input) => input!.data)) return [shaped(type, dims)];
  const data = emptyLike(first!.data!, countOf(dims));
  const outer = countOf(dims.slice(0, axis));
  let at = 0;
  for (let row = 0; row < outer; row++) {
    for (const input of inputs) {
      const size = input!.data!.length / outer;
      data.set(input!.data!.subarray(row * size, (row + 1) * size), at);
      at += size;
    }
  }
  return [{ type, dims, data }];
}

function split({ node, inputs: [a, sizes], opset }: Call): Known[] {
  const axis = axisOf(integerOf(node, 'axis') ?? 0, a?.dims?.length ?? 0);
  if (!a?.dims || axis === undefined) return [];
  const { dims } = a;
  const parts = node.outputs.length;
  const share = Math.ceil(dims[axis]! / parts);
  const even = node.outputs.map((_, part) => Math.min(share, dims[axis]! - part * share));
  const given = opset < 13 ? integersOf(node, 'split') : listOf(sizes);
  if (node.inputs[1] && !given && opset >= 13) return [];
  let start = 0;
  return (given ?? even).slice(0, parts).map((size) => {
    const part = taken(a, [{ axis, start, step: 1, size }]);
    start += size;
    return part;
  });
}

interface Cut {
  axis: number;
  start: number;
  step: number;
  size: number;
}

function slice(call: Call): Known[] {
  const [a] = call.inputs;
  const bounds = call.opset < 10 ? oldBounds(call) : newBounds(call);
  if (!a?.dims || !bounds) return [shaped(a?.type, undefined)];
  const cuts: Cut[] = [];
  for (const [at, from] of bounds.starts.entries()) {
    const axis = axisOf(bounds.axes?.[at] ?? at, a.dims.length);
    const to = bounds.ends[at];
    if (axis === undefined || to === undefined) return [shaped(a.type, undefined)];
    cuts.push({ axis, ...rangeOf(from, to, bounds.steps?.[at] ?? 1, a.dims[axis]!) });
  }
  return [taken(a, cuts)];
}

interface Bounds {
  starts: number[];
  ends: number[];
  axes: number[] | undefined;
  steps: number[] | undefined;
}

function oldBounds({ node }: Call): Bounds | undefined {
  const [starts, ends] = [integersOf(node, 'starts'), integersOf(node, 'ends')];
  return starts && ends && { starts, ends, axes: integersOf(node, 'axes'), steps: undefined };
}

function newBounds({ node, inputs }: Call): Bounds | undefined {
  const [, starts, ends, axes, steps] = inputs.map(listOf);
  const missing = (node.inputs[3] && !axes) || (node.inputs[4] && !steps);
  return starts && ends && !missing ? { starts, ends, axes, steps } : undefined;
}

function rangeOf(from: number, to: number, step: number, size: number): Omit<Cut, 'axis'> {
  const forward = step > 0;
  const clamp = (value: number, low: number, high: number) =>
    Math.min(high, Math.max(low, value < 0 ? value + size : value));
  const start = forward ? clamp(from, 0, size) : clamp(from, 0, size - 1);
  const end = forward ? clamp(to, 0, size) : clamp(to, -1, size - 1);
  return { start, step, size: step === 0 ? 0 : Math.max(0, Math.ceil((end - start) / step)) };
}

function taken(a: Known, cuts: readonly Cut[]): Known {
  const dims = [...a.dims!];
  const steps = stridesOf(dims);
  let start = 0;
  for (const cut of cuts) {
    start += cut.start * steps[cut.axis]!;
    steps[cut.axis]! *= cut.step;
    dims[cut.axis] = cut.size;
  }
  const data: Numbers | undefined = a.data && gather(a.data, walk(dims, steps, start));
  return { type: a.type, dims, data };
}

function trilu({ node, inputs: [a, offset], most }: Call): Known[] {
  const shift = node.inputs[1] ? offset?.data?.[0] : 0;
  const rank = a?.dims?.length ?? 0;
  if (!a?.data || rank < 2 || shift === undefined || !isFew(a.dims, most)) {
    return [shaped(a?.type, a?.dims)];
  }
  const upper = (integerOf(node, 'upper') ?? 1) === 1;
  const [rows, columns] = [a.dims![rank - 2]!, a.dims![rank - 1]!];
  const data = a.data.slice();
  for (let at = 0; at < data.length; at++) {
    const distance = (at % columns) - (Math.floor(at / columns) % rows) - shift;
    if (upper ? distance < 0 : distance > 0) data[at] = 0;
  }
  return [{ type: a.type, dims: a.dims, data }];
}
