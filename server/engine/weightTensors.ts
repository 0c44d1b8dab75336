/** Single tensors of a model's weight files, for what is computed beside the graph. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import {
  readSafetensors,
  safetensorsHeadLength,
  type Safetensors,
  type StoredTensor,
} from '../onnx/safetensors';
import { bytesAt, type ByteSource } from '../onnx/tap/byteSource';
import { tensorFloats } from '../onnx/tensorFloats';

/** Files that have tensors by name end so. */
const SAFETENSORS = '.safetensors';

/** Of a file, as many bytes as say how many its header has. */
const START = 8;

/** Numbers of a tensor that is read once. */
const SMALL = 100_000;

interface WeightsFile {
  file: ByteSource;
  tensors: Safetensors;
}

export class WeightTensors {
  readonly #files: { [location: string]: ByteSource };
  #read: WeightsFile[] | undefined;
  /** What every analysis looks at, such as tables of relative positions, is small. */
  readonly #small = new Map<string, Float32Array>();

  /** `files`: the weight files by location; those that are not safetensors are passed over. */
  constructor(files: { [location: string]: ByteSource }) {
    this.#files = files;
  }

  /** The tensor in float32 with its shape. Fails with `modelRefused` where no file has it. */
  tensor(name: string): { shape: readonly number[]; values: Float32Array } {
    const { file, stored } = this.#find(name);
    const values = this.#small.get(name) ?? tensorFloats(file, stored);
    if (values.length <= SMALL) this.#small.set(name, values);
    return { shape: stored.shape, values };
  }

  /**
   * Rows of a matrix in the given order, float32 [row, column]. Fails with `modelRefused`
   * where no file has it and `badRequest` for a row that it does not have.
   */
  rows(name: string, rows: ArrayLike<number>): Float32Array {
    const { file, stored } = this.#find(name);
    const count = stored.shape[0] ?? 0;
    const width = stored.shape.slice(1).reduce((product, size) => product * size, 1);
    const values = new Float32Array(rows.length * width);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!;
      if (!Number.isInteger(row) || row < 0 || row >= count) throw noRow(name, row, count);
      values.set(tensorFloats(file, stored, row * width, width), at * width);
    }
    return values;
  }

  #find(name: string): { file: ByteSource; stored: StoredTensor } {
    this.#read ??= Object.entries(this.#files)
      .filter(([location]) => location.endsWith(SAFETENSORS))
      .map(([, file]) => ({ file, tensors: readSafetensors(headOf(file), file.length) }));
    for (const { file, tensors } of this.#read) {
      const stored = tensors.get(name);
      if (stored) return { file, stored };
    }
    throw new ChannelError(
      'modelRefused',
      l10n.t('The weights file has no tensor "{0}", which the model needs.', name),
    );
  }
}

function headOf(file: ByteSource): Uint8Array {
  return bytesAt(file, 0, safetensorsHeadLength(bytesAt(file, 0, START)));
}

function noRow(name: string, row: number, count: number): ChannelError {
  return new ChannelError(
    'badRequest',
    l10n.t('The tensor "{0}" has {1} rows, so there is no {2}.', name, count, row),
  );
}
