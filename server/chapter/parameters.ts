/** What the Chapter model's graph reads besides the bundled model's tables, as a file's bytes. */
import { writeSafetensors, type TensorData } from '../onnx/safetensors';
import { additiveTable, chapterRope, chapterSlopes } from './encoding';
import type { ChapterSettings } from './controls';
import { chapterWeights } from './weights';

/** The name under which the graph asks for these bytes. */
export const PARAMETERS_LOCATION = 'chapter.safetensors';

/** Tensors of {@link chapterParameters}; the last three only where the settings need them. */
export const PARAMETERS = {
  mlpWeight: 'mlp.weight',
  mlpBias: 'mlp.bias',
  outputWeight: 'output.weight',
  outputBias: 'output.bias',
  /** [position, width], scale factor included */
  table: 'encoding.table',
  /** [2, headSize / 2]: frequencies and what float32 rounds off them */
  frequencies: 'encoding.frequencies',
  /** [head, 1, 1] */
  slopes: 'encoding.slopes',
} as const;

/**
 * The parameters as a safetensors file, all float32: the seeded weights, and whatever
 * the settings ask for of sinusoidal table, rotary frequencies and slopes.
 */
export function chapterParameters(
  settings: ChapterSettings,
  width: number,
  positions: number,
): Uint8Array {
  const weights = chapterWeights(width);
  const headSize = width / settings.heads;
  const tensors = new Map<string, TensorData>([
    [PARAMETERS.mlpWeight, tensor(weights.mlpWeight, [2 * width, width])],
    [PARAMETERS.mlpBias, tensor(weights.mlpBias, [width])],
    [PARAMETERS.outputWeight, tensor(weights.outputWeight, [width, width])],
    [PARAMETERS.outputBias, tensor(weights.outputBias, [width])],
  ]);
  if (settings.encoding === 'sinusoidal') {
    const table = additiveTable(settings, positions, width, null);
    tensors.set(PARAMETERS.table, tensor(table, [positions, width]));
  }
  const rope = chapterRope(settings, headSize);
  if (rope)
    tensors.set(PARAMETERS.frequencies, tensor(doubled(rope.frequencies), [2, headSize / 2]));
  const slopes = chapterSlopes(settings);
  if (slopes) tensors.set(PARAMETERS.slopes, tensor(slopes, [settings.heads, 1, 1]));
  return writeSafetensors(tensors);
}

/** Each number as two float32 that sum to it: an angle of 500 radians needs more than one holds. */
function doubled(values: Float64Array): Float64Array {
  const pairs = new Float64Array(2 * values.length);
  values.forEach((value, index) => {
    pairs[index] = Math.fround(value);
    pairs[values.length + index] = value - Math.fround(value);
  });
  return pairs;
}

/** Float32 in little-endian order, whatever the machine's. */
function tensor(values: ArrayLike<number>, shape: readonly number[]): TensorData {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < values.length; index++)
    view.setFloat32(index * 4, values[index]!, true);
  return { dtype: 'F32', shape, bytes };
}
