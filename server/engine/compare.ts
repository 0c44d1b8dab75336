/** How far two windows' attention is apart, without ever holding a whole map. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { Breathe } from './readers';
import type { HeadView, Kernel } from './kernel/kernel';
import type { CompareAnswer, TokenPairs } from './protocol';
import type { AnalysedWindow } from './window';

/** Rows of each window that are in memory at once. */
const BAND = 64;

/**
 * Per layer and head, float32 [layer, head]: the total variation distance of a row, half the sum
 * of absolute differences, mean over rows; and what the rows hold besides, float32
 * [window, layer, head]; NaN for layers that are left out of a window. Only rows and keys that are in a pair count. Fails with `badRequest`
 * where the windows have not the same heads or pairs make no sense, and `unknownWindow` where a
 * window is forgotten meanwhile.
 */
export async function compareWindows(
  kernel: Kernel,
  [window, other]: readonly [AnalysedWindow, AnalysedWindow],
  given: TokenPairs | undefined,
  breathe: Breathe,
): Promise<CompareAnswer> {
  const { heads } = window;
  const layers = window.layers.length;
  const sameShape = other.heads === heads && other.layers.length === layers;
  if (!sameShape || (!given && other.tokens !== window.tokens))
    throw new ChannelError(
      'badRequest',
      l10n.t('Only windows with as many tokens, layers and heads can be compared.'),
    );
  const pairs = given ?? everyToken(window.tokens);
  checkPairs(pairs, window.tokens, other.tokens);
  const count = layers * heads;
  const totalVariation = new Float32Array(count);
  const unaligned = new Float32Array(2 * count);
  const bands = bandsOf(pairs);
  for (let at = 0; at < count; at++) {
    await breathe();
    window.assertKept();
    other.assertKept();
    const [layer, head] = [Math.floor(at / heads), at % heads];
    if (window.layers[layer] === null || other.layers[layer] === null) {
      totalVariation[at] = unaligned[at] = unaligned[count + at] = Number.NaN;
      continue;
    }
    const sides: Sides = [
      { view: window.view(layer, head, []), tokens: window.tokens },
      { view: other.view(layer, head, []), tokens: other.tokens },
    ];
    const apart = distance(kernel, sides, pairs, bands);
    totalVariation[at] = apart.variation;
    [unaligned[at], unaligned[count + at]] = apart.unaligned;
  }
  return { totalVariation, unaligned };
}

interface Side {
  view: HeadView;
  tokens: number;
}
type Sides = readonly [Side, Side];

function everyToken(tokens: number): TokenPairs {
  const all = Int32Array.from({ length: tokens }, (_, token) => token);
  return { tokens: all, others: all };
}

function checkPairs({ tokens, others }: TokenPairs, count: number, otherCount: number): void {
  const ascends = (places: Int32Array, end: number): boolean =>
    places.every((place, at) => place > (at === 0 ? -1 : places[at - 1]!) && place < end);
  if (tokens.length === others.length && ascends(tokens, count) && ascends(others, otherCount))
    return;
  throw new ChannelError('badRequest', l10n.t('Pairs of tokens must ascend in both windows.'));
}

/** Runs of pairs, half-open, whose rows lie close together in both windows. */
function bandsOf({ tokens, others }: TokenPairs): [start: number, end: number][] {
  const bands: [number, number][] = [];
  for (let start = 0; start < tokens.length;) {
    let end = start + 1;
    while (
      end < tokens.length &&
      tokens[end]! - tokens[start]! < BAND &&
      others[end]! - others[start]! < BAND
    )
      end++;
    bands.push([start, end]);
    start = end;
  }
  return bands;
}

/** Means over the rows of pairs; all 0 where there are none. */
function distance(
  kernel: Kernel,
  [one, two]: Sides,
  { tokens, others }: TokenPairs,
  bands: readonly (readonly [number, number])[],
): { variation: number; unaligned: [number, number] } {
  const rows = Math.max(1, tokens.length);
  let variation = 0;
  let [all, allOther, paired, pairedOther] = [0, 0, 0, 0];
  for (const [start, end] of bands) {
    const [first, last] = [tokens[start]!, tokens[end - 1]!];
    const [otherFirst, otherLast] = [others[start]!, others[end - 1]!];
    const weights = block(kernel, one, first, last);
    const otherWeights = block(kernel, two, otherFirst, otherLast);
    for (let pair = start; pair < end; pair++) {
      const row = (tokens[pair]! - first) * one.tokens;
      const otherRow = (others[pair]! - otherFirst) * two.tokens;
      all += sum(weights, row, one.tokens);
      allOther += sum(otherWeights, otherRow, two.tokens);
      for (let key = 0; key < tokens.length; key++) {
        const weight = weights[row + tokens[key]!]!;
        const otherWeight = otherWeights[otherRow + others[key]!]!;
        variation += Math.abs(weight - otherWeight);
        paired += weight;
        pairedOther += otherWeight;
      }
    }
  }
  const left = (total: number, held: number): number => Math.max(0, total - held) / rows;
  return {
    variation: variation / 2 / rows,
    unaligned: [left(all, paired), left(allOther, pairedOther)],
  };
}

function block(kernel: Kernel, { view, tokens }: Side, first: number, last: number): Float32Array {
  return kernel.sumBlocks([view], { queries: [first, last + 1], keys: [0, tokens] }, []);
}

function sum(values: Float32Array, start: number, count: number): number {
  let total = 0;
  for (let at = start; at < start + count; at++) total += values[at]!;
  return total;
}
