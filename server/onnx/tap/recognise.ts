/** Recognises the rule of a layer's scores from what the graph does to them. */
import * as l10n from '@vscode/l10n';
import type { ScoreBias, ScoreRule } from '../../models/manifest';
import type { AttentionKind } from './attention';
import { biasOf, reachOf, settledAt, slopesOf, type DistanceBias, type Reach } from './byDistance';
import { effectOf, type ScoreEffect, type Unexplained } from './effect';
import type { Value } from './evaluate/value';
import type { ScoreStep } from './scores';

/** Evaluates part of the graph for a text of so many tokens, with some stored numbers replaced. */
export type Evaluate = (
  names: readonly string[],
  tokens: number,
  instead?: ReadonlyMap<string, number>,
) => ReadonlyMap<string, Value>;

export interface Recognising {
  kind: AttentionKind;
  steps: readonly ScoreStep[];
  /** The product's name, or the number of heads of a node that is the whole of attention. */
  scores: string | number;
  /** What queries and keys, where they are taken out, still have to be multiplied with. */
  factor: number;
  /** Tokens of the text that `effect` is of. */
  tokens: number;
  evaluate: Evaluate;
  /** Whole numbers that the steps depend on, by the value's name. */
  constants: (names: readonly string[]) => ReadonlyMap<string, number>;
}

/** Long enough for biases of T5's kind, which end at a distance of 128, to settle. */
const LONG = 200;
/** Beyond what 8 bits of a bfloat16 count. */
const FAR = 300;
const MOST_PAIRS = 2 ** 22;
/** Numbers put in place of a window's, to see that the mask is one. */
const TRIED = [3, 4] as const;
/** More different numbers than these are no mask's. */
const MOST_CONSTANTS = 24;

export function recognise(request: Recognising): ScoreRule | Unexplained {
  const { factor, tokens } = request;
  const effect = effectAt(request, tokens);
  if ('reason' in effect) return effect;
  const bias = request.kind === 'cross' ? crossBias(effect) : scoreBias(request, effect);
  if ('reason' in bias) return bias;
  const scale = effect.factor * factor;
  const sinks = effect.sinks ? { sinks: effect.sinks } : {};
  return effect.cap === undefined
    ? { kind: 'dot', scale, bias, ...sinks }
    : { kind: 'softcappedDot', scale, cap: effect.cap, bias, ...sinks };
}

function effectAt(
  { steps, scores, evaluate }: Recognising,
  tokens: number,
  instead?: ReadonlyMap<string, number>,
): ScoreEffect | Unexplained {
  const whole = typeof scores === 'number';
  const names = namesOf(steps);
  const values = evaluate(whole ? names : [scores, ...names], tokens, instead);
  const dims = whole ? [1, scores, tokens, tokens] : values.get(scores)?.dims;
  if (!dims) return { reason: l10n.t('the shape of its scores cannot be told') };
  return effectOf(steps, dims, (name) => values.get(name));
}

function namesOf(steps: readonly ScoreStep[]): string[] {
  return steps.flatMap((step) => {
    switch (step.kind) {
      case 'where':
        return [step.condition, step.fill];
      case 'keep':
        return [step.condition];
      case 'times':
      case 'plus':
      case 'view':
      case 'sinks':
      case 'sinkNumbers':
        return [step.name];
      default:
        return [];
    }
  });
}

function scoreBias(request: Recognising, effect: ScoreEffect): ScoreBias | Unexplained {
  const { queries, keys } = effect;
  const reach = reachOf(effect);
  if ('reason' in reach) return reach;
  const causal = effect.hidden !== undefined && reach.ahead === 0 && keys > 1;
  const added = biasOf(effect);
  if (added && 'reason' in added) return added;
  const window = windowOf(request, reach, { causal, longest: Math.max(queries, keys) - 1 });
  if (typeof window === 'object') return window;
  const base = window === undefined ? { causal } : { causal, window };
  if (!added) return base;
  const slopes = slopesOf(added);
  if (!slopes) return relativeBias(request, base);
  return staysLinear(request, effect.heads) ? { ...base, alibi: { slopes } } : notLinear();
}

