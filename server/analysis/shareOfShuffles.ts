/** The shuffled-token baseline: the same places with the text's tokens in other orders. */
import { baselineShare } from '../positional/positionShare';
import { shuffleTokens } from '../positional/positionChanges';
import { contentOf, type Plan, type Subject } from './answer';
import type { Pair, Share } from './shareAnswer';
import { windowContent } from './windowContent';

/** Each costs a pass; the standard error tells how rough they leave the estimate. */
export const SHUFFLES = 8;
const FIRST_SEED = 1;

export function shuffledShare(subject: Subject, pair: Pair, signal: AbortSignal): Plan<Share> {
  const { ready, window } = subject;
  const { layer, head, query, key } = pair;
  const { ids, specialTokens } = window;
  const shuffles = Array.from({ length: SHUFFLES }, (_, index) =>
    windowContent({ ids: shuffleTokens(ids, specialTokens, FIRST_SEED + index), specialTokens }),
  );
  const weightIn = async (held: string): Promise<number> => {
    const row = { window: held, layer, head, reading: 'raw' as const, token: query };
    return (await ready.engine.row(row, { signal })).weights[key] ?? 0;
  };
  return {
    contents: [contentOf(subject, null), ...shuffles],
    answer: async (held) => {
      const [weight = 0, ...samples] = await Promise.all(held.map(weightIn));
      return baseline(weight, samples);
    },
  };
}

/** The share that a weight has against its samples under shuffles. */
export function baseline(weight: number, samples: readonly number[]): Share {
  const share = baselineShare(weight, samples);
  return {
    method: 'shuffledTokens',
    of: 'weight',
    weight,
    ...share,
    samples: samples.length,
  };
}
