/** Which parts of a selection go together, for all who let a person choose. */
import type { EncodingChange, Model, Selection } from './protocol';

/**
 * `current` with `part` chosen anew; what contradicts it gives way. One head and several exclude
 * each other, and rollout, which takes the mean of each layer's heads by itself, has neither.
 */
export function choose(current: Selection, part: Partial<Selection>): Selection {
  const next = { ...current, ...part };
  if (part.head !== undefined && part.head !== null) next.heads = part.heads ?? null;
  if (next.heads) next.head = null;
  if (next.reading !== 'rollout') return next;
  return { ...next, head: null, heads: null, aggregate: 'mean' };
}

/** What of a model decides which selections it has. */
type Chosen = Pick<Model, 'layers' | 'heads' | 'encodingModes' | 'leftOut'>;

/**
 * The selection as far as a model has it: heads that it lacks or leaves out become the mean, rollout
 * through a layer that is left out the raw reading, a change of position that it does not take none. A document of numbers brings a model of its own.
 */
export function fitSelection(selection: Selection, model: Chosen): Selection {
  const { layer, head, heads, encoding } = selection;
  const asked = [head ?? 0, ...(heads ?? [])];
  const hasLayer = (layer ?? 0) < model.layers && !isLeftOut(layer, model);
  const hasHeads = hasLayer && asked.every((each) => each < model.heads);
  const isPlain = encoding === null || isChangeable(encoding, model);
  const top = hasHeads ? layer : null;
  const isWhole = selection.reading !== 'rollout' || !isInterrupted(top, model);
  if (hasHeads && isPlain && isWhole) return selection;
  return {
    ...selection,
    ...(hasHeads ? {} : { layer: null, head: null, heads: null }),
    ...(isPlain ? {} : { encoding: null }),
    ...(isWhole ? {} : { reading: 'raw' }),
  };
}

/** Whether a layer's attention is not shown. */
export function isLeftOut(layer: number | null, { leftOut = [] }: Pick<Model, 'leftOut'>): boolean {
  return leftOut.some((each) => each.layer === layer);
}

/** Whether rollout up to a layer (null: to the top) would go through one that is left out. */
export function isInterrupted(
  layer: number | null,
  { leftOut = [], layers }: Pick<Model, 'leftOut' | 'layers'>,
): boolean {
  return leftOut.some((each) => each.layer <= (layer ?? layers));
}

/** Whether the model takes such a change, whatever text it is about. */
export function isChangeable(
  change: EncodingChange,
  { encodingModes, heads }: Pick<Model, 'heads' | 'encodingModes'>,
): boolean {
  return (
    encodingModes.includes(change.mode) &&
    (change.mode !== 'slopes' || change.slopes.length === heads)
  );
}

/** Whether more than one head is shown, so that it matters how they become one. */
export function showsSeveral({ layer, head, heads, reading }: Selection): boolean {
  if (reading === 'rollout') return false;
  return layer === null || (head === null && heads?.length !== 1);
}
