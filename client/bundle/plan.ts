/** What of a window's weights goes into a bundle, so that it stays of a size that can be sent. */
import type { Model, Selection } from '../../server/protocol';
import type { Precision } from './storedMaps';

/** As float32 all heads take at most this, unpacked; what is more is rounded to float16. */
const MOST_AS_FLOATS = 2 ** 25;
/** All maps take at most this. */
const MOST_BYTES = 2 ** 27;
const FLOAT_BYTES = 4;
const HALF_BYTES = 2;

export interface BundlePlan {
  /** The heads that have maps, as [layer, head]; null: all. */
  heads: [layer: number, head: number][] | null;
  precision: Precision;
  /** Each of these heads value-weighted too. */
  valueWeighted: boolean;
  /** A map of each layer. */
  rollout: boolean;
  /** The map that is selected, by itself: what it is made of is not there, or does not suffice. */
  shown: Precision | null;
  /** Of all arrays, unpacked. */
  bytes: number;
}

/** The plan for a window of so many tokens; null where not even the map that is shown fits. */
export function planBundle(
  tokens: number,
  model: Pick<Model, 'layers' | 'heads'>,
  selection: Selection,
): BundlePlan | null {
  const { reading } = selection;
  const valueWeighted = reading === 'valueWeighted';
  const rollout = reading === 'rollout';
  const shownBytes = (precision: Precision): number => tokens ** 2 * bytesOf(precision);
  const all = (valueWeighted ? 2 : 1) * model.layers * model.heads + (rollout ? model.layers : 0);
  const precision = precisionFor(all * tokens ** 2);
  if (precision) {
    // What a sink leaves is not always to be told from rounding afterwards.
    const shown = reading === 'withoutSink' ? 'float32' : null;
    const bytes = all * tokens ** 2 * bytesOf(precision) + (shown ? shownBytes(shown) : 0);
    return { heads: null, precision, valueWeighted, rollout, shown, bytes };
  }
  const named = headsOf(selection, model);
  const some = { valueWeighted: false, rollout: false };
  for (const heads of [named, []])
    for (const each of ['float32', 'float16'] as const) {
      const bytes = (heads.length + 1) * shownBytes(each);
      if (bytes <= MOST_BYTES) return { heads, precision: each, ...some, shown: each, bytes };
    }
  return null;
}

function precisionFor(numbers: number): Precision | null {
  if (numbers * FLOAT_BYTES <= MOST_AS_FLOATS) return 'float32';
  return numbers * HALF_BYTES <= MOST_BYTES ? 'float16' : null;
}

function bytesOf(precision: Precision): number {
  return precision === 'float32' ? FLOAT_BYTES : HALF_BYTES;
}

/** The heads of the selection by themselves. */
function headsOf(
  { layer, head, heads }: Selection,
  model: Pick<Model, 'layers' | 'heads'>,
): [number, number][] {
  const every = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
  const layers = layer === null ? every(model.layers) : [layer];
  const chosen = heads ?? (head === null ? every(model.heads) : [head]);
  return layers.flatMap((at) => chosen.map((each): [number, number] => [at, each]));
}
