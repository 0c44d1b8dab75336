/** What the engine's worker answers, on every host. */
import * as l10n from '@vscode/l10n';
import { Channel, ChannelError, Transferred } from '../../channel/channel';
import { compareWindows } from './compare';
import { explainWeight } from './explain';
import { FileCache } from './fileCache';
import { firstLayer, positionTable } from './firstLayer';
import { headStatistics } from './headStatistics';
import { headVectors } from './headVectors';
import { Foresight } from './foresight';
import { loadModel } from './load';
import { breatheWith } from './readers';
import { relativeBias } from './relativeBias';
import { breather, checkpoint } from './pause';
import { Queue } from './queue';
import { cancelled } from './until';
import { ofOneText } from './window';
import type { EngineHost } from './load';
import type { EngineModel } from './model';
import type {
  AnalyseParams,
  EngineCallerSide,
  EngineSide,
  HeadSelection,
  LoadParams,
  LoadReport,
  Slice,
  SliceParams,
} from './protocol';
import type { ModelFile, ModelManifest } from '../models/manifest';
import type { Port } from '../../channel/channel';

/** Answers the engine's methods on `port`, for as long as the worker lives. */
export function serveEngine(port: Port, host: EngineHost): void {
  const channel = new Channel<EngineSide, EngineCallerSide>(port);
  const worker = new EngineWorker(host, {
    progress: (window, done, total) => channel.send('progress', { window, done, total }),
    alive: () => channel.send('alive', {}),
  });
  /** While one question is answered, nothing is computed ahead of the next. */
  const answer: typeof channel.handle = (method, handler) =>
    channel.handle(method, (params, signal) =>
      worker.foresight.during(() => handler(params, signal)),
    );
  answer('load', (params, signal) => worker.load(params, signal));
  answer('analyse', (params, signal) => worker.analyse(params, signal));
  answer('row', async ({ window, ...params }, signal) => {
    const { readers, rollout, store } = worker.model;
    const held = await store.reach(window, layerOf(params), signal);
    return params.reading === 'rollout'
      ? rollout.row(ofOneText(held), params, breather(signal))
      : readers.row(held, params);
  });
  answer('column', async ({ window, ...params }, signal) => {
    const { readers, rollout, store } = worker.model;
    const held = await store.reach(window, layerOf(params), signal);
    return params.reading === 'rollout'
      ? rollout.column(ofOneText(held), params, breather(signal))
      : readers.column(held, params);
  });
  answer('region', async (params, signal) => {
    const { readers, rollout, store } = worker.model;
    const held = await store.reach(params.window, layerOf(params), signal);
    const rolls = params.reading === 'rollout';
    const breathe = breather(signal);
    const values = rolls
      ? await rollout.region(ofOneText(held), params, breathe)
      : await readers.region(held, params, breathe);
    return new Transferred({ values }, [values.buffer as ArrayBuffer]);
  });
  answer('overview', async (params, signal) => {
    const { readers, store } = worker.model;
    const answer = await readers.overview(store.get(params.window), params, breather(signal));
    return new Transferred(answer, [answer.thumbnails.buffer as ArrayBuffer]);
  });
  answer('explain', ({ window, ...params }) => {
    const { norms, store } = worker.model;
    return explainWeight(store.get(window), params, (...head) => norms.logNorms(...head));
  });
  answer('headVectors', ({ window, ...params }) => {
    const vectors = headVectors(worker.model.store.get(window), params);
    return new Transferred(vectors, [
      vectors.query.buffer as ArrayBuffer,
      vectors.key.buffer as ArrayBuffer,
    ]);
  });
  answer('give', (params) => worker.model.give(params));
  answer('statistics', ({ window, ...params }, signal) => {
    const { kernel, store } = worker.model;
    const held = ofOneText(store.get(window));
    return headStatistics(kernel, held, params, breatheWith(held, breather(signal)));
  });
  answer('compare', ({ window, other, pairs }, signal) => {
    const { kernel, store } = worker.model;
    const both = [ofOneText(store.get(window)), ofOneText(store.get(other))] as const;
    return compareWindows(kernel, both, pairs, breather(signal));
  });
  answer('stages', async (params, signal) => {
    const slices = await worker.stages(params.window, params.slices, signal);
    return new Transferred(
      { slices },
      slices.map(({ values }) => values.buffer as ArrayBuffer),
    );
  });
  answer('positionTable', () => {
    const { manifest, weights } = worker.model;
    return positionTable(manifest, weights);
  });
  answer('relativeBias', (params) => {
    const { manifest, weights } = worker.model;
    return relativeBias(manifest, weights, params);
  });
  answer('firstLayer', (params) => {
    const { manifest, weights } = worker.model;
    return firstLayer(manifest, weights, params);
  });
  answer('forget', ({ windows }) => worker.forget(windows));
}

