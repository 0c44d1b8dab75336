/** Which heads a selection names, and how what is had of each becomes one. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { Aggregate } from '../protocol';
import type { HeadSelection } from './protocol';
import type { HeadIndex } from './sink';
import { leftOutLayer } from './window';

/** Heads of a window, of which there is at least one. */
export interface HeadSet {
  heads: readonly HeadIndex[];
  aggregate: Aggregate;
}

/** What heads are chosen from. */
export interface Choice {
  /** Null where a layer is left out. */
  layers: ArrayLike<unknown>;
  /** Of each layer. */
  heads: number;
}

/**
 * Of all layers those that are shown. Fails with `badRequest` for heads that are not there or
 * contradict each other, `notInThisModel` for a layer that is left out.
 */
export function headSet(
  window: Choice,
  { layer, head, heads, aggregate = 'mean' }: HeadSelection,
): HeadSet {
  const layers = indices(layer, window.layers.length, 'layer').filter(
    (at) => layer !== null || window.layers[at] !== null,
  );
  if (layer !== null && window.layers[layer] === null) throw leftOutLayer(layer);
  const chosen = heads
    ? severalHeads(heads, head, window.heads)
    : indices(head, window.heads, 'head');
  return {
    heads: layers.flatMap((at) => chosen.map((index) => ({ layer: at, head: index }))),
    aggregate,
  };
}

/** The set in parts whose weights may be added up before they are combined. */
export function partsOf({ heads, aggregate }: HeadSet): readonly (readonly HeadIndex[])[] {
  return aggregate === 'mean' ? [heads] : heads.map((head) => [head]);
}

/** What the parts of a set, in their order, become: sums over heads → their mean, or the largest. */
export class Combined {
  readonly values: Float32Array;
  readonly #set: HeadSet;

  constructor(set: HeadSet, length: number) {
    this.#set = set;
    this.values = new Float32Array(length);
  }

  /** Weights are never negative, so that values may start at 0. */
  add(part: Float32Array): void {
    const { values } = this;
    const { heads, aggregate } = this.#set;
    if (aggregate === 'mean') part.forEach((sum, at) => (values[at] = sum / heads.length));
    else part.forEach((value, at) => (values[at] = Math.max(values[at]!, value)));
  }
}

function indices(index: number | null, count: number, name: string): number[] {
  if (index === null) return Array.from({ length: count }, (_, at) => at);
  if (isIndex(index, count)) return [index];
  throw new ChannelError(
    'badRequest',
    l10n.t('This model has {0} of "{1}", so there is no {2}.', count, name, index),
  );
}

function severalHeads(heads: readonly number[], head: number | null, count: number): number[] {
  const chosen = [...new Set(heads)];
  const there = chosen.every((index) => isIndex(index, count));
  if (head === null && there && chosen.length === heads.length && chosen.length > 0) return chosen;
  throw new ChannelError(
    'badRequest',
    l10n.t(
      'Several heads must be different ones of the {0}, and come without a single one.',
      count,
    ),
  );
}

function isIndex(index: number, count: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < count;
}
