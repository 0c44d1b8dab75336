/**
 * Answers about one window: rows, columns, regions and the overview, each in the
 * raw reading, without the sink, or with each weight times the length of what it
 * brings (Kobayashi et al. 2020). A mean over heads is the mean of the heads' weights,
 * each head first brought into the reading.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { sinkTokens } from './sink';
import { headStatistics } from './headStatistics';
import { Pool } from './pool';
import type { HeadIndex } from './sink';
import type {
  HeadSelection,
  OverviewAnswer,
  OverviewParams,
  RegionParams,
  RowAnswer,
} from './protocol';
import type { HeadView, Kernel } from './kernel/kernel';
import type { Reading } from '../protocol';
import type { LogValueNorms } from './valueNorms';
import type { AnalysedWindow } from './window';

/** Queries that are in memory at once while a region is summed over heads and pooled. */
const BAND = 64;

/** Called between heads of a long computation; lets messages in and throws when it is to stop. */
export type Breathe = () => Promise<void>;

/** Breathes, and fails with `unknownWindow` if the window was forgotten meanwhile. */
export function breatheWith(window: AnalysedWindow, breathe: Breathe): Breathe {
  return async () => {
    await breathe();
    window.assertKept();
  };
}

/** A selection resolved against a window: which heads in which reading, which keys are left out. */
interface Scope {
  heads: HeadIndex[];
  reading: Reading;
  excluded: readonly number[];
}

export class Readers {
  readonly #kernel: Kernel;
  readonly #logValueNorms: LogValueNorms;

  constructor(kernel: Kernel, logValueNorms: LogValueNorms) {
    this.#kernel = kernel;
    this.#logValueNorms = logValueNorms;
  }

  row(window: AnalysedWindow, params: HeadSelection & { token: number }): RowAnswer {
    checkToken(window, params.token);
    const heads = this.#headsOf(window, params);
    const { token, reading } = params;
    const raw = this.#meanRow(window, { heads, reading: 'raw', excluded: [] }, token);
    const tokens = sinkTokens(window, heads);
    const share = tokens.reduce((sum, key) => sum + raw[key]!, 0);
    const excluded = reading === 'withoutSink' ? tokens : [];
    const weights =
      reading === 'raw' ? raw : this.#meanRow(window, { heads, reading, excluded }, token);
    return { weights, sink: { tokens, share } };
  }