/** The layer that is all a question needs; null where it needs every one. */
function layerOf({ layer, reading }: HeadSelection): number | null {
  return reading === 'rollout' ? null : layer;
}

/** A pass whose layers take less than this does not stop at each of them. */
const LAYER_BREATH_MS = 5;

/** What the owner is told without having asked. */
interface Told {
  /** How many of its layers a window has. */
  progress: (window: string, done: number, total: number) => void;
  /** That a load goes on. */
  alive: () => void;
}

class EngineWorker {
  readonly foresight = new Foresight();
  readonly #host: EngineHost;
  readonly #told: Told;
  readonly #queue = new Queue();
  readonly #files: FileCache;
  #model: EngineModel | undefined;

  constructor(host: EngineHost, told: Told) {
    this.#host = host;
    this.#files = new FileCache(host.openFile);
    this.#told = told;
  }

  get model(): EngineModel {
    if (!this.#model) throw new ChannelError('modelMissing', l10n.t('No model is loaded.'));
    return this.#model;
  }

  /** The old model serves until the new one has passed its probe. */
  load(params: LoadParams, signal: AbortSignal): Promise<LoadReport> {
    if (params.translations) l10n.config({ contents: params.translations });
    return this.#queue.run(async () => {
      await checkpoint(signal);
      try {
        const stop = async (): Promise<void> => {
          this.#told.alive();
          await checkpoint(signal);
        };
        const { model, report } = await loadModel(params, this.#host, this.#files, stop);
        const old = this.#model;
        this.#model = model;
        await old?.release();
        return report;
      } finally {
        this.#files.keepOnly(this.#model ? filesOf(this.#model.manifest) : []);
      }
    });
  }

  async analyse(params: AnalyseParams, signal: AbortSignal): Promise<{ tokens: number }> {
    const { model } = this;
    const layers = model.layersOf(params);
    const window = await model.store.grow(params.window, (growing) =>
      this.#queue.run(async () => {
        await checkpoint(signal);
        // Its ids are those of another vocabulary once the model has changed.
        if (model !== this.#model) throw cancelled();
        const breathe = breather(signal, LAYER_BREATH_MS);
        this.#told.progress(params.window, 0, layers);
        return model.analyse(params, growing, (done) => {
          this.#told.progress(params.window, done, layers);
          return done < layers ? breathe() : checkpoint(signal);
        });
      }),
    );
    this.foresight.plan(window.ahead());
    return { tokens: window.tokens };
  }

  /** Fails with `unknownWindow` where the window is forgotten before its turn comes. */
  stages(window: string, slices: SliceParams[], signal: AbortSignal): Promise<Slice[]> {
    return this.#queue.run(async () => {
      await checkpoint(signal);
      const { model } = this;
      return model.stages(model.store.get(window), slices, () => checkpoint(signal));
    });
  }

  forget(windows: string[]): void {
    this.#model?.store.forget(windows);
  }
}

function filesOf({ graph, weights }: ModelManifest): ModelFile[] {
  return [graph, ...weights];
}
