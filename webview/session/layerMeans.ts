import { INITIAL_SELECTION, type Aggregate } from '../../server/protocol';
import type { HostChannel } from './hostChannel';
import type { Lens } from './lens';

/** Each layer's heads as one, as small as a head's thumbnail. */
export interface LayerMeans extends Lens {
  generation: number;
  aggregate: Aggregate;
  size: number;
  /** float32 [row, column] by layer; one that is not here yet is missing. */
  layers: Float32Array[];
}

/**
 * Asks for the means of `layers` one after the other, and tells of each. They are not part of an
 * overview: the largest weights of a mean are not the mean of the largest weights.
 */
export async function askLayerMeans(
  channel: HostChannel,
  about: Omit<LayerMeans, 'layers'> & { layers: readonly number[]; tokens: number },
  signal: AbortSignal,
  arrived: (means: LayerMeans) => void,
): Promise<void> {
  const { generation, aggregate, reading, encoding, size, tokens } = about;
  const means: LayerMeans = { generation, aggregate, reading, encoding, size, layers: [] };
  for (const layer of about.layers) {
    const { values } = await channel.request(
      'region',
      {
        generation,
        selection: { ...INITIAL_SELECTION, layer, aggregate, reading, encoding },
        queries: [0, tokens],
        keys: [0, tokens],
        rows: size,
        columns: size,
        pool: 'max',
      },
      { signal },
    );
    means.layers[layer] = values;
    arrived({ ...means, layers: [...means.layers] });
  }
}
