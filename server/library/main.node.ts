/**
 * Attention Lens as a library for plain Node: a model's folder in, attention of
 * a text out. The server is built from the same pieces; nothing here knows LSP.
 */
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { systemClock } from '../engine/clock';
import { Engine } from '../engine/engine';
import { startWorkerThread } from '../engine/startWorker.node';
import { folderFiles } from '../models/files.node';
import { loadModel } from '../models/loadModel';
import { loadTokenizer } from '../tokens/load';
import { AnalysedText } from './text';
import type { Model } from '../protocol';
import type { Tokenizer } from '../tokens/tokenizer';

export type { AnalysedText, TextToken } from './text';

/** The engine's bundle, which is built beside the library's. */
const ENGINE_FILE = fileURLToPath(new URL('engine.js', import.meta.url));

export interface OpenOptions {
  /** Threads for inference; 1 unless said otherwise. */
  threads?: number;
}

/**
 * Opens the model in `folder`, which holds `manifest.json` and what it names.
 * Rejects with an error that has a `reason`: `modelMissing`, `modelRefused` or
 * `backendUnavailable`. A model that is open keeps the process alive until it is
 * closed.
 */
export async function openModel(
  folder: string,
  { threads = 1 }: OpenOptions = {},
): Promise<OpenedModel> {
  const files = await loadModel(folderFiles(resolve(folder)));
  const tokenizer = loadTokenizer(files.tokenizerBytes);
  const engine = new Engine({
    startWorker: () => startWorkerThread(ENGINE_FILE),
    clock: systemClock,
    log: () => undefined,
  });
  try {
    const { manifest, graph, weights } = files;
    await engine.load({ manifest, graph, weights, threads });
  } catch (error) {
    engine.dispose();
    throw error;
  }
  return new OpenedModel(files.model, tokenizer, engine);
}

export class OpenedModel {
  readonly #tokenizer: Tokenizer;
  readonly #engine: Engine;
  #texts = 0;

  constructor(
    /** What the model is: layers, heads, context length, licence … */
    readonly model: Model,
    tokenizer: Tokenizer,
    engine: Engine,
  ) {
    this.#tokenizer = tokenizer;
    this.#engine = engine;
  }

  /**
   * Runs the model over a text. Rejects with reason `tooLong` if it has more tokens,
   * special ones included, than the model reads at once, and with `cancelled` when
   * the signal aborts.
   */
  analyse(text: string, options: { signal?: AbortSignal } = {}): Promise<AnalysedText> {
    const window = String(this.#texts++);
    return AnalysedText.analyse(text, this.#tokenizer, this.#engine, window, options);
  }

  /** Ends the engine; what is asked afterwards rejects with reason `closed`. */
  close(): void {
    this.#engine.dispose();
  }
}
