import { readFileSync } from 'node:fs';
import { fromFloat16Bits } from '../../../server/onnx/float16';
import { readSafetensors } from '../../../server/onnx/safetensors';

const FOLDER = 'models/all-minilm-l6-v2';
const file = new Uint8Array(readFileSync(`${FOLDER}/model.safetensors`));
const tensors = readSafetensors(file);

/** A tensor of the bundled model in float32. */
export function bundledTensor(name: string): Float32Array {
  const { offset, length } = tensors.get(name)!;
  const start = file.byteOffset + offset;
  return fromFloat16Bits(new Uint16Array(file.buffer.slice(start, start + length)));
}

/** The bundled model's tokenizer.json. */
export function bundledTokenizerFile(): Uint8Array {
  return new Uint8Array(readFileSync(`${FOLDER}/tokenizer.json`));
}
