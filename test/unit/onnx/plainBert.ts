/** A BERT encoder in plain TypeScript and double precision, to check graphs against. */
import type { BertConfig } from '../../../server/onnx/architectures/bertConfig';
import { attentionRow } from '../models/attentionRow';

type Rows = number[][];
type Weights = ReadonlyMap<string, Float32Array>;

/** The last hidden state [token][width] and each layer's weights, flat [head, query, key]. */
export function plainBert(
  config: BertConfig,
  weights: Weights,
  ids: readonly number[],
  positionScale: number,
): { hidden: Rows; attention: number[][] } {
  const table = (name: string, row: number): number[] =>
    slice(weights, name, row * config.hidden_size, config.hidden_size);
  let hidden: Rows = ids.map((id, position) => {
    const word = table('embeddings.word_embeddings.weight', id);
    const place = table('embeddings.position_embeddings.weight', position);
    const segment = table('embeddings.token_type_embeddings.weight', 0);
    return word.map((x, d) => x + (segment[d] ?? NaN) + positionScale * (place[d] ?? NaN));
  });
  hidden = normalize(config, weights, 'embeddings.LayerNorm', hidden);
  const attention: number[][] = [];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const name = `encoder.layer.${layer}`;
    const { context, rows } = attend(config, weights, `${name}.attention.self`, hidden);
    attention.push(rows);
    const attended = sum(linear(weights, `${name}.attention.output.dense`, context), hidden);
    const middle = normalize(config, weights, `${name}.attention.output.LayerNorm`, attended);
    const wide = linear(weights, `${name}.intermediate.dense`, middle).map((row) => row.map(gelu));
    const narrow = sum(linear(weights, `${name}.output.dense`, wide), middle);
    hidden = normalize(config, weights, `${name}.output.LayerNorm`, narrow);
  }
  return { hidden, attention };
}

function attend(
  config: BertConfig,
  weights: Weights,
  name: string,
  hidden: Rows,
): { context: Rows; rows: number[] } {
  const tokens = hidden.length;
  const headSize = config.hidden_size / config.num_attention_heads;
  const shape = { tokens, headSize, scale: 1 / Math.sqrt(headSize) };
  const heads = (part: string): Float32Array =>
    byHead(linear(weights, `${name}.${part}`, hidden), headSize);
  const [query, key] = [heads('query'), heads('key')];
  const value = linear(weights, `${name}.value`, hidden);
  const context: Rows = hidden.map((row) => row.map(() => 0));
  const rows: number[] = [];
  for (let head = 0; head < config.num_attention_heads; head++) {
    for (let token = 0; token < tokens; token++) {
      const row = attentionRow(query, key, head, token, shape);
      rows.push(...row);
      for (let d = head * headSize; d < (head + 1) * headSize; d++) {
        const mixed = row.reduce((total, p, from) => total + p * (value[from]?.[d] ?? NaN), 0);
        (context[token] ?? [])[d] = mixed;
      }
    }
  }
  return { context, rows };
}

/** [token][width] → flat [head, token, headSize] */
function byHead(rows: Rows, headSize: number): Float32Array {
  const heads = (rows[0]?.length ?? 0) / headSize;
  return Float32Array.from(
    Array.from({ length: heads }, (_, head) =>
      rows.flatMap((row) => row.slice(head * headSize, (head + 1) * headSize)),
    ).flat(),
  );
}

function linear(weights: Weights, name: string, input: Rows): Rows {
  const bias = weights.get(`${name}.bias`) ?? new Float32Array();
  return input.map((row) =>
    Array.from(bias, (offset, to) => {
      const column = slice(weights, `${name}.weight`, to * row.length, row.length);
      return row.reduce((total, x, from) => total + x * (column[from] ?? NaN), offset);
    }),
  );
}

function normalize(config: BertConfig, weights: Weights, name: string, rows: Rows): Rows {
  const width = config.hidden_size;
  const gain = slice(weights, `${name}.weight`, 0, width);
  const bias = slice(weights, `${name}.bias`, 0, width);
  return rows.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / width;
    const variance = row.reduce((total, x) => total + (x - mean) ** 2, 0) / width;
    const deviation = Math.sqrt(variance + config.layer_norm_eps);
    return row.map((x, d) => ((x - mean) / deviation) * (gain[d] ?? NaN) + (bias[d] ?? NaN));
  });
}

const sum = (a: Rows, b: Rows): Rows =>
  a.map((row, token) => row.map((x, d) => x + (b[token]?.[d] ?? NaN)));

/** x·Φ(x) (Hendrycks & Gimpel 2016), with Φ integrated numerically: no erf in the language. */
function gelu(x: number): number {
  const steps = 2000;
  const width = x / steps;
  let area = 0;
  for (let step = 0; step < steps; step++) {
    const at = (step + 0.5) * width;
    area += Math.exp(-at * at * 0.5) * width;
  }
  return x * (0.5 + area / Math.sqrt(2 * Math.PI));
}

function slice(weights: Weights, name: string, from: number, length: number): number[] {
  const values = weights.get(name);
  if (!values) throw new Error(`no weights ${name}`);
  return Array.from(values.subarray(from, from + length));
}
