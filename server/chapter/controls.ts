/** The Chapter model's controls: what each may be. */

/** `dot`: q·k. `scaledDot`: q·k/√d_k. `additive`: v·tanh(W_q q + W_k k). */
export const SIMILARITIES = ['dot', 'scaledDot', 'additive'] as const;
export type Similarity = (typeof SIMILARITIES)[number];

export const ENCODINGS = ['none', 'sinusoidal', 'learned', 'rope', 'alibi'] as const;
export type ChapterEncoding = (typeof ENCODINGS)[number];

/**
 * What attention sees and what its output is joined with, after three places of the
 * chapter that disagree. With the encoding PE and Input_new = Input + PE:
 * `formula` (§3.3's formula): Attention(Input_new), joined with Input_new.
 * `words` (§3.3's third step in words): Attention(Input_new), joined with PE.
 * `diagram` (§2.3): Attention(Input), without position of any kind, joined with PE.
 */
export const WIRINGS = ['formula', 'words', 'diagram'] as const;
export type Wiring = (typeof WIRINGS)[number];

export const HEAD_COUNTS = [1, 2, 4, 8] as const;

/** `usual`: s·PE. `chapter`: [sin(s·PE), cos(s·PE)], PE at half the width. */
export const SCALE_VARIANTS = ['usual', 'chapter'] as const;

export interface ChapterSettings {
  similarity: Similarity;
  heads: (typeof HEAD_COUNTS)[number];
  encoding: ChapterEncoding;
  wiring: Wiring;
  /** The scale factor s of an additive encoding; above 0. */
  scale: number;
  scaleVariant: (typeof SCALE_VARIANTS)[number];
  causal: boolean;
}

/** Whether PE is a table that is added to the input, rather than done to q, k or the scores. */
export function isAdditive(encoding: ChapterEncoding): boolean {
  return encoding === 'sinusoidal' || encoding === 'learned';
}
