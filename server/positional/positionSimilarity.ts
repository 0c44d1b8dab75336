/** How alike the encodings of two positions are: dot products of a table's rows. */
import * as l10n from '@vscode/l10n';
import { PositionError } from './positionError';

/** Dot products of all pairs of rows, row-major [position, position], symmetric. */
export function positionSimilarity(table: ArrayLike<number>, width: number): Float64Array {
  const positions = rowCount(table, width);
  const similarity = new Float64Array(positions * positions);
  for (let i = 0; i < positions; i++) {
    for (let j = i; j < positions; j++) {
      const product = rowProduct(table, width, i, j);
      similarity[i * positions + j] = product;
      similarity[j * positions + i] = product;
    }
  }
  return similarity;
}

/** Dot products of one row with each row, [position]. */
export function similarityTo(
  position: number,
  table: ArrayLike<number>,
  width: number,
): Float64Array {
  const positions = rowCount(table, width);
  if (!Number.isInteger(position) || position < 0 || position >= positions) {
    throw new PositionError(
      'position',
      l10n.t('Position {0} is not in a table of {1} positions.', String(position), positions),
    );
  }
  return Float64Array.from({ length: positions }, (_, other) =>
    rowProduct(table, width, position, other),
  );
}

/** Dot products gathered by how far apart two positions are; arrays are [distance] from 0. */
export interface SimilarityByDistance {
  mean: Float64Array;
  /** Standard deviation over the pairs of a distance; 0 where similarity depends on distance alone. */
  spread: Float64Array;
  smallest: Float64Array;
  largest: Float64Array;
}

/**
 * Similarity by distance 0 … positions − 1. Sinusoidal tables have no spread: the
 * product is Σ cos(distance · frequency), whatever the two positions are.
 */
export function similarityByDistance(
  table: ArrayLike<number>,
  width: number,
): SimilarityByDistance {
  const positions = rowCount(table, width);
  const result = emptyStatistics(positions);
  for (let distance = 0; distance < positions; distance++) {
    const products = Float64Array.from({ length: positions - distance }, (_, position) =>
      rowProduct(table, width, position, position + distance),
    );
    const mean = products.reduce((sum, value) => sum + value, 0) / products.length;
    const squares = products.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    result.mean[distance] = mean;
    result.spread[distance] = Math.sqrt(squares / products.length);
    result.smallest[distance] = products.reduce((least, value) => Math.min(least, value));
    result.largest[distance] = products.reduce((most, value) => Math.max(most, value));
  }
  return result;
}

function emptyStatistics(distances: number): SimilarityByDistance {
  return {
    mean: new Float64Array(distances),
    spread: new Float64Array(distances),
    smallest: new Float64Array(distances),
    largest: new Float64Array(distances),
  };
}

function rowProduct(table: ArrayLike<number>, width: number, i: number, j: number): number {
  let product = 0;
  for (let column = 0; column < width; column++) {
    product += table[i * width + column]! * table[j * width + column]!;
  }
  return product;
}

function rowCount(table: ArrayLike<number>, width: number): number {
  const rows = table.length / width;
  if (Number.isInteger(rows)) return rows;
  throw new PositionError(
    'shape',
    l10n.t('A table of {0} numbers has no whole rows of width {1}.', table.length, width),
  );
}
