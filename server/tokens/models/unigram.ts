import { Trie } from '../trie';
import { ByteTokens } from './byteTokens';
import type { Model, WordTokens } from './model';

export interface UnigramOptions {
  /** Place of the unknown token in the vocabulary. */
  unknownId: number;
  /** Whether unknown characters become their bytes' tokens. */
  byteFallback: boolean;
}

/** How much worse than the worst token an unknown character is (SentencePiece's constant). */
const UNKNOWN_PENALTY = 10;

/**
 * The likeliest of all ways to take a word apart, as the sum of its tokens' logarithmic
 * scores (Kudo 2018). Unknown characters in a row are one token.
 */
export class Unigram implements Model {
  private readonly trie = new Trie();
  private readonly scores: Float64Array;
  private readonly ids = new Map<string, number>();
  private readonly bytes: ByteTokens;
  private readonly unknownScore: number;
  /** Room for the paths of a word, used again for the next. */
  private best = new Float64Array(256);
  private starts = new Int32Array(256);
  private tokens = new Int32Array(256);

  /** @param entries each token and its score; its place is its id */
  constructor(
    private readonly entries: readonly (readonly [token: string, score: number])[],
    private readonly options: UnigramOptions,
  ) {
    this.scores = Float64Array.from(entries, ([, score]) => score);
    // Of a token that is there twice the last counts.
    entries.forEach(([token], id) => this.ids.set(token, id));
    for (const [token, id] of this.ids) if (token !== '') this.trie.add(token, id);
    this.unknownScore = this.scores.reduce((a, b) => Math.min(a, b), Infinity) - UNKNOWN_PENALTY;
    this.bytes = new ByteTokens((token) => this.ids.get(token));
  }

  get size(): number {
    return this.entries.length;
  }

  get count(): number {
    return this.ids.size;
  }

  idOf(token: string): number | undefined {
    return this.ids.get(token);
  }

  textOf(id: number): string | undefined {
    return this.entries[id]?.[0];
  }

  tokenize(word: string): WordTokens {
    this.findPaths(word);
    return this.readPath(word);
  }

  /** Viterbi: for every place, the best path that ends there. */
  private findPaths(word: string): void {
    this.makeRoom(word.length);
    const { best, starts, trie } = this;
    for (let at = 0; at < word.length;) {
      const width = word.codePointAt(at)! > 0xffff ? 2 : 1;
      const before = best[at]!;
      let single = false;
      let node = Trie.root;
      for (let end = at; end < word.length;) {
        node = trie.step(node, word.charCodeAt(end++));
        if (node < 0) break;
        const id = trie.value(node);
        if (id < 0) continue;
        this.offer(end, this.scores[id]! + before, at, id);
        if (end - at === width) single = true;
      }
      if (!single) this.offer(at + width, this.unknownScore + before, at, this.options.unknownId);
      at += width;
    }
    // A place inside a pair is never reached, and nothing starts there.
    starts[0] = -1;
  }

  private offer(end: number, score: number, start: number, id: number): void {
    if (this.starts[end]! >= 0 && score <= this.best[end]!) return;
    this.best[end] = score;
    this.starts[end] = start;
    this.tokens[end] = id;
  }

  private readPath(word: string): WordTokens {
    const { unknownId } = this.options;
    const places: number[] = [];
    for (let end = word.length; end > 0; end = this.starts[end]!) places.push(end);
    const found: number[] = [];
    let start = 0;
    while (places.length > 0) {
      let end = places.pop()!;
      const id = this.tokens[end]!;
      if (id === unknownId) {
        while (places.length > 0 && this.tokens[places.at(-1)!] === unknownId) end = places.pop()!;
        this.pushUnknown(word, start, end, found);
      } else {
        found.push(id, start, end);
      }
      start = end;
    }
    return found;
  }

  private pushUnknown(word: string, start: number, end: number, found: number[]): void {
    const text = word.slice(start, end);
    const known = this.ids.get(text);
    const bytes = known === undefined && this.options.byteFallback ? this.bytes.of(text) : null;
    if (bytes) for (const id of bytes) found.push(id, start, end);
    else found.push(known ?? this.options.unknownId, start, end);
  }

  private makeRoom(length: number): void {
    if (this.best.length <= length) {
      this.best = new Float64Array(2 * length);
      this.starts = new Int32Array(2 * length);
      this.tokens = new Int32Array(2 * length);
    }
    this.best[0] = 0;
    this.starts.fill(-1, 0, length + 1);
  }
}
