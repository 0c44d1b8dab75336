/** Answers in the reading `rollout`, which mixes the heads and goes through the layers. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { breatheWith, checkRegion, checkToken, type Breathe } from './readers';
import { Pool } from './pool';
import { Rollout } from './rollout';
import { sinkTokens } from './sink';
import type { HeadSelection, RegionParams, RowAnswer } from './protocol';
import type { Kernel } from './kernel/kernel';
import type { AnalysedWindow } from './window';

/** Queries that are rolled at once: a layer is gone through once for all of them. */
const ROWS = 512;

export class RolloutReaders {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** What a token reads through the layers up to `layer` (null: all), with the sink's share of its raw attention in the last of them. */
  async row(
    window: AnalysedWindow,
    params: HeadSelection & { token: number },
    breathe: Breathe,
  ): Promise<RowAnswer> {
    checkToken(window, params.token);
    const top = topLayer(window, params);
    const rollout = this.#rollout(window, top, breathe);
    const weights = await rollout.rows(params.token, params.token + 1);
    const heads = Array.from({ length: window.heads }, (_, head) => ({ layer: top, head }));
    const tokens = sinkTokens(window, heads);
    const stored = heads.map(({ head }) => ({ layer: window.layer(top), head }));
    const raw = this.#kernel.sumRows(stored, params.token, []);
    const share = tokens.reduce((sum, token) => sum + raw[token]! / heads.length, 0);
    return { weights, sink: { tokens, share } };
  }

  async column(
    window: AnalysedWindow,
    params: HeadSelection & { token: number },
    breathe: Breathe,
  ): Promise<RowAnswer> {
    checkToken(window, params.token);
    const rollout = this.#rollout(window, topLayer(window, params), breathe);
    return { weights: await rollout.column(params.token), sink: null };
  }

  /** float32 [row, column]: the largest or mean weight of each cell. */
  async region(
    window: AnalysedWindow,
    params: RegionParams,
    breathe: Breathe,
  ): Promise<Float32Array> {
    checkRegion(window, params);
    const rollout = this.#rollout(window, topLayer(window, params), breathe);
    const pool = new Pool(params);
    const { tokens } = window;
    const [first, last] = params.keys;
    for (let start = params.queries[0]; start < params.queries[1]; start += ROWS) {
      const end = Math.min(start + ROWS, params.queries[1]);
      const rows = await rollout.rows(start, end);
      const band = new Float32Array((end - start) * (last - first));
      for (let row = 0; row < end - start; row++) {
        const cells = rows.subarray(row * tokens + first, row * tokens + last);
        band.set(cells, row * (last - first));
      }
      pool.add([start, end], band);
    }
    return pool.finish();
  }

  #rollout(window: AnalysedWindow, top: number, breathe: Breathe): Rollout {
    return new Rollout(this.#kernel, window, top, breatheWith(window, breathe));
  }
}

/** Fails with `badRequest` for a head, which rollout does not have, or a layer that is not there. */
function topLayer(window: AnalysedWindow, { layer, head }: HeadSelection): number {
  if (head !== null) {
    throw new ChannelError(
      'badRequest',
      l10n.t('Rollout mixes the heads of a layer; choose no head with it.'),
    );
  }
  if (layer === null) return window.layers.length - 1;
  window.layer(layer);
  return layer;
}
