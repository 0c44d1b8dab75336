/** Rotary position encoding, Su et al. 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding", §3.2.2. */
import * as l10n from '@vscode/l10n';
import { PositionError } from './positionError';
import type { RopeFrequencies } from './ropeFrequencies';

/**
 * Which two columns turn together: `interleaved` pairs 2j with 2j + 1 (the paper,
 * GPT-J), `halfSplit` pairs j with j + width/2 (GPT-NeoX, Llama).
 */
export type RopePairing = 'halfSplit' | 'interleaved';

/** The two columns of a pair within the rotated width. */
export function pairColumns(
  pair: number,
  rotatedWidth: number,
  pairing: RopePairing,
): [first: number, second: number] {
  return pairing === 'interleaved' ? [2 * pair, 2 * pair + 1] : [pair, pair + rotatedWidth / 2];
}

/**
 * Vectors turned by their positions, row-major [token, headSize]; columns beyond the
 * rotated width (2 · frequencies) pass through unchanged.
 * @param vectors [token, headSize]
 * @param positions [token]
 */
export function rotate(
  vectors: ArrayLike<number>,
  headSize: number,
  positions: ArrayLike<number>,
  rope: RopeFrequencies,
  pairing: RopePairing,
): Float64Array {
  return turn(vectors, headSize, positions, rope.frequencies, rope.attentionFactor, pairing);
}

/** Undoes {@link rotate}: the vectors as they were before position was put in. */
export function unrotate(
  vectors: ArrayLike<number>,
  headSize: number,
  positions: ArrayLike<number>,
  rope: RopeFrequencies,
  pairing: RopePairing,
): Float64Array {
  const back = rope.frequencies.map((frequency) => -frequency);
  return turn(vectors, headSize, positions, back, 1 / rope.attentionFactor, pairing);
}

function turn(
  vectors: ArrayLike<number>,
  headSize: number,
  positions: ArrayLike<number>,
  frequencies: Float64Array,
  length: number,
  pairing: RopePairing,
): Float64Array {
  const rotatedWidth = 2 * frequencies.length;
  requireShape(vectors.length, headSize, positions.length, rotatedWidth);
  const turned = Float64Array.from(vectors);
  for (let token = 0; token < positions.length; token++) {
    const start = token * headSize;
    for (let pair = 0; pair < frequencies.length; pair++) {
      const [first, second] = pairColumns(pair, rotatedWidth, pairing);
      const angle = positions[token]! * frequencies[pair]!;
      const cos = Math.cos(angle) * length;
      const sin = Math.sin(angle) * length;
      const a = turned[start + first]!;
      const b = turned[start + second]!;
      turned[start + first] = a * cos - b * sin;
      turned[start + second] = b * cos + a * sin;
    }
  }
  return turned;
}

function requireShape(
  length: number,
  headSize: number,
  tokens: number,
  rotatedWidth: number,
): void {
  if (rotatedWidth <= headSize && length === tokens * headSize) return;
  throw new PositionError(
    'shape',
    l10n.t(
      '{0} numbers are not {1} vectors of width {2} with {3} rotated columns.',
      length,
      tokens,
      headSize,
      rotatedWidth,
    ),
  );
}
