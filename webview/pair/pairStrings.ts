/** The texts of the view of two texts, in English; part of the panel's list of texts. */
export const pairStrings = [
  'Two texts',
  'Layer of the decoder',
  'Head of the decoder',
  'Set source text …',
  'This model reads two texts: a source by its encoder, and beside it the text that is made from it by its decoder. No source is set for this document: open the text that it was made from, then choose it.',
  'Reading both texts …',
  'This model reads one text: two texts need an encoder–decoder, such as T5 or BART.',
  'Weights from each token of this text (down) to the tokens of {0} (across)',
  'of several tokens under one dot the largest: {0} of {1} to {2}',
  '{0}: cross-attention from this text, down, to {1}, across',
  'No source text is set',
  'Of the encoder: {0}',
  'this text: window {0} of {1}',
  'the source: window {0} of {1}',
  'rollout is defined within one text, so that raw weights are shown',
] as const;
