/** Loads the model that comes with the product, and the engine that runs it. */
import { systemClock } from '../engine/clock';
import { Engine, type EngineState } from '../engine/engine';
import type { StartWorker } from '../engine/engineWorker';
import type { LoadParams } from '../engine/protocol';
import type { ModelFiles } from '../models/files';
import { loadModel } from '../models/loadModel';
import { loadTokenizer } from '../tokens/load';
import { throwIfCancelled } from './errors';
import type { ModelLoader, ReadyModel } from './modelSlot';

export const BUNDLED_MODEL = 'bundled';

/** Where the bundled model lies in the product's folder. */
export const BUNDLED_MODEL_FOLDER = 'models/all-minilm-l6-v2';

/** What the engine needs to start. */
export interface EngineParts {
  startWorker: StartWorker;
  /** Bytes of the runtime's WASM, where the engine cannot find it beside itself. */
  runtime?: LoadParams['runtime'];
}

export interface BundledModelHost {
  files: ModelFiles;
  /** Asked once for each engine; rejects where they cannot be read. */
  engineParts(): Promise<EngineParts>;
  /** Threads the settings ask for; 0 leaves it to the engine. */
  threads(): number;
  /** For what the engine's worker says: English → the reader's language. */
  translations: { [english: string]: string };
  /** Receives lines without any text of a document. */
  log(line: string): void;
  onEngineState(state: EngineState): void;
}

export class BundledModel implements ModelLoader {
  readonly #host: BundledModelHost;
  #engine: { engine: Engine; parts: EngineParts } | undefined;

  constructor(host: BundledModelHost) {
    this.#host = host;
  }

  async load(_id: string, signal: AbortSignal): Promise<ReadyModel> {
    const { files } = this.#host;
    const [loaded, { engine, parts }] = await Promise.all([loadModel(files), this.#start()]);
    throwIfCancelled(signal);
    const tokenizer = loadTokenizer(loaded.tokenizerBytes);
    const { manifest, model, graph, weights } = loaded;
    const report = await engine.load(
      {
        manifest,
        graph,
        weights,
        threads: this.#host.threads(),
        runtime: parts.runtime,
        translations: this.#host.translations,
      },
      { signal },
    );
    return { model, manifest, tokenizer, engine, report };
  }

  async restart(id: string, signal: AbortSignal): Promise<ReadyModel> {
    this.dispose();
    return this.load(id, signal);
  }

  dispose(): void {
    this.#engine?.engine.dispose();
    this.#engine = undefined;
  }

  async #start(): Promise<{ engine: Engine; parts: EngineParts }> {
    if (this.#engine) return this.#engine;
    const parts = await this.#host.engineParts();
    // Another load may have started it meanwhile.
    if (this.#engine) return this.#engine;
    const host = this.#host;
    const { startWorker } = parts;
    const engine = new Engine({ startWorker, clock: systemClock, log: (line) => host.log(line) });
    engine.onDidChangeState((state) => host.onEngineState(state));
    this.#engine = { engine, parts };
    return this.#engine;
  }
}
