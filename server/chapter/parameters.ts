/** What the Chapter model's graph reads besides the bundled model's tables, as a file's bytes. */
import { writeSafetensors, type TensorData } from '../onnx/safetensors';
import { additiveTable } from './encoding';
import type { ChapterSettings } from './controls';
import { chapterWeights } from './weights';

/** The name under which the graph asks for these bytes. */
export const PARAMETERS_LOCATION = 'chapter.safetensors';

/** Tensors of {@link chapterParameters}; the last only where the settings need it. */
export const PARAMETERS = {
  mlpWeight: 'mlp.weight',
  mlpBias: 'mlp.bias',
  outputWeight: 'output.weight',
  outputBias: 'output.bias',
  /** [position, width], scale factor included */
  table: 'encoding.table',
} as const;

/**
 * The parameters as a safetensors file, all float32: the seeded weights, and the
 * sinusoidal table where the settings ask for it.
 */
export function chapterParameters(
  settings: ChapterSettings,
  width: number,
  positions: number,
): Uint8Array {
  const weights = chapterWeights(width);
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
  return writeSafetensors(tensors);
}

/** Float32 in little-endian order, whatever the machine's. */
function tensor(values: ArrayLike<number>, shape: readonly number[]): TensorData {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < values.length; index++)
    view.setFloat32(index * 4, values[index]!, true);
  return { dtype: 'F32', shape, bytes };
}
