/**
 * The weights of the Chapter model that no table gives: its MLP and its output layer.
 * Nothing is trained. Numbers come from the seeded generator (mulberry32, seeds below),
 * uniform in ±√(6 / (rows + columns)) (Glorot & Bengio 2010, eq. 16), filled row by row
 * and rounded to float32; biases are 0.
 */
import { seededGenerator } from '../positional/generator';

/** Any would do; written down so that every program makes the same numbers. */
export const WEIGHT_SEEDS = { mlp: 1, output: 2 } as const;

export interface ChapterWeights {
  /** [2 · width, width] */
  mlpWeight: Float32Array;
  /** [width], zeros */
  mlpBias: Float32Array;
  /** W of the linear output, [width, width]. */
  outputWeight: Float32Array;
  /** b of the linear output, [width], zeros. */
  outputBias: Float32Array;
}

/** The weights for a model width; the same for the same width, everywhere. */
export function chapterWeights(width: number): ChapterWeights {
  return {
    mlpWeight: glorotUniform(2 * width, width, WEIGHT_SEEDS.mlp),
    mlpBias: new Float32Array(width),
    outputWeight: glorotUniform(width, width, WEIGHT_SEEDS.output),
    outputBias: new Float32Array(width),
  };
}

/** A matrix [rows, columns] of seeded uniform numbers in ±√(6 / (rows + columns)). */
export function glorotUniform(rows: number, columns: number, seed: number): Float32Array {
  const limit = Math.sqrt(6 / (rows + columns));
  const next = seededGenerator(seed);
  const matrix = new Float32Array(rows * columns);
  for (let cell = 0; cell < matrix.length; cell++) matrix[cell] = (2 * next() - 1) * limit;
  return matrix;
}
