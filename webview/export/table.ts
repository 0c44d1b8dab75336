/** Numbers with names on their axes: what every exported table, array and JSON is written from. */

/** One axis of an array. */
export interface Axis {
  /** `query`, `key`, `head` … */
  name: string;
  /** One name for each place; without them places are counted from `start`. */
  labels?: readonly string[];
  /** The labels are names enough: they are not counted. */
  plain?: boolean;
  /** The number of the first place; 0 unless given. */
  start?: number;
  size: number;
}

/** One array, row-major in the order of its axes. */
export interface NumberTable {
  /** A file's name, in letters that every file system takes: `weights`. */
  name: string;
  /** What the numbers are, in the person's language. */
  title: string;
  /** What they are measured in, e.g. `weight`; empty for plain numbers. */
  unit: string;
  axes: readonly Axis[];
  values: Float32Array;
}

/** An axis that is counted and named: "12 keeper". */
export function namedAxis(name: string, labels: readonly string[], start = 0): Axis {
  return { name, labels, start, size: labels.length };
}

/** An axis of different things, each with a name of its own: the columns of a list. */
export function fieldAxis(name: string, labels: readonly string[]): Axis {
  return { name, labels, plain: true, size: labels.length };
}

/** An axis whose places are numbers alone. */
export function countedAxis(name: string, size: number, start = 0): Axis {
  return { name, size, start };
}

/** How a place of an axis is called: its number, and its name where it has one. */
export function placeName({ labels, plain, start = 0 }: Axis, at: number): string {
  const label = labels?.[at];
  if (plain && label !== undefined) return label;
  return label === undefined ? String(start + at) : `${start + at} ${label}`;
}

/** How many numbers the axes hold. */
export function sizeOf(axes: readonly Axis[]): number {
  return axes.reduce((product, { size }) => product * size, 1);
}
