import type { Normalizer } from '../normalizers/normalizer';
import { trace } from '../tracedText';
import type { AddedToken } from './addedToken';
import { AddedTokenMatcher, type Section, type Spelled } from './addedTokenMatcher';

/** The added tokens of a tokenizer, looked for in the text as written and once it is normalized. */
export class AddedVocabulary {
  readonly asWritten: AddedTokenMatcher;
  readonly normalized: AddedTokenMatcher;
  /** All of them, with the spelling under which each is looked for. */
  readonly spelled: readonly Spelled[];
  private readonly texts = new Map<number, string>();

  constructor(tokens: readonly AddedToken[], normalizer: Normalizer) {
    // Of two with one spelling the special one wins, as in the reference.
    const ordered = [...tokens].sort((a, b) => Number(b.special) - Number(a.special));
    this.spelled = ordered.map((token) => ({
      token,
      spelling: token.normalized ? normalizer.normalize(trace(token.content)).text : token.content,
    }));
    this.asWritten = new AddedTokenMatcher(this.spelled.filter(({ token }) => !token.normalized));
    this.normalized = new AddedTokenMatcher(this.spelled.filter(({ token }) => token.normalized));
    for (const { id, content } of tokens) this.texts.set(id, content);
  }

  textOf(id: number): string | undefined {
    return this.texts.get(id);
  }

  /** One more than the greatest id; 0 without added tokens. */
  get size(): number {
    let size = 0;
    for (const id of this.texts.keys()) size = Math.max(size, id + 1);
    return size;
  }
}

/** As the matcher's `split`, quicker where there is nothing to look for. */
export function splitAdded(matcher: AddedTokenMatcher, text: string): Section[] {
  if (text === '') return [];
  return matcher.isEmpty ? [{ token: null, from: 0, to: text.length }] : matcher.split(text);
}
