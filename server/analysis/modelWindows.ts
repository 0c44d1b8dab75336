/** How documents are cut up for the model in use, and what of them its engine holds. */
import type { Settings } from '../protocol';
import type { ReadyModel } from './modelSlot';
import type { TokenizeWith } from './openDocument';
import { WindowStore } from './windowStore';

const BYTES_PER_MB = 1024 * 1024;
const FLOAT32_BYTES = 4;

export class ModelWindows {
  readonly #onAnalysed: () => void;
  readonly #tokenizeWith = new WeakMap<ReadyModel, TokenizeWith>();
  #settings: Settings;
  #store: { ready: ReadyModel; windows: WindowStore } | undefined;
  #stores = 0;

  constructor(settings: Settings, onAnalysed: () => void) {
    this.#settings = settings;
    this.#onAnalysed = onAnalysed;
  }

  set settings(settings: Settings) {
    this.#settings = settings;
    if (this.#store) this.#store.windows.limitBytes = limitBytes(settings);
  }

  /** Of the model that was asked about last; undefined before the first question. */
  get held(): WindowStore | undefined {
    return this.#store?.windows;
  }

  of(ready: ReadyModel): WindowStore {
    if (this.#store?.ready !== ready) {
      const windows = new WindowStore(
        ready.engine,
        `w${this.#stores++}`,
        bytesPerToken(ready),
        limitBytes(this.#settings),
        this.#onAnalysed,
      );
      this.#store = { ready, windows };
    }
    return this.#store.windows;
  }

  tokenizeWith(ready: ReadyModel): TokenizeWith {
    const options = this.#tokenizeWith.get(ready);
    if (options?.maxLength === this.#settings.maxDocumentLength) return options;
    const made = {
      tokenizer: ready.tokenizer,
      contextLength: ready.model.contextLength,
      maxLength: this.#settings.maxDocumentLength,
    };
    this.#tokenizeWith.set(ready, made);
    return made;
  }
}

function limitBytes({ engine }: Settings): number {
  return engine.memoryLimit * BYTES_PER_MB;
}

/** Q, K and V of every layer and one log-sum-exp per head, in float32. */
function bytesPerToken({ manifest }: ReadyModel): number {
  const { layers, heads, keyValueHeads, headSize } = manifest;
  return layers * ((heads + 2 * keyValueHeads) * headSize + heads) * FLOAT32_BYTES;
}
