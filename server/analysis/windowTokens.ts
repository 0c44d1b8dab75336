/** One window as the engine sees it: the template's tokens around a stretch of the document. */
import type { Tokenizer } from '../tokens/tokenizer';
import type { TokenList } from './segments';

export interface WindowTokens {
  index: number;
  /** [token], the template's included. */
  ids: Int32Array;
  /** UTF-16 offsets in the document; −1 for the template's tokens. */
  starts: Int32Array;
  ends: Int32Array;
  /** Index of the word a token is part of; −1 for the template's tokens. */
  words: Int32Array;
  /** Indices of the template's tokens. */
  specialTokens: number[];
}

/** Builds the window over tokens [first, end) of the document; `offset` is where the tokenized text begins. */
export function buildWindow(
  index: number,
  list: TokenList,
  [first, end]: [number, number],
  template: Tokenizer['template'],
  offset: number,
): WindowTokens {
  const before = template.before.length;
  const inside = end - first;
  const total = before + inside + template.after.length;
  const window: WindowTokens = {
    index,
    ids: new Int32Array(total),
    starts: new Int32Array(total).fill(-1),
    ends: new Int32Array(total).fill(-1),
    words: new Int32Array(total).fill(-1),
    specialTokens: [],
  };
  window.ids.set(template.before, 0);
  window.ids.set(list.ids.subarray(first, end), before);
  window.ids.set(template.after, before + inside);
  for (let token = 0; token < inside; token++) {
    window.starts[before + token] = (list.starts[first + token] ?? 0) + offset;
    window.ends[before + token] = (list.ends[first + token] ?? 0) + offset;
    window.words[before + token] = list.words[first + token] ?? 0;
  }
  for (let token = 0; token < total; token++) {
    if (token < before || token >= before + inside) window.specialTokens.push(token);
  }
  return window;
}

/** Tokens of the text that stand in the window before and after a token. */
export function contextOf(
  { starts }: Pick<WindowTokens, 'starts'>,
  token: number,
): [before: number, after: number] {
  let [before, after] = [0, 0];
  starts.forEach((start, other) => {
    if (start < 0) return;
    if (other < token) before++;
    if (other > token) after++;
  });
  return [before, after];
}

/** Half-open UTF-16 offsets of what the window's tokens cover; [0, 0) without any. */
export function windowSpan({
  starts,
  ends,
}: Pick<WindowTokens, 'starts' | 'ends'>): [start: number, end: number] {
  let start = Infinity;
  let end = 0;
  for (let token = 0; token < starts.length; token++) {
    if ((starts[token] ?? -1) < 0) continue;
    start = Math.min(start, starts[token] ?? 0);
    end = Math.max(end, ends[token] ?? 0);
  }
  return start === Infinity ? [0, 0] : [start, end];
}
