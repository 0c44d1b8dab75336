import type { Model, WordTokens } from './models/model';

/** Enough for the words of a large project; at most a few megabytes. */
const MAX_WORDS = 50_000;
/** Longer ones hardly come twice. */
const MAX_UNITS = 48;

/** Remembers the tokens of words that were seen before. */
export class WordCache {
  private readonly words = new Map<string, WordTokens>();

  constructor(private readonly model: Model) {}

  tokenize(word: string): WordTokens {
    const known = this.words.get(word);
    if (known) return known;
    const tokens = this.model.tokenize(word);
    if (word.length <= MAX_UNITS) this.remember(word, tokens);
    return tokens;
  }

  private remember(word: string, tokens: WordTokens): void {
    if (this.words.size >= MAX_WORDS) this.words.clear();
    this.words.set(ownCopy(word), tokens);
  }
}

/** A slice can keep the whole document alive that it was cut from; a copy does not. */
function ownCopy(text: string): string {
  const units: number[] = [];
  for (let at = 0; at < text.length; at++) units.push(text.charCodeAt(at));
  return String.fromCharCode(...units);
}
