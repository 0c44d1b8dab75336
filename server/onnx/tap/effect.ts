/** What the steps between product and softmax do to each score, in numbers, for a text of some tokens. */
import * as l10n from '@vscode/l10n';
import { broadcast, broadcastIndex, type Value } from './evaluate/value';
import { TEXT } from './inputs';
import type { ScoreStep } from './scores';
import { countOf } from './tensor';

/** score = soft cap of (similarity · factor) + bias, none where hidden. */
export interface ScoreEffect {
  factor: number;
  cap: number | undefined;
  heads: number;
  queries: number;
  keys: number;
  /** [head, query, key]; undefined where nothing is added. */
  bias: Float64Array | undefined;
  /** [head, query, key]; 1 where a key takes no part. */
  hidden: Uint8Array | undefined;
  /** [head] */
  sinks: number[] | undefined;
}

/** Why no rule can be told. */
export interface Unexplained {
  reason: string;
}

/** Nothing above is left of a weight, in float32 nor in float16; exporters fill with −10,000 or less. */
const HIDING = -9000;

/** `dims`: of the product, [.., query, key]. */
export function effectOf(
  steps: readonly ScoreStep[],
  dims: readonly number[],
  find: (name: string) => Value | undefined,
): ScoreEffect | Unexplained {
  const effect = new Effect(dims);
  for (const step of steps) {
    const problem = apply(effect, step, find);
    if (problem !== null) return { reason: problem };
  }
  return effect.result();
}

class Effect {
  factor = 1;
  /** Set by a tanh: what the score was multiplied with before. */
  inside: number | undefined;
  bias: Float64Array | undefined;
  hidden: Uint8Array | undefined;
  sinks: number[] | undefined;
  /** Of the value that the steps have come to; without a column of sinks. */
  dims: readonly number[];
  readonly count: number;

  constructor(dims: readonly number[]) {
    this.dims = dims;
    this.count = countOf(dims);
  }

  result(): ScoreEffect {
    const [queries, keys] = [this.dims.at(-2)!, this.dims.at(-1)!];
    const heads = this.count / (queries * keys);
    const capped = this.inside !== undefined;
    return {
      factor: capped ? this.inside! * this.factor : this.factor,
      cap: capped ? this.factor : undefined,
      heads,
      queries,
      keys,
      bias: this.bias,
      hidden: this.hidden,
      sinks: this.sinks,
    };
  }
}

/** Null where it went well. */
function apply(
  effect: Effect,
  step: ScoreStep,
  find: (name: string) => Value | undefined,
): string | null {
  switch (step.kind) {
    case 'factor':
      return scale(effect, step.value);
    case 'times': {
      const by = find(step.name)?.data;
      if (by?.length !== 1) return l10n.t('its scores are scaled by numbers that differ');
      return scale(effect, step.inverse ? 1 / by[0]! : by[0]!);
    }
    case 'plus':
      return add(effect, find(step.name), step.sign);
    case 'where':
      return hide(effect, find(step.condition), find(step.fill), step.kept);
    case 'keep':
      return keep(effect, find(step.condition));
    case 'causal':
      return hideByDistance(effect, (distance) => distance > 0);
    case 'window':
      return hideByDistance(effect, (distance) => Math.abs(distance) > step.reach);
    case 'sinkNumbers': {
      const sinks = find(step.name)?.data;
      effect.sinks = sinks && Array.from(sinks);
      return sinks ? null : odd();
    }
    case 'atLeast':
      return step.value !== undefined && step.value <= HIDING ? null : odd();
    case 'tanh':
      return bend(effect);
    case 'view':
      return view(effect, find(step.name)?.dims);
    case 'sinks':
      return addSinks(effect, find(step.name));
  }
}

function odd(): string {
  return l10n.t('its scores go through something that is not known here');
}

function scale(effect: Effect, by: number): string | null {
  if (!Number.isFinite(by)) return odd();
  effect.factor *= by;
  if (effect.bias) effect.bias = effect.bias.map((value) => value * by);
  return null;
}

function bend(effect: Effect): string | null {
  if (effect.bias || effect.hidden || effect.inside !== undefined) return odd();
  effect.inside = effect.factor;
  effect.factor = 1;
  return null;
}

function view(effect: Effect, dims: readonly number[] | undefined): string | null {
  const last = effect.dims.slice(-2);
  if (!dims || countOf(dims) !== effect.count || dims.slice(-2).join() !== last.join())
    return odd();
  effect.dims = dims;
  return null;
}

function add(effect: Effect, value: Value | undefined, sign: 1 | -1): string | null {
  if (!value?.data || !value.dims) {
    return unknownValue(value);
  }
  if (broadcast(value.dims, effect.dims)?.join() !== effect.dims.join()) return odd();
  const index = broadcastIndex(value.dims, effect.dims);
  for (let at = 0; at < effect.count; at++) {
    const added = sign * value.data[index[at]!]!;
    if (added <= HIDING) (effect.hidden ??= new Uint8Array(effect.count))[at] = 1;
    else if (!Number.isFinite(added)) return odd();
    else if (added !== 0) (effect.bias ??= new Float64Array(effect.count))[at]! += added;
  }
  return null;
}

function hide(
  effect: Effect,
  condition: Value | undefined,
  fill: Value | undefined,
  kept: boolean,
): string | null {
  if (!condition?.data || !condition.dims) {
    return unknownValue(condition);
  }
  if (broadcast(condition.dims, effect.dims)?.join() !== effect.dims.join()) return odd();
  const index = broadcastIndex(condition.dims, effect.dims);
  for (let at = 0; at < effect.count; at++) {
    if ((condition.data[index[at]!] !== 0) === kept) continue;
    const value = fill?.data?.length === 1 ? fill.data[0]! : NaN;
    if (!(value <= HIDING)) return odd();
    (effect.hidden ??= new Uint8Array(effect.count))[at] = 1;
  }
  return null;
}

function keep(effect: Effect, condition: Value | undefined): string | null {
  if (!condition?.data || !condition.dims) return unknownValue(condition);
  if (broadcast(condition.dims, effect.dims)?.join() !== effect.dims.join()) return odd();
  const index = broadcastIndex(condition.dims, effect.dims);
  for (let at = 0; at < effect.count; at++) {
    if (condition.data[index[at]!] === 0) (effect.hidden ??= new Uint8Array(effect.count))[at] = 1;
  }
  return null;
}

function hideByDistance(effect: Effect, hides: (distance: number) => boolean): string | null {
  const [queries, keys] = [effect.dims.at(-2)!, effect.dims.at(-1)!];
  effect.hidden ??= new Uint8Array(effect.count);
  for (let at = 0; at < effect.count; at++) {
    const distance = (at % keys) - (Math.floor(at / keys) % queries);
    if (hides(distance)) effect.hidden[at] = 1;
  }
  return null;
}

/** Why nothing is known of a mask or a bias. */
function unknownValue(value: Value | undefined): string {
  return ((value?.origin ?? 0) & TEXT) !== 0
    ? l10n.t('its mask or bias depends on the words, not on their distance')
    : l10n.t('its mask or bias is made in a way that is not known here');
}

function addSinks(effect: Effect, value: Value | undefined): string | null {
  const dims = [...effect.dims.slice(0, -1), 1];
  if (effect.sinks || !value?.data || value.dims?.join() !== dims.join()) return odd();
  const queries = effect.dims.at(-2)!;
  const sinks = Array.from(value.data).filter((_, at) => at % queries === 0);
  const even = value.data.every((sink, at) => sink === sinks[Math.floor(at / queries)]);
  effect.sinks = sinks;
  return even ? null : odd();
}
