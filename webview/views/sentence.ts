import type { EncodingChange, Merge, Model, Reading, Selection } from '../../server/protocol';
import { showsSeveral } from '../../server/selectionRules';
import { percent } from '../format';
import type { Session } from '../session/session';
import type { PanelString } from '../strings';
import { t } from '../text';

const READING_NAMES: { readonly [reading in Reading]: PanelString } = {
  raw: 'raw',
  withoutSink: 'without sink',
  valueWeighted: 'value-weighted',
  rollout: 'rollout',
};

export function readingName(reading: Reading): string {
  return t(READING_NAMES[reading]);
}

/** "Layer 4, head 7", or which heads as one and how. */
export function selectionName({ model, selection }: Session): string {
  const name = selectionNameOf(model, selection);
  // What reads two texts has a view of its own for them.
  return model?.decoder ? t('Of the encoder: {0}', name) : name;
}

/** The same of any selection of a model. */
export function selectionNameOf(
  model: Pick<Model, 'layers' | 'heads'> | null,
  { layer, head, heads, aggregate, reading }: Selection,
): string {
  const { layers = 0, heads: count = 0 } = model ?? {};
  const largest = aggregate === 'max';
  if (reading === 'rollout') return rolledName(layer ?? layers - 1, count);
  if (heads) return setName(heads, layer, layers, largest);
  if (layer === null && head === null) {
    const all = layers * count;
    if (all === 1) return t('The only head');
    return largest ? t('Maximum of all {0} heads', all) : t('Mean of all {0} heads', all);
  }
  if (head === null)
    return largest
      ? t('Layer {0}, maximum of {1} heads', layer ?? 0, count)
      : t('Layer {0}, mean of {1} heads', layer ?? 0, count);
  if (layer === null)
    return largest
      ? t('Head {0}, maximum of {1} layers', head, layers)
      : t('Head {0}, mean of {1} layers', head, layers);
  return t('Layer {0}, head {1}', layer, head);
}

function rolledName(top: number, heads: number): string {
  return top === 0
    ? t('Layer {0}, mean of {1} heads', top, heads)
    : t('Layers 0 to {0}, mean of {1} heads', top, heads);
}

function setName(
  heads: readonly number[],
  layer: number | null,
  layers: number,
  largest: boolean,
): string {
  const set = heads.join(', ');
  if (layer === null)
    return largest
      ? t('Maximum of heads {0} in {1} layers', set, layers)
      : t('Mean of heads {0} in {1} layers', set, layers);
  if (heads.length === 1) return t('Layer {0}, head {1}', layer, set);
  return largest
    ? t('Layer {0}, maximum of heads {1}', layer, set)
    : t('Layer {0}, mean of heads {1}', layer, set);
}

/** That the picture counts words, or null for tokens. */
export function mergeName(merge: Merge): string | null {
  return merge === 'words' ? t('the pieces of a word count as one') : null;
}

/** What position is changed to, or null as trained. */
export function encodingName(change: EncodingChange | null): string | null {
  switch (change?.mode) {
    case 'off':
      return t('position off');
    case 'scaled':
      return t('position × {0}', change.scale);
    case 'shuffled':
      return t('position shuffled');
    case 'reversed':
      return t('position reversed');
    case 'shifted':
      return t('position shifted by {0}', change.by);
    case 'frozen':
      return t('position frozen at {0}', change.at ?? 0);
    case 'base':
      return t('RoPE base {0}', change.base);
    case 'linear':
      return t('RoPE linear × {0}', change.factor);
    case 'ntk':
      return t('RoPE NTK × {0}', change.factor);
    case 'yarn':
      return t('RoPE YaRN × {0}', change.factor);
    case 'slopes':
      return t('ALiBi slopes changed');
    case undefined:
      return null;
  }
}

/** "window 3 of 12", counted from 0 like all else, or nothing for a document of one window. */
export function windowName(session: Session): string | null {
  const window = session.tokens?.window;
  if (!window || window.count === 1) return null;
  return window.count === null
    ? t('window {0}', window.index)
    : t('window {0} of {1}', window.index, window.count);
}

/** What share of the inspected token's raw weights goes to the sink; null when not known. */
export function sinkShare(session: Session): string | null {
  const { asked } = session;
  const sink = asked === null ? null : session.rows.peek(asked, 'reads')?.sink;
  return sink ? shareOfSink(session.selection, sink.share) : null;
}

/** Of several heads by their largest weights it is the largest share of one. */
export function shareOfSink(selection: Selection, share: number): string {
  const largest = selection.aggregate === 'max' && showsSeveral(selection);
  return largest ? t('up to {0}', percent(share)) : percent(share);
}

/** "of token 5, the sink takes 38 %", and that it is of the raw weights where others are shown; null when not known. */
export function sinkSentence(session: Session): string | null {
  const share = sinkShare(session);
  if (share === null) return null;
  const { asked } = session;
  const { reading } = session.selection;
  const isRow = reading === 'raw' || reading === 'withoutSink';
  if (asked !== null && typeof asked !== 'number') {
    const [start, end] = asked.tokens;
    return isRow
      ? t('of tokens {0} to {1}, the sink takes {2}', start, end - 1, share)
      : t('of tokens {0} to {1}, the sink takes {2} of the raw weights', start, end - 1, share);
  }
  const token = asked ?? 0;
  return isRow
    ? t('of token {0}, the sink takes {1}', token, share)
    : t('of token {0}, the sink takes {1} of the raw weights', token, share);
}
