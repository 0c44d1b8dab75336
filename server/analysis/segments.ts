/**
 * A text cut into segments that are tokenized one by one, so that a long text
 * never blocks the thread and an edit tokenizes only what it touched.
 */
import type { Encoding, Tokenizer } from '../tokens/tokenizer';
import type { Splice } from './text';

/** A few milliseconds of tokenizing: short enough to stay responsive, long enough to be worth a cut. */
const SEGMENT_UNITS = 4096;

/** Offsets inside a segment are relative to it. Pending segments may have any length. */
interface Segment {
  length: number;
  encoding: Encoding | undefined;
}

/** Tokens without the template's, in text order; offsets are UTF-16 units of the whole text. */
export interface TokenList {
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  /** Index of the word each token is part of, ascending. */
  words: Int32Array;
}

export class SegmentedText {
  readonly #tokenizer: Tokenizer;
  #text: string;
  #segments: Segment[];

  constructor(tokenizer: Tokenizer, text: string) {
    this.#tokenizer = tokenizer;
    this.#text = text;
    this.#segments = text.length > 0 ? [{ length: text.length, encoding: undefined }] : [];
  }

  /** True when every segment is tokenized. */
  get done(): boolean {
    return this.#segments.every((segment) => segment.encoding);
  }

  /** Takes over the text after one edit; segments that the edit neither touches nor borders stay. */
  splice(text: string, { start, removed, inserted }: Splice): void {
    const end = start + removed;
    const kept: Segment[] = [];
    const after: Segment[] = [];
    let offset = 0;
    let dirty = inserted - removed;
    for (const segment of this.#segments) {
      const segmentEnd = offset + segment.length;
      if (segmentEnd < start) kept.push(segment);
      else if (offset > end) after.push(segment);
      else dirty += segment.length;
      offset = segmentEnd;
    }
    if (dirty > 0) kept.push({ length: dirty, encoding: undefined });
    this.#segments = kept.concat(after);
    this.#text = text;
  }

  /** Tokenizes the first segment that is not; false when there was none. */
  step(): boolean {
    let offset = 0;
    for (const [index, segment] of this.#segments.entries()) {
      if (!segment.encoding) {
        this.#segments.splice(index, 1, ...this.#encodeFirst(offset, segment.length));
        return true;
      }
      offset += segment.length;
    }
    return false;
  }

  /** The tokens from the beginning of the text up to the first pending segment. */
  known(): TokenList {
    const segments: Segment[] = [];
    for (const segment of this.#segments) {
      if (!segment.encoding) break;
      segments.push(segment);
    }
    return concatenate(segments);
  }

  #encodeFirst(offset: number, length: number): Segment[] {
    const end = offset + length;
    const cut = this.#cut(offset, end);
    const encoding = this.#tokenizer.encode(this.#text.slice(offset, cut));
    const segments: Segment[] = [{ length: cut - offset, encoding }];
    if (cut < end) segments.push({ length: end - cut, encoding: undefined });
    return segments;
  }

  /** Where the first segment of text[from, end) ends. Widens the search until a cut is found. */
  #cut(from: number, end: number): number {
    for (let width = SEGMENT_UNITS; from + 2 * width < end; width *= 2) {
      const cut = this.#tokenizer.lastCut(this.#text, from, from + width);
      if (cut > from) return cut;
    }
    return end;
  }
}

function concatenate(segments: readonly Segment[]): TokenList {
  const count = segments.reduce((sum, segment) => sum + (segment.encoding?.ids.length ?? 0), 0);
  const list: TokenList = {
    ids: new Int32Array(count),
    starts: new Int32Array(count),
    ends: new Int32Array(count),
    words: new Int32Array(count),
  };
  let token = 0;
  let offset = 0;
  let word = 0;
  for (const { length, encoding } of segments) {
    if (!encoding) continue;
    list.ids.set(encoding.ids, token);
    for (let index = 0; index < encoding.ids.length; index++) {
      list.starts[token + index] = (encoding.starts[index] ?? 0) + offset;
      list.ends[token + index] = (encoding.ends[index] ?? 0) + offset;
      list.words[token + index] = (encoding.words[index] ?? 0) + word;
    }
    token += encoding.ids.length;
    word += (encoding.words.at(-1) ?? -1) + 1;
    offset += length;
  }
  return list;
}
