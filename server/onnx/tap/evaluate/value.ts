/** What is known of a value inside a graph without running it: its shape, and its numbers where they are few. */
import type { GraphNode } from '../node';
import { countOf, type Numbers } from '../tensor';

export interface Known {
  /** As in `TensorProto.DataType`; undefined where it is not known. */
  type: number | undefined;
  dims: readonly number[] | undefined;
  /** Row-major; undefined where the numbers depend on weights or on the text, or are many. */
  data: Numbers | undefined;
}

export interface Value extends Known {
  /** Bits of the graph's inputs whose numbers it depends on, shapes not counted; 0: weights alone. */
  origin: number;
}

/** A node that is to be evaluated. */
export interface Call {
  node: GraphNode;
  /** In the operator's order; undefined where an optional one is not used or nothing is known. */
  inputs: readonly (Known | undefined)[];
  /** Version of the operator's domain. */
  opset: number;
  /** More numbers than these are not kept. */
  most: number;
}

/** What is known of a node's outputs, in order; those that are left out are unknown. */
export type Operator = (call: Call) => readonly Known[];

export const UNKNOWN: Known = { type: undefined, dims: undefined, data: undefined };

/** A value of known shape and unknown numbers. */
export function shaped(type: number | undefined, dims: readonly number[] | undefined): Known {
  return { type, dims, data: undefined };
}

/** Shapes of different rank are filled up with ones in front; undefined where they do not fit. */
export function broadcast(
  a: readonly number[],
  b: readonly number[],
): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const dims: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    dims.push(left === 1 ? right : left);
  }
  return dims;
}

/** For every element of `to`, row-major, the place of the element of `from` that is broadcast there. */
export function broadcastIndex(from: readonly number[], to: readonly number[]): Int32Array {
  const offset = to.length - from.length;
  const strides = stridesOf(from);
  const steps = to.map((_, axis) =>
    axis < offset || from[axis - offset] === 1 ? 0 : strides[axis - offset]!,
  );
  return walk(to, steps);
}

/** Places that one meets in going through `dims` row-major with so many steps an axis. */
export function walk(dims: readonly number[], steps: readonly number[], start = 0): Int32Array {
  const places = new Int32Array(countOf(dims));
  const counter = dims.map(() => 0);
  let place = start;
  for (let at = 0; at < places.length; at++) {
    places[at] = place;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      place += steps[axis]!;
      if (++counter[axis]! < dims[axis]!) break;
      place -= steps[axis]! * dims[axis]!;
      counter[axis] = 0;
    }
  }
  return places;
}

export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  }
  return strides;
}

/** The numbers at those places. */
export function gather(data: Numbers, places: Int32Array): Numbers {
  const taken = emptyLike(data, places.length);
  for (let at = 0; at < places.length; at++) taken[at] = data[places[at]!]!;
  return taken;
}

export function emptyLike(data: Numbers, length: number): Numbers {
  return data instanceof Uint8Array ? new Uint8Array(length) : new Float64Array(length);
}

/** The axis counted from the front; undefined where there is none of that number. */
export function axisOf(axis: number, rank: number): number | undefined {
  const counted = axis < 0 ? axis + rank : axis;
  return counted >= 0 && counted < rank ? counted : undefined;
}

/** The numbers of an input as a list; undefined where they are not known. */
export function listOf(value: Known | undefined): number[] | undefined {
  return value?.data && Array.from(value.data);
}

/** Whether so many numbers are kept. */
export function isFew(dims: readonly number[] | undefined, most: number): boolean {
  return dims !== undefined && countOf(dims) <= most;
}