  column(window: AnalysedWindow, params: HeadSelection & { token: number }): RowAnswer {
    checkToken(window, params.token);
    const scope = this.#scope(window, params);
    if (scope.excluded.includes(params.token)) {
      return { weights: new Float32Array(window.tokens), sink: null };
    }
    const views = scope.heads.map((head) => this.#view(window, head, scope));
    const sum = this.#kernel.sumColumns(views, params.token);
    return { weights: divide(sum, scope.heads.length), sink: null };
  }

  /** float32 [row, column]: the largest or mean weight of each cell. */
  async region(
    window: AnalysedWindow,
    params: RegionParams,
    breathe: Breathe,
  ): Promise<Float32Array> {
    checkRegion(window, params);
    const scope = this.#scope(window, params);
    const [head, ...others] = scope.heads;
    if (params.pool === 'max' && head && others.length === 0) {
      const view = this.#view(window, head, scope);
      return this.#kernel.maxPool(view, params, scope.excluded, params.rows, params.columns);
    }
    return this.#pooled(window, scope, params, breatheWith(window, breathe));
  }

  async overview(
    window: AnalysedWindow,
    { reading, size, statistics }: Omit<OverviewParams, 'window'>,
    breathe: Breathe,
  ): Promise<OverviewAnswer> {
    const { heads } = window;
    const layers = window.layers.length;
    checkSize('size', size, window.tokens);
    const pause = breatheWith(window, breathe);
    const whole = { queries: [0, window.tokens], keys: [0, window.tokens] } as const;
    const thumbnails = new Uint8Array(layers * heads * size * size);
    const scales = new Float32Array(layers * heads);
    for (let layer = 0; layer < layers; layer++) {
      for (let head = 0; head < heads; head++) {
        await pause();
        const scope = this.#scope(window, { layer, head, reading });
        const view = this.#view(window, { layer, head }, scope);
        const pooled = this.#kernel.maxPool(view, whole, scope.excluded, size, size);
        const at = layer * heads + head;
        scales[at] = toBytes(pooled, thumbnails.subarray(at * size * size));
      }
    }
    const found = statistics ? await headStatistics(this.#kernel, window, pause) : {};
    return { thumbnails, scales, statistics: found };
  }

  /** Sums bands of queries over the heads, pools each band, and never holds the whole map. */
  async #pooled(
    window: AnalysedWindow,
    scope: Scope,
    params: RegionParams,
    breathe: Breathe,
  ): Promise<Float32Array> {
    const { heads, excluded } = scope;
    const all: HeadView[] = [];
    for (const head of heads) {
      await breathe();
      all.push(this.#view(window, head, scope));
    }
    const pool = new Pool(params);
    for (let start = params.queries[0]; start < params.queries[1]; start += BAND) {
      await breathe();
      const queries = [start, Math.min(start + BAND, params.queries[1])] as const;
      pool.add(queries, this.#kernel.sumBlocks(all, { queries, keys: params.keys }, excluded));
    }
    return divide(pool.finish(), heads.length);
  }

  #meanRow(
    window: AnalysedWindow,
    { heads, reading, excluded }: Scope,
    token: number,
  ): Float32Array {
    const stored = heads.map(({ layer, head }) => ({
      layer: window.layer(layer),
      head,
      keyBias: this.#keyBias(window, { layer, head }, reading),
    }));
    return divide(this.#kernel.sumRows(stored, token, excluded), heads.length);
  }

  #scope(window: AnalysedWindow, selection: HeadSelection): Scope {
    const heads = this.#headsOf(window, selection);
    const { reading } = selection;
    return { heads, reading, excluded: reading === 'withoutSink' ? sinkTokens(window, heads) : [] };
  }

  #view(
    window: AnalysedWindow,
    { layer, head }: HeadIndex,
    { reading, excluded }: Scope,
  ): HeadView {
    return window.view(layer, head, excluded, this.#keyBias(window, { layer, head }, reading));
  }

  /** weight · ‖f(x)‖, renormalised, is the softmax of score + ln‖f(x)‖. */
  #keyBias(
    window: AnalysedWindow,
    { layer, head }: HeadIndex,
    reading: Reading,
  ): Float32Array | undefined {
    return reading === 'valueWeighted' ? this.#logValueNorms(window, layer, head) : undefined;
  }

  #headsOf(window: AnalysedWindow, { layer, head, reading }: HeadSelection): HeadIndex[] {
    if (reading === 'rollout') {
      throw new ChannelError(
        'badRequest',
        l10n.t('Rollout mixes the heads of a layer, so there is none of a single head.'),
      );
    }
    const layers = range(layer, window.layers.length, 'layer');
    const heads = range(head, window.heads, 'head');
    return layers.flatMap((at) => heads.map((index) => ({ layer: at, head: index })));
  }
}

/** Writes bytes of which 255 stands for the largest value, and returns that value. */
function toBytes(values: Float32Array, bytes: Uint8Array): number {
  let scale = 0;
  for (const value of values) scale = Math.max(scale, value);
  if (scale > 0) values.forEach((value, at) => (bytes[at] = Math.round((255 * value) / scale)));
  return scale;
}

function divide(sum: Float32Array, by: number): Float32Array {
  return by === 1 ? sum : sum.map((value) => value / by);
}

function range(index: number | null, count: number, name: string): number[] {
  if (index === null) return Array.from({ length: count }, (_, at) => at);
  if (Number.isInteger(index) && index >= 0 && index < count) return [index];
  throw new ChannelError(
    'badRequest',
    l10n.t('This model has {0} of "{1}", so there is no {2}.', count, name, index),
  );
}

export function checkToken(window: AnalysedWindow, token: number): void {
  if (!Number.isInteger(token) || token < 0 || token >= window.tokens) {
    throw new ChannelError(
      'badRequest',
      l10n.t('The window has {0} tokens, so there is no {1}.', window.tokens, token),
    );
  }
}

export function checkRegion(window: AnalysedWindow, params: RegionParams): void {
  for (const [start, end] of [params.queries, params.keys]) {
    const inside = Number.isInteger(start) && Number.isInteger(end) && start >= 0;
    if (!inside || end <= start || end > window.tokens) {
      throw new ChannelError(
        'badRequest',
        l10n.t(
          'A region from {0} to {1} is not inside the window’s {2} tokens.',
          start,
          end,
          window.tokens,
        ),
      );
    }
  }
  checkSize('rows', params.rows, params.queries[1] - params.queries[0]);
  checkSize('columns', params.columns, params.keys[1] - params.keys[0]);
}

function checkSize(name: string, size: number, most: number): void {
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw new ChannelError('badRequest', l10n.t('"{0}" must be between 1 and {1}.', name, most));
  }
}
