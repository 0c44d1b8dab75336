/** Which layers of a model see a window alone. */
import * as v from 'valibot';

/** What newer configurations say of each layer. */
export const layerTypes = v.nullish(v.array(v.picklist(['full_attention', 'sliding_attention'])));

/** Of each layer whether it slides: as the configuration says, or else by the model's habit. */
export function slidingLayers(
  types: v.InferOutput<typeof layerTypes>,
  layers: number,
  habit: (layer: number) => boolean,
): boolean[] {
  return Array.from({ length: layers }, (_, layer) => {
    const type = types?.[layer];
    return type === undefined ? habit(layer) : type === 'sliding_attention';
  });
}
