/**
 * Text on its way through the pipeline that remembers, for each of its UTF-16
 * units, the half-open range of the source it came from. Both units of a surrogate
 * pair carry the range of what the pair came from, so no range splits a pair.
 */
export interface TracedText {
  readonly text: string;
  /** [unit of text] → UTF-16 offset in the source. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** A stretch of a traced text: what the pre-tokenizer hands to the model. */
export interface Piece {
  readonly of: TracedText;
  /** Half-open, in units of `of.text`. */
  readonly from: number;
  readonly to: number;
}

export function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800;
}

export function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}

/** Where the source is the text itself. Lone surrogates become U+FFFD, one for one. */
export function trace(source: string): TracedText {
  const text = source.replace(/\p{Surrogate}/gu, '\ufffd');
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  for (let at = 0; at < text.length; at++) {
    starts[at] = at;
    ends[at] = at + 1;
    if (isHighSurrogate(text.charCodeAt(at))) {
      ends[at] = at + 2;
      starts[at + 1] = at;
      ends[at + 1] = at + 2;
      at++;
    }
  }
  return { text, starts, ends };
}

/** The stretch `[from, to)` as a traced text of its own; shares the ranges' memory. */
export function sliceTraced(traced: TracedText, from: number, to: number): TracedText {
  if (from === 0 && to === traced.text.length) return traced;
  return {
    text: traced.text.slice(from, to),
    starts: traced.starts.subarray(from, to),
    ends: traced.ends.subarray(from, to),
  };
}

export function pieceText(piece: Piece): string {
  return piece.of.text.slice(piece.from, piece.to);
}
