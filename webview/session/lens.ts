import type { EncodingChange, Reading, Selection } from '../../server/protocol';

/** What all heads are seen through alike: the reading, and what position is changed to. */
export interface Lens {
  reading: Reading;
  encoding: EncodingChange | null;
}

/** The same for the same numbers. */
export function lensKey({ reading, encoding }: Lens): string {
  return `${reading}/${encodingKey(encoding)}`;
}

export function encodingKey(encoding: EncodingChange | null): string {
  if (!encoding) return 'trained';
  const { mode, ...numbers } = encoding;
  return [mode, ...Object.values<unknown>(numbers)].join(':');
}

/** The same for the same heads, aggregated alike, seen through the same lens. */
export function selectionKey(selection: Selection): string {
  const { layer, head, heads, aggregate, merge } = selection;
  const which = heads ? heads.join('+') : (head ?? '*');
  return `${layer ?? '*'}/${which}/${aggregate}/${merge}/${lensKey(selection)}`;
}
