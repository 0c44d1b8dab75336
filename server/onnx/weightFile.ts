/** A safetensors file as the source of a graph's external data. */
import * as l10n from '@vscode/l10n';
import type { ExternalRange } from './graph';
import { OnnxError } from './onnxError';
import type { Safetensors } from './safetensors';
import type { ElementTypeName } from './schema';

/** The element types a graph can compute with, at most after a cast. */
const ELEMENT_TYPES: { readonly [dtype: string]: ElementTypeName } = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};

/** What a graph needs to know of a tensor that stays in its file. */
export interface StoredWeight {
  type: ElementTypeName;
  range: ExternalRange;
}

export class WeightFile {
  readonly #location: string;
  readonly #tensors: Safetensors;

  /** `location` is the file's name as the graph will give it. */
  constructor(location: string, tensors: Safetensors) {
    this.#location = location;
    this.#tensors = tensors;
  }

  /** The tensor of that name and shape. Throws OnnxError when there is none. */
  tensor(name: string, shape: readonly number[]): StoredWeight {
    const tensor = this.#tensors.get(name);
    if (!tensor) {
      throw new OnnxError(
        l10n.t('The weights file has no tensor "{0}", which the model needs.', name),
      );
    }
    if (tensor.shape.join() !== shape.join()) {
      throw new OnnxError(
        l10n.t(
          'The tensor "{0}" has the shape [{1}], but config.json asks for [{2}].',
          name,
          tensor.shape.join(', '),
          shape.join(', '),
        ),
      );
    }
    const range = { location: this.#location, offset: tensor.offset, length: tensor.length };
    return { type: elementType(name, tensor.dtype), range };
  }
}

function elementType(name: string, dtype: string): ElementTypeName {
  const type = ELEMENT_TYPES[dtype];
  if (type === undefined) {
    throw new OnnxError(
      l10n.t('The tensor "{0}" has the element type {1}, which is not supported.', name, dtype),
    );
  }
  return type;
}
