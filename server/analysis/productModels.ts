/** Loads the models that come with the product, those of the person's own, and the engine that runs them. */
import * as l10n from '@vscode/l10n';
import type { ChapterSettings } from '../chapter/controls';
import { Engines, type EnginesHost, type EngineWish } from '../engine/backends/engines';
import { systemClock } from '../engine/clock';
import type { BackendName } from '../engine/backends/backend';
import type { EngineState } from '../engine/supervisor';
import { chapterModel, openChapter, type ChapterSource } from '../models/chapterModel';
import type { ModelFiles } from '../models/files';
import type { FetchOptions } from '../models/hub/hub';
import { loadModel, type LoadedModel } from '../models/loadModel';
import { ModelError } from '../models/modelError';
import { requireVocabulary } from '../models/requireVocabulary';
import { publicModel } from '../models/publicModel';
import { parseModelSource, type ModelSource } from '../models/source';
import { loadTokenizer } from '../tokens/load';
import type { Tokenizer } from '../tokens/tokenizer';
import { throwIfCancelled, unlessAborted } from './errors';
import type { ModelLoader, ReadyModel, WantedModel } from './modelSlot';

/** Where the bundled model lies in the product's folder. */
export const BUNDLED_MODEL_FOLDER = 'models/all-minilm-l6-v2';

/** What the engine needs to start. */
export interface EngineParts extends Pick<EnginesHost, 'startWorker' | 'runtime'> {
  /** What may compute here. */
  backends: readonly BackendName[];
}

/** By kind of source; each rejects with ModelError. */
export type ModelOpeners = {
  [kind in 'file' | 'hub']?: (
    source: Extract<ModelSource, { kind: kind }>,
    options: FetchOptions,
  ) => Promise<LoadedModel>;
};

export interface ProductModelsHost {
  files: ModelFiles;
  /** Opens models that do not come with the product; those that are absent cannot be opened here. */
  openers: ModelOpeners;
  /** Asked once for each engine; rejects where they cannot be read. */
  engineParts(): Promise<EngineParts>;
  /** What the settings ask for. */
  wish(): EngineWish;
  /** For what the engine's worker says: English → the reader's language. */
  translations: { [english: string]: string };
  /** Receives lines without any text of a document. */
  log(line: string): void;
  onEngineState(state: EngineState): void;
  /** Another engine has the model in use. */
  onReplaced(ready: ReadyModel): void;
}

export class ProductModels implements ModelLoader {
  readonly #host: ProductModelsHost;
  #engines: Engines | undefined;
  #ready: ReadyModel | undefined;
  /** What the Chapter model is made from, once it was asked for. */
  #chapter: ChapterSource | undefined;
  /** Settles when no load is under way. */
  #lastLoad: Promise<void> = Promise.resolve();
  #tokenizer: { sha256: string; tokenizer: Tokenizer } | undefined;
  /** Calls off whatever the last load fetches. */
  #fetching = new AbortController();

  constructor(host: ProductModelsHost) {
    this.#host = host;
  }

  /**
   * One after the other: the engine ends with the model that was asked for last. One that is
   * still being fetched is given up for the next.
   */
  load(wanted: WantedModel, signal: AbortSignal): Promise<ReadyModel> {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    const either = AbortSignal.any([signal, this.#fetching.signal]);
    const loading = this.#load(wanted, this.#lastLoad, signal, either);
    this.#lastLoad = loading.then(
      () => undefined,
      () => undefined,
    );
    return loading;
  }

  async #load(
    { id, chapter, fetch }: WantedModel,
    before: Promise<void>,
    signal: AbortSignal,
    fetching: AbortSignal,
  ): Promise<ReadyModel> {
    const source = parseModelSource(id);
    const opening = this.#open(source, chapter, {
      wantedBy: 'settings',
      ...fetch,
      signal: fetching,
    });
    const [loaded, engines] = await Promise.all([opening, this.#start()]);
    throwIfCancelled(signal);
    const tokenizer = this.#tokenizerOf(loaded);
    requireVocabulary(loaded.manifest, tokenizer);
    const { manifest, model, graph, weights, notShown } = loaded;
    const params = { manifest, graph, weights, translations: this.#host.translations };
    await unlessAborted(before, signal);
    const opened = await engines.load(params, this.#host.wish(), signal);
    const ready = asChecked({ model, manifest, tokenizer, notShown, ...opened });
    this.#ready = source.kind === 'chapter' ? { ...ready, chapter } : ready;
    return this.#ready;
  }

  async restart(wanted: WantedModel, signal: AbortSignal): Promise<ReadyModel> {
    this.dispose();
    return this.load(wanted, signal);
  }

  dispose(): void {
    this.#engines?.dispose();
    this.#engines = undefined;
    this.#ready = undefined;
    this.#chapter = undefined;
  }

  async #open(
    source: ModelSource,
    chapter: ChapterSettings,
    options: FetchOptions,
  ): Promise<LoadedModel> {
    const { files, openers } = this.#host;
    switch (source.kind) {
      case 'bundled':
        return loadModel(files);
      case 'chapter':
        return this.#chapterModel(chapter);
      case 'file':
        if (openers.file) return openers.file(source, options);
        break;
      case 'hub':
        if (openers.hub) return this.#fetched(openers.hub(source, options), options);
        break;
    }
    throw new ModelError(
      'cannotReadFiles',
      l10n.t('Models of this kind cannot be opened here; use the bundled model.'),
    );
  }

  async #fetched(opening: Promise<LoadedModel>, { signal }: FetchOptions): Promise<LoadedModel> {
    try {
      return await opening;
    } catch (error) {
      throwIfCancelled(signal);
      throw error;
    }
  }

  async #chapterModel(settings: ChapterSettings): Promise<LoadedModel> {
    this.#chapter ??= await openChapter(this.#host.files, await loadModel(this.#host.files));
    return chapterModel(settings, this.#chapter);
  }

  /** The same object for the same file: documents keep their tokens when only the model changes. */
  #tokenizerOf({ manifest, tokenizerBytes }: LoadedModel): Tokenizer {
    const { sha256 } = manifest.tokenizer;
    if (this.#tokenizer?.sha256 !== sha256)
      this.#tokenizer = { sha256, tokenizer: loadTokenizer(tokenizerBytes) };
    return this.#tokenizer.tokenizer;
  }

  async #start(): Promise<Engines> {
    if (this.#engines) return this.#engines;
    const { backends, ...parts } = await this.#host.engineParts();
    // Another load may have started them meanwhile.
    if (this.#engines) return this.#engines;
    const host = this.#host;
    const engines = new Engines({
      ...parts,
      present: backends,
      clock: systemClock,
      log: (line) => host.log(line),
      onState: (state) => host.onEngineState(state),
      onReplaced: (opened) => {
        if (!this.#ready || engines !== this.#engines) return;
        this.#ready = asChecked({ ...this.#ready, ...opened });
        host.onReplaced(this.#ready);
      },
    });
    this.#engines = engines;
    return engines;
  }
}

/** The model with the layers that have passed the check at load. */
function asChecked(ready: ReadyModel): ReadyModel {
  const { leftOut } = ready.report;
  if (!leftOut) return ready;
  const manifest = { ...ready.manifest, leftOut };
  return { ...ready, manifest, model: publicModel(manifest) };
}
