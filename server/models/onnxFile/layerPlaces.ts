/** Where layers with attention stand among all layers of a model, as `config.json` has it. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { LeftOutLayer } from '../../protocol';

/** More layers than any model has. */
const MOST_LAYERS = 1000;

const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_LAYERS));
const names = v.pipe(v.array(v.pipe(v.string(), v.maxLength(60))), v.minLength(1), v.maxLength(MOST_LAYERS));

const schema = v.object({
  num_hidden_layers: v.fallback(v.optional(index), undefined),
  layer_types: v.fallback(v.optional(names), undefined),
  layers_block_type: v.fallback(v.optional(names), undefined),
  block_types: v.fallback(v.optional(names), undefined),
  attn_layer_indices: v.fallback(v.optional(v.array(index)), undefined),
  full_attn_idxs: v.fallback(v.optional(v.array(index)), undefined),
  attn_layer_period: v.fallback(v.optional(v.pipe(index, v.minValue(1))), undefined),
  attn_layer_offset: v.fallback(v.optional(index), undefined),
});

/** [layer]: what the layer is; undefined where the configuration does not say. */
function layerKinds(parsed: unknown): string[] | undefined {
  const result = v.safeParse(schema, parsed);
  if (!result.success) return undefined;
  const config = result.output;
  const listed = config.layer_types ?? config.layers_block_type;
  if (listed) return listed;
  const count = config.num_hidden_layers;
  if (count === undefined) return undefined;
  const by = (isAttention: (layer: number) => boolean): string[] =>
    Array.from({ length: count }, (_, layer) => (isAttention(layer) ? 'attention' : 'no attention'));
  const { block_types: pattern, attn_layer_period: period, attn_layer_offset: offset = 0 } = config;
  if (pattern) return Array.from({ length: count }, (_, at) => pattern[at % pattern.length]!);
  const places = config.attn_layer_indices ?? config.full_attn_idxs;
  if (places) return by((layer) => places.includes(layer));
  return period === undefined ? undefined : by((layer) => layer % period === offset);
}

function hasAttention(kind: string): boolean {
  return /attention|hybrid/.test(kind) && !/linear|no attention/.test(kind);
}

export interface LayerPlaces {
  /** Of all of the model. */
  count: number;
  /** [layer with attention] → its number among all. */
  placeOf: readonly number[];
  /** Those without attention. */
  others: LeftOutLayer[];
}

/** Of a model of which `found` layers with attention were found; each at its own place where nothing else is said. */
export function layerPlaces(parsed: unknown, found: number): LayerPlaces {
  const kinds = layerKinds(parsed) ?? [];
  const placeOf = [...kinds.keys()].filter((layer) => hasAttention(kinds[layer]!));
  if (placeOf.length !== found)
    return { count: found, placeOf: Array.from({ length: found }, (_, layer) => layer), others: [] };
  const others = [...kinds.keys()]
    .filter((layer) => !placeOf.includes(layer))
    .map((layer) => ({
      layer,
      reason: l10n.t('it is a layer of another kind ("{0}"), in which tokens have no weights for each other', kinds[layer]!),
    }));
  return { count: kinds.length, placeOf, others };
}
