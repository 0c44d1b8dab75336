import { middleOf, type LinesPlace } from './geometry';
import type { Line } from './lineChoice';
import { BEND } from './paintLines';

/** How far from a line, in CSS pixels, a pointer is still on it. */
const REACH = 4;
/** Halvings that find a place on a curve to a fraction of a pixel. */
const HALVINGS = 12;

/**
 * The line under a point, as it is drawn: the nearest within reach, and of those as near the one
 * drawn on top. `lines` are in the order in which they are drawn. Null where there is none.
 */
export function lineUnder(
  place: LinesPlace,
  lines: readonly Line[],
  { x, y }: { x: number; y: number },
): Line | null {
  const { left, right } = place;
  if (x < left || x > right || right <= left) return null;
  const share = shareAt((x - left) / (right - left));
  let best: Line | null = null;
  let nearest = REACH;
  for (const line of lines) {
    const from = middleOf(place, line.query);
    const to = middleOf(place, line.key);
    // A steep line is near a point that lies far above or below it.
    const steepness = Math.hypot(1, (slopeAt(share) * (to - from)) / (right - left));
    const distance = Math.abs(from + (to - from) * share.down - y) / steepness;
    if (distance > nearest) continue;
    nearest = distance;
    best = line;
  }
  return best;
}

/** Where on the curve a point stands (0 … 1), and how far down it is there, of all it goes down. */
interface Share {
  at: number;
  down: number;
}

/** All lines bend alike, so that one place on the curve holds for all of them. */
function shareAt(across: number): Share {
  let low = 0;
  let high = 1;
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (acrossAt(middle) < across) low = middle;
    else high = middle;
  }
  const at = (low + high) / 2;
  return { at, down: at * at * (3 - 2 * at) };
}

/** The cubic Bézier curve with its control points at 0, {@link BEND}, 1 − {@link BEND} and 1. */
function acrossAt(at: number): number {
  const rest = 1 - at;
  return 3 * rest * rest * at * BEND + 3 * rest * at * at * (1 - BEND) + at ** 3;
}

/** How fast the curve goes down for each step across. */
function slopeAt({ at }: Share): number {
  const rest = 1 - at;
  const across = 3 * rest * rest * BEND + 6 * rest * at * (1 - 2 * BEND) + 3 * at * at * BEND;
  return (6 * at * rest) / across;
}
