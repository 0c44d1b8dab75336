import type { Model, WordTokens } from './model';
import type { Vocabulary } from './vocabulary';

/** A word is one token, or unknown. */
export class WordLevel implements Model {
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly unknownId: number,
  ) {}

  get size(): number {
    return this.vocabulary.size;
  }

  get count(): number {
    return this.vocabulary.count;
  }

  idOf(token: string): number | undefined {
    return this.vocabulary.idOf(token);
  }

  textOf(id: number): string | undefined {
    return this.vocabulary.textOf(id);
  }

  tokenize(word: string): WordTokens {
    return [this.vocabulary.idOf(word) ?? this.unknownId, 0, word.length];
  }
}
