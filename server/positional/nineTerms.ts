/**
 * A score of the first layer split into what content, position and the rest bring.
 *
 * Where position is added to the embeddings, x = LN(word + position + constant), a
 * query is W_Q·x + b_Q and a key W_K·x + b_K. LayerNorm (Ba et al. 2016) is linear
 * once its mean and its deviation are taken from the full sum, so each of x, q and k
 * is the sum of three parts, and q·k of nine products. The split is exact in layer 0
 * and says nothing about later layers, where content and position are mixed.
 */
import { requireLength } from './limits';

/** Order of parts wherever they are numbered. */
export const PARTS = ['content', 'position', 'constant'] as const;
export type Part = (typeof PARTS)[number];

export interface LayerNorm {
  /** [width] */
  gain: ArrayLike<number>;
  /** [width] */
  bias: ArrayLike<number>;
  /** Added to the variance. */
  epsilon: number;
}

export interface EmbeddingParts {
  /** Word embeddings, [token, width]. */
  content: ArrayLike<number>;
  /** Position embeddings as they are added, scale included, [token, width]. */
  position: ArrayLike<number>;
  /** What every token gets alike, e.g. the segment embedding, [width]. */
  constant: ArrayLike<number>;
}

export interface Projection {
  /** [headSize, width]: one head's rows of a linear layer. */
  weight: ArrayLike<number>;
  /** [headSize] */
  bias: ArrayLike<number>;
}

/** One head's queries or keys in three parts that sum to them, each [token, headSize]. */
export type PartVectors = { readonly [part in Part]: Float64Array };

/**
 * Splits one head's projection of layer 0. `norm` is null where nothing normalises
 * the embeddings. Biases of LayerNorm and projection count as constant.
 */
export function projectParts(
  embedding: EmbeddingParts,
  width: number,
  norm: LayerNorm | null,
  projection: Projection,
): PartVectors {
  const tokens = embedding.content.length / width;
  const headSize = projection.bias.length;
  requireLength('position', embedding.position.length, tokens * width);
  requireLength('constant', embedding.constant.length, width);
  requireLength('weight', projection.weight.length, headSize * width);
  const vectors = {
    content: new Float64Array(tokens * headSize),
    position: new Float64Array(tokens * headSize),
    constant: new Float64Array(tokens * headSize),
  };
  for (let token = 0; token < tokens; token++) {
    const parts = normalisedParts(embedding, token, width, norm);
    for (const part of PARTS) {
      const bias = part === 'constant' ? projection.bias : null;
      project(parts[part], projection.weight, bias, vectors[part], token * headSize);
    }
  }
  return vectors;
}

/** Nine products [query part, key part] in the order of {@link PARTS}, of one query and one key. */
export function nineTerms(
  queries: PartVectors,
  keys: PartVectors,
  query: number,
  key: number,
  headSize: number,
): Float64Array {
  const terms = new Float64Array(9);
  PARTS.forEach((queryPart, row) =>
    PARTS.forEach((keyPart, column) => {
      terms[row * 3 + column] = product(
        queries[queryPart],
        query * headSize,
        keys[keyPart],
        key * headSize,
        headSize,
      );
    }),
  );
  return terms;
}

/** The nine terms joined by what they depend on; the four sum to q·k. */
export interface TermGroups {
  /** Both sides position, or one of them constant. */
  position: number;
  /** Both sides content, or one of them constant. */
  content: number;
  /** Content meets position: neither can claim it alone. */
  mixed: number;
  /** The same for every pair of tokens. */
  constant: number;
}

/** Joins nine terms [query part, key part]. */
export function groupTerms(terms: ArrayLike<number>): TermGroups {
  const at = (query: Part, key: Part) => terms[PARTS.indexOf(query) * 3 + PARTS.indexOf(key)]!;
  return {
    position: at('position', 'position') + at('position', 'constant') + at('constant', 'position'),
    content: at('content', 'content') + at('content', 'constant') + at('constant', 'content'),
    mixed: at('content', 'position') + at('position', 'content'),
    constant: at('constant', 'constant'),
  };
}

type PartRows = { readonly [part in Part]: Float64Array };

function normalisedParts(
  embedding: EmbeddingParts,
  token: number,
  width: number,
  norm: LayerNorm | null,
): PartRows {
  const row = (values: ArrayLike<number>, start: number) =>
    Float64Array.from({ length: width }, (_, column) => values[start + column]!);
  const parts = {
    content: row(embedding.content, token * width),
    position: row(embedding.position, token * width),
    constant: row(embedding.constant, 0),
  };
  if (!norm) return parts;
  const deviation = deviationOfSum(parts, width, norm.epsilon);
  const normalise = (values: Float64Array) => {
    const mean = average(values);
    return values.map((value, column) => (norm.gain[column]! * (value - mean)) / deviation);
  };
  return {
    content: normalise(parts.content),
    position: normalise(parts.position),
    constant: normalise(parts.constant).map((value, column) => value + norm.bias[column]!),
  };
}

/** Means of parts add up to the sum's mean; deviations do not, so the full sum's is taken. */
function deviationOfSum(parts: PartRows, width: number, epsilon: number): number {
  const sum = Float64Array.from(
    { length: width },
    (_, column) => parts.content[column]! + parts.position[column]! + parts.constant[column]!,
  );
  const mean = average(sum);
  return Math.sqrt(average(sum.map((value) => (value - mean) ** 2)) + epsilon);
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function project(
  row: Float64Array,
  weight: ArrayLike<number>,
  bias: ArrayLike<number> | null,
  target: Float64Array,
  start: number,
): void {
  const headSize = weight.length / row.length;
  for (let output = 0; output < headSize; output++) {
    target[start + output] =
      product(row, 0, weight, output * row.length, row.length) + (bias?.[output] ?? 0);
  }
}

function product(
  left: ArrayLike<number>,
  leftStart: number,
  right: ArrayLike<number>,
  rightStart: number,
  length: number,
): number {
  let sum = 0;
  for (let index = 0; index < length; index++) {
    sum += left[leftStart + index]! * right[rightStart + index]!;
  }
  return sum;
}