/** A bias that was made in 16 bits is a line for short texts only. */
function staysLinear(request: Recognising, heads: number): boolean {
  if (heads * FAR * FAR > MOST_PAIRS) return true;
  const effect = effectAt(request, FAR);
  if ('reason' in effect) return false;
  const added = biasOf(effect);
  return added !== null && !('reason' in added) && slopesOf(added) !== null;
}

function notLinear(): Unexplained {
  return { reason: l10n.t('its bias is rounded so coarsely that it does not follow distance') };
}

/** Between two texts there is no distance: every query sees every key, and nothing is added. */
function crossBias({ hidden, bias }: ScoreEffect): ScoreBias | Unexplained {
  const open = hidden?.every((value) => value === 0) ?? true;
  const none = bias?.every((value) => value === bias[0]) ?? true;
  return open && none
    ? { causal: false }
    : { reason: l10n.t('its mask or bias between two texts is not known here') };
}

/** As far as queries see behind them, undefined where that is as far as the text goes. */
function windowOf(
  request: Recognising,
  { behind, ahead }: Reach,
  { causal, longest }: { causal: boolean; longest: number },
): number | undefined | Unexplained {
  if (behind < longest) {
    return causal || behind === ahead
      ? behind
      : { reason: l10n.t('it sees further to one side than to the other') };
  }
  if (!causal && ahead < longest) {
    return { reason: l10n.t('it sees further to one side than to the other') };
  }
  return wideWindow(request, causal);
}

/**
 * A window wider than the text that was looked at: some number in the graph is its width,
 * and with a small one in its place the small window must show.
 */
function wideWindow(request: Recognising, causal: boolean): number | undefined {
  const { steps, tokens, constants } = request;
  const byWidth = new Map<number, string[]>();
  for (const [name, value] of constants(namesOf(steps))) {
    const width = Math.abs(value);
    if (width < tokens - 1 || width > 1e7) continue;
    byWidth.set(width, [...(byWidth.get(width) ?? []), name]);
  }
  if (byWidth.size > MOST_CONSTANTS) return undefined;
  for (const [width, names] of byWidth) {
    const windows = TRIED.map((tried) => narrowed(request, names, tried, causal));
    const [first, second] = windows;
    if (first !== undefined && second === first + 1) return width - TRIED[0] + first;
  }
  return undefined;
}

function narrowed(
  request: Recognising,
  names: readonly string[],
  width: number,
  causal: boolean,
): number | undefined {
  const { tokens, constants } = request;
  const stored = constants(namesOf(request.steps));
  const instead = new Map(names.map((name) => [name, Math.sign(stored.get(name)!) * width]));
  const effect = effectAt(request, tokens, instead);
  if ('reason' in effect) return undefined;
  const reach = reachOf(effect);
  if ('reason' in reach || reach.behind >= tokens - 1) return undefined;
  return causal
    ? reach.ahead === 0
      ? reach.behind
      : undefined
    : reach.ahead === reach.behind
      ? reach.behind
      : undefined;
}

function relativeBias(request: Recognising, base: ScoreBias): ScoreBias | Unexplained {
  const effect = effectAt(request, LONG);
  if ('reason' in effect) return effect;
  const added = biasOf(effect);
  if (added && 'reason' in added) return added;
  const reach = added && settledAt(added);
  if (!added || reach === null) {
    return { reason: l10n.t('its bias still changes at a distance of {0} tokens', LONG) };
  }
  return { ...base, relative: tableOf(added, reach) };
}

/** One row for each distance. */
function tableOf(
  { longest, perHead }: DistanceBias,
  reach: number,
): NonNullable<ScoreBias['relative']> {
  const rows = 2 * reach + 1;
  const table: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (const profile of perHead) {
      const value = profile[longest + row - reach]!;
      // Keys that no query sees have no bias, and need none.
      table.push(Number.isNaN(value) ? 0 : value);
    }
  }
  return { buckets: Array.from({ length: rows }, (_, row) => row), table };
}
