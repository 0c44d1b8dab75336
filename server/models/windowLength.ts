/** How many tokens of a long text are looked at together. */
import type { ModelManifest } from './manifest';

/** What queries, keys and values of one window may take, so that it fits the usual memory limit. */
const BUDGET_BYTES = 480_000_000;
const FLOAT16_BYTES = 2;
const LONGEST = 8192;
const SHORTEST = 128;

/**
 * Longest window of a graph that computes attention in one piece: scores of all pairs of
 * tokens lie in memory at once.
 */
export const LONGEST_IN_ONE_PIECE = 1024;

/**
 * Tokens of a window, special ones included: as many as the positions allow and at most
 * `longest`, unless their queries, keys and values would take more than a window may.
 */
export function windowLength(
  {
    layers,
    heads,
    keyValueHeads,
    headSize,
    contextLength,
  }: Pick<ModelManifest, 'layers' | 'heads' | 'keyValueHeads' | 'headSize' | 'contextLength'>,
  longest = LONGEST,
): number {
  const tokenBytes = layers * (heads + 2 * keyValueHeads) * headSize * FLOAT16_BYTES;
  const fitting = Math.floor(BUDGET_BYTES / tokenBytes);
  return Math.min(contextLength, longest, Math.max(SHORTEST, fitting));
}
