/** What distance adds to scores, head by head: a learned number (T5) or a slope (ALiBi). */
import type { PanelPosition } from '../protocol';

type Biased = Pick<PanelPosition, 'bias' | 'slopes' | 'total'>;

/** The part of it that is drawn: as far as the numbers differ and keys can be seen. */
export interface DistanceBias {
  heads: number;
  /** Of the first column: key − query. */
  from: number;
  columns: number;
  /** float32 [head, column] */
  values: Float32Array;
  /** [column]: which row of a learned table it has; null where there is no table. */
  buckets: readonly number[] | null;
}

/** Slopes fall on and on; further than this the picture says nothing new. */
const SLOPES_REACH = 64;

/** Null where distance adds nothing. In causal models no key stands behind its query. */
export function distanceBias(position: Biased, causal: boolean): DistanceBias | null {
  const { bias, slopes, total } = position;
  const reach = bias?.reach ?? Math.min(SLOPES_REACH, Math.max(1, total - 1));
  const heads = bias ? bias.values.length / (2 * reach + 1) : (slopes?.length ?? 0);
  if (heads === 0) return null;
  const columns = causal ? reach + 1 : 2 * reach + 1;
  return {
    heads,
    from: -reach,
    columns,
    values: Float32Array.from({ length: heads * columns }, (_, cell) =>
      biasAt(position, Math.floor(cell / columns), (cell % columns) - reach),
    ),
    buckets: bias?.buckets.slice(0, columns) ?? null,
  };
}

/** What one head adds for a distance = key − query; beyond a table's reach what its end has. */
export function biasAt({ bias, slopes }: Biased, head: number, distance: number): number {
  if (!bias) return -(slopes?.[head] ?? 0) * Math.abs(distance);
  const { reach, values } = bias;
  const near = Math.max(-reach, Math.min(reach, distance));
  return values[head * (2 * reach + 1) + reach + near] ?? NaN;
}

/** What a head adds to the scores of one token, float32 [key]; NaN for keys that a causal model hides. */
export function biasRow(
  position: Biased & Pick<PanelPosition, 'positionIds'>,
  { head, token, causal }: { head: number; token: number; causal: boolean },
): Float32Array {
  const { positionIds } = position;
  const own = positionIds[token] ?? 0;
  return Float32Array.from(positionIds, (id, key) =>
    causal && key > token ? NaN : biasAt(position, head, id - own),
  );
}

/** The first and the last distance that share a column's number, as the table has it. */
export function sharedDistances(
  { buckets, from }: DistanceBias,
  column: number,
): [first: number, last: number] {
  if (!buckets) return [from + column, from + column];
  const same = (at: number): boolean => buckets[at] === buckets[column];
  let [first, last] = [column, column];
  while (first > 0 && same(first - 1)) first--;
  while (last < buckets.length - 1 && same(last + 1)) last++;
  return [from + first, from + last];
}
