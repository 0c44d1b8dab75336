/**
 * The kernel in plain TypeScript: the reference for the SIMD one, and what runs
 * where WebAssembly has no SIMD. Sums are float64.
 */
import { cellStart, FIRST_TOKENS, hasCheapBound, keyCount, keyHeadOf, MOMENTS } from './kernel';
import { momentsOf } from './moments';
import { bent, distanceBias, logSumExpOf, similarityTerm, visibleKeys } from './score';
import type {
  DescribedRows,
  Head,
  HeadView,
  Kernel,
  LayerShape,
  PooledMap,
  Rectangle,
  Span,
  StoredLayer,
} from './kernel';

class PlainLayer implements StoredLayer {
  query: Float32Array;
  key: Float32Array;

  constructor(
    readonly shape: LayerShape,
    query: Float32Array,
    key: Float32Array,
  ) {
    this.query = query.slice();
    this.key = key.slice();
  }

  queryVector(head: number, token: number): Float32Array {
    const { tokens, headSize } = this.shape;
    const at = (head * tokens + token) * headSize;
    return this.query.slice(at, at + headSize);
  }

  keyVector(head: number, token: number): Float32Array {
    const { headSize } = this.shape;
    const at = (keyHeadOf(this.shape, head) * keyCount(this.shape) + token) * headSize;
    return this.key.slice(at, at + headSize);
  }

  release(): void {
    this.query = this.key = new Float32Array(0);
  }
}

export class PlainKernel implements Kernel {
  readonly name = 'plain';

  store(shape: LayerShape, query: Float32Array, key: Float32Array): StoredLayer {
    return new PlainLayer(shape, query, key);
  }

  logSumExp(
    head: Head,
    excluded: readonly number[],
    [from, to]: Span = [0, head.layer.shape.tokens],
  ): Float64Array {
    const keys = keyCount(head.layer.shape);
    const result = new Float64Array(to - from);
    const scores = new Float64Array(keys);
    for (let query = from; query < to; query++) {
      scoreRow(head, query, [0, keys], excluded, scores);
      result[query - from] = logSumExpOf(scores, sinkOf(head));
    }
    return result;
  }

  sumRows(heads: readonly Head[], [from, to]: Span, excluded: readonly number[]): Float32Array {
    const keys = keyCount(shapeOf(heads));
    const sum = new Float32Array((to - from) * keys);
    const scores = new Float64Array(keys);
    for (const head of heads) {
      for (let query = from; query < to; query++) {
        scoreRow(head, query, [0, keys], excluded, scores);
        const logSumExp = logSumExpOf(scores, sinkOf(head));
        addExponentials(scores, logSumExp, sum, (query - from) * keys);
      }
    }
    return sum;
  }

  describeRows(head: Head, queries: Span): DescribedRows {
    const rows = this.sumRows([head], queries, []);
    const keys = keyCount(head.layer.shape);
    const moments = new Float32Array((queries[1] - queries[0]) * MOMENTS);
    for (let query = queries[0]; query < queries[1]; query++) {
      const at = query - queries[0];
      const row = rows.subarray(at * keys, (at + 1) * keys);
      moments.set(momentsOf(query, row), at * MOMENTS);
    }
    return { rows, moments };
  }

  receivedAtMost({ layer, head }: Head): Float32Array {
    const { shape } = layer;
    const { tokens } = shape;
    const most = new Float32Array(Math.min(FIRST_TOKENS, keyCount(shape)));
    if (!hasCheapBound(shape)) return most.fill(1);
    const bound = firstWeights(layer as PlainLayer, head, most.length);
    for (let query = 0; query < tokens; query++) {
      bound(query).forEach((weight, key) => (most[key]! += weight / tokens));
    }
    return most;
  }

  sumColumns(heads: readonly HeadView[], key: number): Float32Array {
    const { tokens } = shapeOf(heads);
    const sum = new Float32Array(tokens);
    const score = new Float64Array(1);
    for (const head of heads) {
      for (let query = 0; query < tokens; query++) {
        scoreRow(head, query, [key, key + 1], [], score);
        addExponentials(score, head.logSumExp[query]!, sum, query);
      }
    }
    return sum;
  }

  sumBlocks(
    heads: readonly HeadView[],
    { queries, keys }: Rectangle,
    excluded: readonly number[],
  ): Float32Array {
    const columns = keys[1] - keys[0];
    const sum = new Float32Array((queries[1] - queries[0]) * columns);
    const scores = new Float64Array(columns);
    for (const head of heads) {
      for (let query = queries[0]; query < queries[1]; query++) {
        scoreRow(head, query, keys, excluded, scores);
        addExponentials(scores, head.logSumExp[query]!, sum, (query - queries[0]) * columns);
      }
    }
    return sum;
  }

