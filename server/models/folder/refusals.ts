/** What a folder can be told by that cannot be shown, and the sentence for each. */
import * as l10n from '@vscode/l10n';
import { BUILDABLE_TYPES } from '../../onnx/architectures/architectures';
import { ModelError } from '../modelError';
import type { FolderConfig } from './config';
import type { FolderEntry } from './modelFolder';
import { otherKindSentence } from './otherKinds';

/** Pickles run code of whoever made them when they are read. */
const PICKLES = /\.(bin|pt|pth|pkl|ckpt)$/;

/** One of several files of weights. */
const SHARD = /(^|\/)[^/]*-\d{5}-of-\d{5}\.safetensors$/;

/** Why a folder without safetensors and ONNX cannot be opened. */
export function noWeights(
  name: string,
  entries: ReadonlyMap<string, FolderEntry>,
): ModelError {
  const pickle = [...entries.keys()].find((path) => PICKLES.test(path));
  if (pickle !== undefined)
    return new ModelError(
      'modelNotSupported',
      l10n.t(
        'The weights of this model are a pickle ("{0}"), a format that runs code when it is read, so it is never opened. Save the model as safetensors: {1}',
        pickle,
        `python -c "from transformers import AutoModel as M; M.from_pretrained('.').save_pretrained('.')"`,
      ),
    );
  const part = [...entries.keys()].find((path) => SHARD.test(path));
  if (part !== undefined)
    return new ModelError(
      'modelMissing',
      l10n.t(
        'The folder has a part of the model\'s weights ("{0}") but no model.safetensors.index.json, which says what the other parts are. Copy or download all files again.',
        part,
      ),
    );
  return new ModelError(
    'modelMissing',
    l10n.t(
      'The folder "{0}" has no weights: put model.safetensors or an .onnx file into it.',
      name,
    ),
  );
}

/** Throws ModelError where the model can be run with code of its own only, or in a form that is not read. */
export function requirePlain({ auto_map: code, quantization_config: quantised }: FolderConfig): void {
  if (code !== null && code !== undefined)
    throw new ModelError(
      'modelNotSupported',
      l10n.t(
        'The model\'s config.json names code of the model\'s own ("auto_map"). Such code is never run; use an ONNX export of the model.',
      ),
    );
  if (quantised)
    throw new ModelError(
      'modelNotSupported',
      l10n.t(
        'The weights of this model are quantised ("{0}"), which is not read from safetensors; use the model\'s unquantised weights or an ONNX export.',
        quantised.quant_method ?? 'quantization_config',
      ),
    );
}

/** Why no graph can be built of a `model_type`. */
export function unknownType(type: string | undefined): ModelError {
  if (type === undefined)
    return new ModelError(
      'modelRefused',
      l10n.t('The model\'s config.json does not say what kind of model it is ("model_type").'),
    );
  const known = otherKindSentence(type, 'weights');
  if (known !== undefined) return new ModelError('modelNotSupported', known);
  return new ModelError(
    'modelNotSupported',
    l10n.t(
      'Models of the kind "{0}" cannot be built from their weights. An ONNX export of the model can be opened instead. Known kinds: {1}.',
      type.slice(0, 60),
      BUILDABLE_TYPES.join(', '),
    ),
  );
}

