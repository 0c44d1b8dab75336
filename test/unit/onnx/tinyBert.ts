/** A small BERT with random weights, for graphs that can be checked by hand. */
import { readBertConfig } from '../../../server/onnx/architectures/bertConfig';
import type { BertConfig } from '../../../server/onnx/architectures/bertConfig';
import type { TensorData } from '../../../server/onnx/safetensors';

export const TINY_CONFIG = {
  model_type: 'bert',
  hidden_act: 'gelu',
  hidden_size: 12,
  intermediate_size: 20,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 16,
  num_attention_heads: 3,
  num_hidden_layers: 2,
  type_vocab_size: 2,
  vocab_size: 30,
};

/** Sizes of a BERT in the words of its config.json. */
export type BertSizes = typeof TINY_CONFIG;

export const tinyConfig = (sizes: BertSizes = TINY_CONFIG): BertConfig => readBertConfig(sizes);

/** Name → shape of every tensor the graph needs. */
export function tinyShapes(sizes: BertSizes = TINY_CONFIG): Map<string, number[]> {
  const { hidden_size: width, intermediate_size: wide, num_hidden_layers } = sizes;
  const shapes = new Map<string, number[]>([
    ['embeddings.word_embeddings.weight', [sizes.vocab_size, width]],
    ['embeddings.position_embeddings.weight', [sizes.max_position_embeddings, width]],
    ['embeddings.token_type_embeddings.weight', [sizes.type_vocab_size, width]],
  ]);
  const norm = (name: string): void => {
    shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  };
  const linear = (name: string, from: number, to: number): void => {
    shapes.set(`${name}.weight`, [to, from]).set(`${name}.bias`, [to]);
  };
  norm('embeddings.LayerNorm');
  for (let layer = 0; layer < num_hidden_layers; layer++) {
    const name = `encoder.layer.${layer}`;
    for (const part of ['query', 'key', 'value']) {
      linear(`${name}.attention.self.${part}`, width, width);
    }
    linear(`${name}.attention.output.dense`, width, width);
    norm(`${name}.attention.output.LayerNorm`);
    linear(`${name}.intermediate.dense`, width, wide);
    linear(`${name}.output.dense`, wide, width);
    norm(`${name}.output.LayerNorm`);
  }
  return shapes;
}

/** float32 weights that are the same every time, by name. */
export function tinyWeights(sizes: BertSizes = TINY_CONFIG): Map<string, Float32Array> {
  let state = 1;
  // Numerical Recipes' linear congruential generator; any fixed sequence would do.
  const next = (): number => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 31 - 1;
  return new Map(
    [...tinyShapes(sizes)].map(([name, shape]) => [
      name,
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next),
    ]),
  );
}

/** The weights as tensors to write to a safetensors file. */
export function tinyTensors(sizes: BertSizes = TINY_CONFIG): Map<string, TensorData> {
  const shapes = tinyShapes(sizes);
  return new Map(
    [...tinyWeights(sizes)].map(([name, values]) => [
      name,
      { dtype: 'F32', shape: shapes.get(name) ?? [], bytes: new Uint8Array(values.buffer) },
    ]),
  );
}