  maxPool(
    head: HeadView,
    { queries, keys }: Rectangle,
    excluded: readonly number[],
    rows: number,
    columns: number,
  ): Float32Array {
    const [height, width] = [queries[1] - queries[0], keys[1] - keys[0]];
    const pooled = new Float32Array(rows * columns).fill(-Infinity);
    const scores = new Float64Array(width);
    for (let row = 0; row < rows; row++) {
      const end = queries[0] + cellStart(row + 1, rows, height);
      for (let query = queries[0] + cellStart(row, rows, height); query < end; query++) {
        scoreRow(head, query, keys, excluded, scores);
        for (let column = 0; column < columns; column++) {
          const last = cellStart(column + 1, columns, width);
          let largest = pooled[row * columns + column]!;
          for (let key = cellStart(column, columns, width); key < last; key++) {
            largest = Math.max(largest, scores[key]! - head.logSumExp[query]!);
          }
          pooled[row * columns + column] = largest;
        }
      }
    }
    return pooled.map(Math.exp);
  }

  poolMap(head: Head, excluded: readonly number[], rows: number, columns: number): PooledMap {
    const { shape } = head.layer;
    const logSumExp = this.logSumExp(head, excluded);
    const whole = { queries: [0, shape.tokens], keys: [0, keyCount(shape)] } as const;
    return {
      cells: this.maxPool({ ...head, logSumExp }, whole, excluded, rows, columns),
      logSumExp,
    };
  }
}

/** Writes the scores of one query into `scores`, one for each key of the range; −Infinity where masked. */
function scoreRow(
  { layer, head, keyBias }: Head,
  query: number,
  keys: readonly [number, number],
  excluded: readonly number[],
  scores: Float64Array,
): void {
  const { shape } = layer;
  const { tokens, headSize } = shape;
  const similarity = similarityOf(layer as PlainLayer);
  const queryAt = (head * tokens + query) * headSize;
  const keysAt = keyHeadOf(shape, head) * keyCount(shape) * headSize;
  const [start, end] = visibleKeys(shape, query);
  scores.fill(-Infinity);
  for (let key = Math.max(start, keys[0]); key < Math.min(end, keys[1]); key++) {
    scores[key - keys[0]] =
      bent(shape, similarity(queryAt, keysAt + key * headSize)) +
      distanceBias(shape, head, query, key);
  }
  if (keyBias) {
    for (let key = keys[0]; key < keys[1]; key++) scores[key - keys[0]]! += keyBias[key]!;
  }
  for (const key of excluded) {
    if (key >= keys[0] && key < keys[1]) scores[key - keys[0]] = -Infinity;
  }
}

/** How alike the query and the key that begin at two places are. */
function similarityOf({
  shape,
  query: q,
  key: k,
}: PlainLayer): (queryAt: number, keyAt: number) => number {
  return (queryAt, keyAt) => {
    let sum = 0;
    for (let i = 0; i < shape.headSize; i++)
      sum += similarityTerm(shape, i, q[queryAt + i]!, k[keyAt + i]!);
    return sum;
  };
}

function addExponentials(
  scores: Float64Array,
  logSumExp: number,
  sum: Float32Array,
  at: number,
): void {
  for (let i = 0; i < scores.length; i++) sum[at + i]! += Math.exp(scores[i]! - logSumExp);
}

function sinkOf({ layer, head, keysOnly }: Head): number | undefined {
  return keysOnly ? undefined : layer.shape.sinks?.[head];
}

function shapeOf(heads: readonly Head[]): LayerShape {
  const first = heads[0];
  if (!first) throw new RangeError('At least one head is needed.');
  return first.layer.shape;
}

/**
 * What the first keys weigh at most for a query, float64 [key]: the others' powers sum to at
 * least what they would if each had the mean of their scores (Jensen's inequality).
 */
function firstWeights(
  layer: PlainLayer,
  head: number,
  count: number,
): (query: number) => Float64Array {
  const { headSize, scale } = layer.shape;
  const total = keyCount(layer.shape);
  const keys = Array.from({ length: total }, (_, key) => layer.keyVector(head, key));
  const mean = Float64Array.from(
    { length: headSize },
    (_, i) => keys.slice(count).reduce((sum, key) => sum + key[i]!, 0) / (total - count),
  );
  const points = [...keys.slice(0, count), ...(total > count ? [mean] : [])];
  return (query) => {
    const own = layer.queryVector(head, query);
    const scores = points.map((key) => scale * own.reduce((sum, q, i) => sum + q * key[i]!, 0));
    const largest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - largest));
    const sum = powers.reduce((whole, power, at) => {
      return whole + (at < count ? power : (total - count) * power);
    }, 0);
    return Float64Array.from(powers.slice(0, count), (power) => power / sum);
  };
}
