import type { RopePairing } from './ropeRotation';
import { pairColumns } from './ropeRotation';

/** Positions per full turn of each pair, [pair]: 2π ÷ frequency; Infinity for a pair that stands still. */
export function wavelengths(frequencies: ArrayLike<number>): Float64Array {
  return Float64Array.from(frequencies, (frequency) => (2 * Math.PI) / frequency);
}

/** Radians in [0, 2π) by which each pair is turned at a position, [pair]. */
export function rotationAngles(frequencies: ArrayLike<number>, position: number): Float64Array {
  const turn = 2 * Math.PI;
  return Float64Array.from(frequencies, (frequency) => {
    const angle = (position * frequency) % turn;
    return angle < 0 ? angle + turn : angle;
  });
}

/** One value per pair spread over the columns that the pair takes, [2 · pair]. */
export function perColumn(perPair: ArrayLike<number>, pairing: RopePairing): Float64Array {
  const columns = new Float64Array(2 * perPair.length);
  for (let pair = 0; pair < perPair.length; pair++) {
    for (const column of pairColumns(pair, columns.length, pairing))
      columns[column] = perPair[pair]!;
  }
  return columns;
}
