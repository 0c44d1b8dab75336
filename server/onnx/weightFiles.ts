/** The weights of one model over the files it was split into, under the names its architecture expects. */
import * as l10n from '@vscode/l10n';
import { OnnxError } from './onnxError';
import type { Safetensors } from './safetensors';
import { WeightFile, type StoredWeight } from './weightFile';

/** Checkpoints converted from TensorFlow call a norm's gain and bias so. */
const OLD_NAMES: readonly (readonly [name: string, old: string])[] = [
  ['.weight', '.gamma'],
  ['.bias', '.beta'],
];

export class WeightFiles {
  readonly #files: readonly { file: WeightFile; tensors: Safetensors }[];

  /** By the location that the graph will name. */
  constructor(files: ReadonlyMap<string, Safetensors>) {
    this.#files = [...files].map(([location, tensors]) => ({
      file: new WeightFile(location, tensors),
      tensors,
    }));
  }

  get names(): string[] {
    return this.#files.flatMap(({ tensors }) => [...tensors.keys()]);
  }

  has(name: string): boolean {
    return this.#holder(this.storedName(name)) !== undefined;
  }

  /** The name in the files of a tensor that an architecture calls `name`. */
  storedName(name: string): string {
    if (this.#holder(name)) return name;
    for (const [ending, old] of OLD_NAMES) {
      const other = name.endsWith(ending) ? name.slice(0, -ending.length) + old : name;
      if (other !== name && this.#holder(other)) return other;
    }
    return name;
  }

  /** The tensor of that name and shape. Throws OnnxError where no file has it. */
  tensor(name: string, shape: readonly number[]): StoredWeight {
    const stored = this.storedName(name);
    const holder = this.#holder(stored);
    if (holder) return holder.tensor(stored, shape);
    throw new OnnxError(
      l10n.t('The weights file has no tensor "{0}", which the model needs.', name),
    );
  }

  /**
   * What stands before the tensors' names: a model that was saved with a head on top
   * has its own name there. `known` is a name without it. Throws OnnxError where no
   * tensor's name ends so.
   */
  prefixBefore(known: string): string {
    const prefixes = this.names
      .filter((name) => name === known || name.endsWith(`.${known}`))
      .map((name) => name.slice(0, -known.length));
    if (prefixes.length > 0) return prefixes.reduce((a, b) => (b.length < a.length ? b : a));
    throw new OnnxError(
      l10n.t('The weights file has no tensor "{0}", which the model needs.', known),
    );
  }

  #holder(name: string): WeightFile | undefined {
    return this.#files.find(({ tensors }) => tensors.has(name))?.file;
  }
}
