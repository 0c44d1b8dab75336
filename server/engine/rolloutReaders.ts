/** Answers in the reading `rollout`, which mixes the heads and goes through the layers. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { Groups } from './groups';
import { Pool } from './pool';
import { askedTokens, checkRegion } from './questions';
import { breatheWith, type Breathe } from './readers';
import { ROLLED_ROWS, Rollout } from './rollout';
import { sinkTokens } from './sink';
import type { HeadSelection, RegionParams, RowAnswer, RowParams } from './protocol';
import type { Kernel } from './kernel/kernel';
import type { AnalysedWindow } from './window';

export class RolloutReaders {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** What a token reads through the layers up to `layer` (null: all), with the sink's share of its raw attention in the last of them. */
  async row(
    window: AnalysedWindow,
    params: Omit<RowParams, 'window'>,
    breathe: Breathe,
  ): Promise<RowAnswer> {
    const [start, end] = askedTokens(params, window.tokens);
    const groups = Groups.of(window.tokens, params.groups);
    const top = topLayer(window, params);
    const rolled = await this.#rollout(window, top, breathe).rows(start, end);
    const weights = groups.sumKeys(meanOfRows(rolled, window.tokens));
    return { weights, sink: this.#sink(window, top, [start, end]) };
  }

  async column(
    window: AnalysedWindow,
    params: Omit<RowParams, 'window'>,
    breathe: Breathe,
  ): Promise<RowAnswer> {
    const keys = askedTokens(params, window.tokens);
    const groups = Groups.of(window.tokens, params.groups);
    const rollout = this.#rollout(window, topLayer(window, params), breathe);
    return { weights: groups.meanQueries(await rollout.column(...keys)), sink: null };
  }

  /** float32 [row, column]: the largest or mean weight of each cell. */
  async region(
    window: AnalysedWindow,
    params: Omit<RegionParams, 'window'>,
    breathe: Breathe,
  ): Promise<Float32Array> {
    const groups = Groups.of(window.tokens, params.groups);
    checkRegion(params, groups);
    const rollout = this.#rollout(window, topLayer(window, params), breathe);
    const pool = new Pool(params);
    const { keys } = params;
    const [keyStart, keyEnd] = groups.tokens(keys);
    for (const queries of groups.parts(params.queries, ROLLED_ROWS)) {
      const [start, end] = groups.tokens(queries);
      const rows = await rollout.rows(start, end);
      const block = columnsOf(rows, window.tokens, keyStart, keyEnd);
      const band = new Float32Array((queries[1] - queries[0]) * (keys[1] - keys[0]));
      groups.addBlock(band, { queries, keys }, block, [start, end]);
      pool.add(queries, band);
    }
    return pool.finish();
  }

  #rollout(window: AnalysedWindow, top: number, breathe: Breathe): Rollout {
    return new Rollout(this.#kernel, window, top, breatheWith(window, breathe));
  }

  #sink(
    window: AnalysedWindow,
    top: number,
    [start, end]: readonly [number, number],
  ): NonNullable<RowAnswer['sink']> {
    const heads = Array.from({ length: window.heads }, (_, head) => ({ layer: top, head }));
    const tokens = sinkTokens(window, heads);
    const stored = heads.map(({ head }) => ({ layer: window.layer(top), head }));
    const raw = this.#kernel.sumRows(stored, [start, end], []);
    let share = 0;
    for (let row = 0; row < raw.length; row += window.tokens) {
      for (const token of tokens) share += raw[row + token]! / heads.length / (end - start);
    }
    return { tokens, share };
  }
}

/** The mean of float32 [row, column] over its rows. */
function meanOfRows(rows: Float32Array, width: number): Float32Array {
  const count = rows.length / width;
  if (count === 1) return rows;
  const mean = new Float32Array(width);
  rows.forEach((weight, at) => (mean[at % width]! += weight / count));
  return mean;
}

/** Columns [start, end) of float32 [row, column]. */
function columnsOf(rows: Float32Array, width: number, start: number, end: number): Float32Array {
  const cut = new Float32Array((rows.length / width) * (end - start));
  for (let from = 0; from < rows.length; from += width) {
    cut.set(rows.subarray(from + start, from + end), (from / width) * (end - start));
  }
  return cut;
}

function interrupted(layer: number): ChannelError {
  return new ChannelError(
    'notInThisModel',
    l10n.t(
      'Layer {0} of this model is not shown, so attention cannot be rolled through it. Choose another reading, or a layer below.',
      layer,
    ),
  );
}

/**
 * Fails with `badRequest` for heads or another aggregate, which rollout does not have, or a layer that
 * is not there; with `notInThisModel` where it or one below is left out.
 */
function topLayer(
  window: AnalysedWindow,
  { layer, head, heads, aggregate = 'mean' }: HeadSelection,
): number {
  if (head !== null || heads || aggregate !== 'mean') {
    throw new ChannelError(
      'badRequest',
      l10n.t('Rollout mixes the heads of a layer by their mean; choose no head with it.'),
    );
  }
  const top = layer ?? window.layers.length - 1;
  window.layer(top);
  const missing = window.layers.indexOf(null);
  if (missing >= 0 && missing < top) throw interrupted(missing);
  return top;
}
