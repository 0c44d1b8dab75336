import assert from 'node:assert/strict';
import type { Tokenizer } from '../../../server/tokens/tokenizer';
import { ourTokens } from './reference';

/** Fails if the cut that the tokenizer knows in `(from, to]` changes a token, range or word. */
export function assertExactCut(tokenizer: Tokenizer, text: string, from: number, to: number): void {
  const cut = tokenizer.lastCut(text, from, to);
  if (cut === -1) return;
  assert.ok(cut > from && cut <= to && cut <= text.length, `cut ${cut} outside (${from}, ${to}]`);
  const left = tokenizer.encode(text.slice(0, cut));
  const right = tokenizer.encode(text.slice(cut));
  const words = left.words.length > 0 ? left.words.at(-1)! + 1 : 0;
  const joined = {
    ids: Int32Array.from([...left.ids, ...right.ids]),
    starts: Int32Array.from([...left.starts, ...right.starts.map((start) => start + cut)]),
    ends: Int32Array.from([...left.ends, ...right.ends.map((end) => end + cut)]),
    words: Int32Array.from([...left.words, ...right.words.map((word) => word + words)]),
  };
  assert.deepEqual(ourTokens(joined), ourTokens(tokenizer.encode(text)));
}
