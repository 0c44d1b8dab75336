/** How many tokens of a long text are looked at together. */
import type { ModelManifest } from './manifest';

/** What queries, keys and values of one window may take, so that it fits the usual memory limit. */
const BUDGET_BYTES = 480_000_000;
const FLOAT16_BYTES = 2;
const LONGEST = 2048;
const SHORTEST = 128;

/**
 * Tokens of a window, special ones included: as many as the positions allow, unless
 * their queries, keys and values would take more than a window may.
 */
export function windowLength({
  layers,
  heads,
  keyValueHeads,
  headSize,
  contextLength,
}: Pick<
  ModelManifest,
  'layers' | 'heads' | 'keyValueHeads' | 'headSize' | 'contextLength'
>): number {
  const tokenBytes = layers * (heads + 2 * keyValueHeads) * headSize * FLOAT16_BYTES;
  const fitting = Math.floor(BUDGET_BYTES / tokenBytes);
  return Math.min(contextLength, LONGEST, Math.max(SHORTEST, fitting));
}
