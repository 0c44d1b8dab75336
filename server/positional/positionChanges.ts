/**
 * The laboratory's changes of position, expressed in what a graph takes as inputs:
 * a position for each token, what the encoding is multiplied by, RoPE's frequencies
 * and ALiBi's slopes. The model itself is never re-implemented.
 */
import * as l10n from '@vscode/l10n';
import { seededGenerator, shuffled } from './generator';
import { requireScale, requireSlopes } from './limits';
import { PositionError } from './positionError';
import { changeRope, type RopeChange, type RopeRule } from './ropeChange';
import type { RopeFrequencies } from './ropeFrequencies';

export type PositionChange =
  /** As trained. */
  | { mode: 'none' }
  /** The position embedding times 0. */
  | { mode: 'off' }
  /** The position embedding times `scale`, above 0. */
  | { mode: 'scaled'; scale: number }
  /** The text's tokens trade positions among each other; special tokens keep theirs. */
  | { mode: 'shuffled'; seed: number }
  /** The text's tokens in opposite order; special tokens keep their positions. */
  | { mode: 'reversed' }
  /** Every token, special ones included, `by` ≥ 0 positions further on. */
  | { mode: 'shifted'; by: number }
  /** Every token, special ones included, at position `at`. */
  | { mode: 'frozen'; at: number }
  /** Another base or interpolation; for RoPE alone. */
  | RopeChange
  /** Other slopes, [head]; for ALiBi alone. */
  | { mode: 'slopes'; slopes: readonly number[] };

export interface PositionInputs {
  /** [token], each in [0, contextLength). */
  positionIds: Int32Array;
  /** Multiplies the encoding; 1 as trained. */
  positionScale: number;
  /** What turns queries and keys instead of the trained frequencies. */
  rope?: RopeFrequencies;
  /** ALiBi's slopes instead of the trained ones, [head]. */
  slopes?: Float64Array;
}

export interface PositionedTokens {
  /** Tokens in the window, special ones included; at most `contextLength`. */
  tokens: number;
  /** Indices of the tokens that the tokenizer's template added. */
  specialTokens: readonly number[];
  /** Positions that the model has. */
  contextLength: number;
  heads: number;
  /** How the model turns queries and keys; null where it does not. */
  rope: RopeRule | null;
}

/**
 * The graph's inputs under a change. Throws PositionError `scale` for a scale that
 * is not above 0, `base` and `factor` as {@link changeRope}, `slopes` for slopes that
 * are not one number from 0 a head, and `position` for a shift past the table, a
 * position that is not in it, or more tokens than it has.
 */
export function changePositions(change: PositionChange, window: PositionedTokens): PositionInputs {
  requireRoom(window);
  const inOrder = Int32Array.from({ length: window.tokens }, (_, token) => token);
  switch (change.mode) {
    case 'none':
      return { positionIds: inOrder, positionScale: 1 };
    case 'off':
      return { positionIds: inOrder, positionScale: 0 };
    case 'scaled':
      requireScale(change.scale);
      return { positionIds: inOrder, positionScale: change.scale };
    case 'shuffled': {
      const next = seededGenerator(change.seed);
      return reordered(window, inOrder, (places) => shuffled(places, next));
    }
    case 'reversed':
      return reordered(window, inOrder, (places) => [...places].reverse());
    case 'shifted':
      return { positionIds: shift(inOrder, change.by, window), positionScale: 1 };
    case 'frozen':
      requirePosition(change.at, window.contextLength);
      return { positionIds: inOrder.fill(change.at), positionScale: 1 };
    case 'base':
    case 'linear':
    case 'ntk':
    case 'yarn':
      return { positionIds: inOrder, positionScale: 1, rope: changeRope(change, window.rope) };
    case 'slopes':
      requireSlopes(change.slopes, window.heads);
      return {
        positionIds: inOrder,
        positionScale: 1,
        slopes: Float64Array.from(change.slopes),
      };
  }
}

/**
 * The ids with the text's tokens in a random order and special tokens in place: what
 * attention is with the same words elsewhere. One sample of the shuffled-token baseline.
 */
export function shuffleTokens(
  ids: Int32Array,
  specialTokens: readonly number[],
  seed: number,
): Int32Array {
  const places = ordinaryPlaces(ids.length, specialTokens);
  const sources = shuffled(places, seededGenerator(seed));
  const moved = Int32Array.from(ids);
  places.forEach((place, index) => (moved[place] = ids[sources[index]!]!));
  return moved;
}

function reordered(
  window: PositionedTokens,
  inOrder: Int32Array,
  order: (places: number[]) => number[],
): PositionInputs {
  const places = ordinaryPlaces(window.tokens, window.specialTokens);
  const positionIds = Int32Array.from(inOrder);
  order(places).forEach((position, index) => (positionIds[places[index]!] = position));
  return { positionIds, positionScale: 1 };
}

function ordinaryPlaces(tokens: number, specialTokens: readonly number[]): number[] {
  const special = new Set(specialTokens);
  return Array.from({ length: tokens }, (_, token) => token).filter((token) => !special.has(token));
}

function shift(inOrder: Int32Array, by: number, window: PositionedTokens): Int32Array {
  const furthest = window.contextLength - window.tokens;
  if (Number.isInteger(by) && by >= 0 && by <= furthest) {
    return inOrder.map((position) => position + by);
  }
  throw new PositionError(
    'position',
    l10n.t(
      'A shift by {0} leaves the table of {1} positions; this text can be shifted by a whole number from 0 to {2}.',
      String(by),
      window.contextLength,
      furthest,
    ),
  );
}

function requirePosition(position: number, contextLength: number): void {
  if (Number.isInteger(position) && position >= 0 && position < contextLength) return;
  throw new PositionError(
    'position',
    l10n.t(
      'Position {0} is not in the table; choose a whole number from 0 to {1}.',
      String(position),
      contextLength - 1,
    ),
  );
}

function requireRoom({ tokens, contextLength }: PositionedTokens): void {
  if (tokens <= contextLength) return;
  throw new PositionError(
    'position',
    l10n.t('{0} tokens do not fit into a table of {1} positions.', tokens, contextLength),
  );
}
