/** A Llama of 134.5 million parameters with seeded weights, as large as published small models are. */
import { once } from 'node:events';
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';

const CONFIG = {
  model_type: 'llama',
  architectures: ['LlamaModel'],
  hidden_act: 'silu',
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  max_position_embeddings: 8192,
  rms_norm_eps: 1e-5,
  rope_theta: 100_000,
  vocab_size: 49_152,
};

/** As initialised models have it: Xavier's bound for a matrix of this width is about it. */
const SPREAD = 0.06;
const FLOAT_BYTES = 4;
const PIECE = 1 << 20;

/** Bytes of the weights in float32, without their header. */
export const WEIGHT_BYTES = [...shapes().values()].reduce((sum, shape) => sum + bytesOf(shape), 0);

/** The model's folder inside `parent`, written where it is not there; weights are the same every time. */
export async function seededLlama(parent: string, tokenizer: string): Promise<string> {
  const folder = join(parent, 'llama-135m');
  const weights = join(folder, 'model.safetensors');
  if (existsSync(weights)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
  copyFileSync(tokenizer, join(folder, 'tokenizer.json'));
  await writeWeights(`${weights}.part`);
  renameSync(`${weights}.part`, weights);
  return folder;
}

function shapes(): Map<string, readonly number[]> {
  const { hidden_size: width, intermediate_size: wide, num_hidden_layers: layers } = CONFIG;
  const keys = (width / CONFIG.num_attention_heads) * CONFIG.num_key_value_heads;
  const all = new Map<string, readonly number[]>([
    ['embed_tokens.weight', [CONFIG.vocab_size, width]],
    ['norm.weight', [width]],
  ]);
  for (let layer = 0; layer < layers; layer++) {
    const linear = (name: string, from: number, to: number) =>
      all.set(`layers.${layer}.${name}_proj.weight`, [to, from]);
    linear('self_attn.q', width, width);
    linear('self_attn.k', width, keys);
    linear('self_attn.v', width, keys);
    linear('self_attn.o', width, width);
    linear('mlp.gate', width, wide);
    linear('mlp.up', width, wide);
    linear('mlp.down', wide, width);
    all.set(`layers.${layer}.input_layernorm.weight`, [width]);
    all.set(`layers.${layer}.post_attention_layernorm.weight`, [width]);
  }
  return all;
}

async function writeWeights(path: string): Promise<void> {
  let end = 0;
  const header = [...shapes()].map(([name, shape]) => {
    const start = end;
    end += bytesOf(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(json.length), true);
  const file = createWriteStream(path);
  file.write(new Uint8Array(length.buffer));
  file.write(json);
  const next = uniform(7);
  for (const shape of shapes().values()) {
    const gain = shape.length === 1;
    for (let left = bytesOf(shape) / FLOAT_BYTES; left > 0; left -= PIECE) {
      const values = Float32Array.from({ length: Math.min(left, PIECE) }, () =>
        gain ? 1 : next(),
      );
      if (!file.write(new Uint8Array(values.buffer))) await once(file, 'drain');
    }
  }
  file.end();
  await finished(file);
}

function bytesOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, FLOAT_BYTES);
}

/** Numerical Recipes' linear congruential generator, between −SPREAD and SPREAD. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) * SPREAD;
  };
}
