/** How documents are cut up for the model in use, and what of them its engine holds. */
import * as l10n from '@vscode/l10n';
import { FLOAT32_TOKENS } from '../engine/precision';
import type { Settings } from '../protocol';
import type { ReadyModel } from './modelSlot';
import type { TokenizeWith } from './openDocument';
import { decoderTokenizer } from './stacks';
import { WindowStore } from './windowStore';

const BYTES_PER_MB = 1024 * 1024;
const FLOAT32_BYTES = 4;
const FLOAT16_BYTES = 2;

export class ModelWindows {
  readonly #onAnalysed: () => void;
  readonly #tokenizeWith = new WeakMap<ReadyModel, TokenizeWith>();
  readonly #tokenizeTarget = new WeakMap<ReadyModel, TokenizeWith>();
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

  /** One sentence for a person where the memory limit is too small for a single window. */
  get warning(): string | undefined {
    const bytes = this.held?.tooLarge ?? 0;
    if (bytes === 0) return undefined;
    return l10n.t(
      'The memory limit of {0} MB is smaller than what is looked at, which takes {1} MB: only that is kept, and everything else is computed anew each time. Raise the limit in the settings.',
      this.#settings.engine.memoryLimit,
      Math.ceil(bytes / BYTES_PER_MB),
    );
  }

  of(ready: ReadyModel): WindowStore {
    if (this.#store?.ready !== ready) {
      const windows = new WindowStore(
        ready.engine,
        `w${this.#stores++}`,
        (tokens) => bytesOf(ready, tokens),
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
      contextLength: ready.manifest.windowLength ?? ready.model.contextLength,
      maxLength: this.#settings.maxDocumentLength,
    };
    this.#tokenizeWith.set(ready, made);
    return made;
  }

  /** How the decoder's text is cut up. Fails with `notInThisModel` where there is none. */
  tokenizeTarget(ready: ReadyModel): TokenizeWith {
    const { maxDocumentLength: maxLength } = this.#settings;
    const options = this.#tokenizeTarget.get(ready);
    if (options?.maxLength === maxLength) return options;
    const { decoder } = ready.manifest;
    const made = {
      tokenizer: options?.tokenizer ?? decoderTokenizer(ready.tokenizer, ready.manifest),
      contextLength: decoder?.windowLength ?? decoder?.contextLength ?? 0,
      maxLength,
      decoded: true,
    };
    this.#tokenizeTarget.set(ready, made);
    return made;
  }
}

function limitBytes({ engine }: Settings): number {
  return engine.memoryLimit * BYTES_PER_MB;
}

/** Q, K and V of every layer, in float16 where the window is long, and one log-sum-exp per head. */
function bytesOf({ manifest }: ReadyModel, tokens: number): number {
  const { layers, heads, keyValueHeads, headSize } = manifest;
  const bytes = tokens > FLOAT32_TOKENS ? FLOAT16_BYTES : FLOAT32_BYTES;
  const perToken = (heads + 2 * keyValueHeads) * headSize * bytes + heads * FLOAT32_BYTES;
  return layers * perToken * tokens;
}
