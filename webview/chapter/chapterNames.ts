import type { ChapterEncoding, Similarity, Wiring } from '../../server/chapter/controls';
import type { PanelString } from '../strings';

export const SIMILARITY_NAMES: { readonly [kind in Similarity]: PanelString } = {
  dot: 'dot',
  scaledDot: 'scaled dot',
  additive: 'additive',
};

export const ENCODING_NAMES: { readonly [kind in ChapterEncoding]: PanelString } = {
  none: 'none',
  sinusoidal: 'sinusoidal',
  learned: 'learned',
  rope: 'RoPE',
  alibi: 'ALiBi',
};

export const WIRING_NAMES: { readonly [wiring in Wiring]: PanelString } = {
  formula: 'as in the formula (§3.3)',
  words: 'as in the words (§3.3, step 3)',
  diagram: 'as in the diagram (§2.3)',
};
