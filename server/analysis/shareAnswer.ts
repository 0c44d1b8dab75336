/** "Position or content?" for one weight, by the best method there is for the model and layer. */
import * as l10n from '@vscode/l10n';
import { shareLimits } from '../positional/positionShare';
import type { About, PositionShareParams, PositionShareResult } from '../protocol';
import { about, keySide, type Plan, type Question, type Subject } from './answer';
import { chapterShare, shuffledNumbers } from './shareOfChapter';
import { firstLayerShare } from './shareOfFirstLayer';
import { ruleShare } from './shareOfRule';
import { shuffledShare } from './shareOfShuffles';
import { checkIndex, checkShown } from './selection';

/** An answer without what every answer carries. */
export type Share = Omit<PositionShareResult, keyof About | 'limits'>;

/** Which weight is meant. */
export type Pair = Pick<PositionShareParams, 'layer' | 'head' | 'query' | 'key'>;

export function positionShareQuestion(
  params: PositionShareParams,
  signal: AbortSignal,
): Question<PositionShareResult> {
  return (subject) => {
    checkPair(params, subject);
    const { contents, answer } = planOf(subject, params, signal);
    return {
      contents,
      answer: async (held) => {
        const share = await answer(held);
        return { ...about(subject), ...share, limits: limitsOf(share.method) };
      },
    };
  };
}

/** Throws InvalidParams naming the field that the model or the window does not have. */
export function checkPair({ layer, head, query, key }: Pair, subject: Subject): void {
  const { model, window } = subject;
  checkIndex('layer', layer, model.layers);
  checkIndex('head', head, model.heads);
  checkShown({ layer, reading: 'raw' }, model);
  checkIndex('query', query, window.ids.length);
  checkIndex('key', key, keySide(subject).window.ids.length);
}

function planOf(subject: Subject, pair: Pair, signal: AbortSignal): Plan<Share> {
  return closedShare(subject, pair, signal) ?? shuffledShareOf(subject, pair, signal);
}

/** The share where it has a closed form; null where only shuffling tells. */
export function closedShare(subject: Subject, pair: Pair, signal: AbortSignal): Plan<Share> | null {
  const { ready, numbers } = subject;
  if (numbers ?? ready.chapter) return chapterShare(subject, pair, signal);
  const additive = ready.manifest.embedding !== undefined;
  if (pair.layer === 0 && additive) return firstLayerShare(subject, pair, signal);
  return ruleShare(subject, pair, signal);
}

/** The share that shuffling leaves to position. */
function shuffledShareOf(subject: Subject, pair: Pair, signal: AbortSignal): Plan<Share> {
  const { numbers } = subject;
  if (!numbers) return shuffledShare(subject, pair, signal);
  return { contents: [], answer: () => Promise.resolve(shuffledNumbers(numbers, pair)) };
}

/** What the method takes for granted, in the client's language. */
export function limitsOf(method: Share['method']): string {
  if (method !== 'noPosition') return shareLimits(method);
  return l10n.t('Attention sees no position here, so all of the score is content.');
}
