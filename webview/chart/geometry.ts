import { scaleLinear, scaleLog } from 'd3-scale';

/** Numbers along one axis and where they stand, CSS pixels from the chart's left or top edge. */
export interface Tick {
  value: number;
  at: number;
}

export interface ChartRequest {
  width: number;
  height: number;
  /** [index] */
  values: ArrayLike<number>;
  /** The band around the values, [index] each. */
  band: { low: ArrayLike<number>; high: ArrayLike<number> } | null;
  /** Where the band begins that must be on the axis; what lies before it may run out of the chart. */
  bandFrom?: number;
  /** A logarithmic axis for values above 0; others are left out. */
  log: boolean;
  /** A value that must be on the axis, e.g. to mark it. */
  include: number | null;
  /** What the first index stands for; 0 unless given. */
  from?: number;
  /** Whether each value needs room on both sides. */
  bars?: boolean;
}

export interface ChartGeometry {
  /** The plot inside the axes. */
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: (index: number) => number;
  /** NaN for what a logarithmic axis cannot show. */
  y: (value: number) => number;
  xTicks: Tick[];
  yTicks: Tick[];
}

const MARGIN = { left: 46, right: 10, top: 6, bottom: 18 };
/** Room that a number needs along its axis. */
const TICK_ROOM = { x: 56, y: 26 };

/** Where everything of a chart stands. */
export function chartGeometry(request: ChartRequest): ChartGeometry {
  const { width, height, values, from = 0, bars = false } = request;
  const left = MARGIN.left;
  const right = Math.max(left + 1, width - MARGIN.right);
  const top = MARGIN.top;
  const bottom = Math.max(top + 1, height - MARGIN.bottom);
  const last = Math.max(1, values.length - 1);
  const across = scaleLinear(
    bars ? [from - 0.5, from + values.length - 0.5] : [from, from + last],
    [left, right],
  );
  const [least, most] = extent(request);
  const down = request.log
    ? scaleLog([least, most], [bottom, top]).nice()
    : scaleLinear([least, most], [bottom, top]).nice();
  const count = Math.max(2, Math.floor((bottom - top) / TICK_ROOM.y));
  const ticks = down.ticks(count);
  const shown = request.log ? thinned(ticks, count) : ticks;
  return {
    left,
    right,
    top,
    bottom,
    x: (index) => across(from + index),
    y: (value) => (request.log && value <= 0 ? NaN : down(value)),
    xTicks: across
      .ticks(Math.max(2, Math.floor((right - left) / TICK_ROOM.x)))
      .filter(Number.isInteger)
      .map((value) => ({ value, at: across(value) })),
    yTicks: shown.map((value) => ({ value, at: down(value) })),
  };
}

/** Least and largest of all that is drawn; never the same number twice. */
function extent({ values, band, bandFrom = 0, log, include }: ChartRequest): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  const take = (value: number): void => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    least = Math.min(least, value);
    most = Math.max(most, value);
  };
  for (let index = 0; index < values.length; index++) {
    take(values[index]!);
    if (band && index >= bandFrom) for (const list of [band.low, band.high]) take(list[index]!);
  }
  if (include !== null) take(include);
  if (least > most) return log ? [1, 10] : [0, 1];
  if (least === most) return log ? [least / 2, most * 2] : [least - 0.5, most + 0.5];
  return [least, most];
}

/** Of a logarithmic axis the powers of ten alone, and of those no more than have room. */
function thinned(ticks: readonly number[], count: number): number[] {
  const powers = ticks.filter((value) =>
    Number.isInteger(Math.round(1e6 * Math.log10(value)) / 1e6),
  );
  const kept = powers.length >= 2 ? powers : ticks;
  const every = Math.ceil(kept.length / count);
  return kept.filter((_, index) => index % every === 0);
}

/** An SVG path through the values; interrupted where there is nothing to show. */
export function linePath(values: ArrayLike<number>, { x, y }: ChartGeometry): string {
  let path = '';
  let drawing = false;
  for (let index = 0; index < values.length; index++) {
    const at = y(values[index]!);
    if (!Number.isFinite(at)) {
      drawing = false;
      continue;
    }
    path += `${drawing ? 'L' : 'M'}${x(index).toFixed(1)} ${at.toFixed(1)}`;
    drawing = true;
  }
  return path;
}

/** A closed SVG path between two lines. */
export function bandPath(
  { low, high }: { low: ArrayLike<number>; high: ArrayLike<number> },
  { x, y }: ChartGeometry,
): string {
  const point = (index: number, value: number): string =>
    `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  const there = Array.from(high, (value, index) => point(index, value));
  const back = Array.from(low, (value, index) => point(index, value)).reverse();
  return there.length === 0 ? '' : `M${[...there, ...back].join('L')}Z`;
}

const WIDEST_BAR = 24;

/** A bar from zero for each value that is a number, as wide as there is room. */
export function barRects(
  values: ArrayLike<number>,
  { x, y, left, right }: ChartGeometry,
): { x: number; y: number; width: number; height: number }[] {
  const width = Math.max(1, Math.min(WIDEST_BAR, (0.7 * (right - left)) / values.length));
  const zero = y(0);
  return Array.from(values).flatMap((value, index) => {
    if (!Number.isFinite(value)) return [];
    const at = Math.min(right - width, Math.max(left, x(index) - width / 2));
    const top = y(value);
    return [{ x: at, y: Math.min(top, zero), width, height: Math.abs(top - zero) }];
  });
}

/** The index nearest to a place along the chart. */
export function indexAt(at: number, count: number, { x }: Pick<ChartGeometry, 'x'>): number {
  const index = Math.round((at - x(0)) / (x(1) - x(0)));
  return Math.min(count - 1, Math.max(0, index));
}
