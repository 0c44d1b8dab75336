/** What the library computes for a text, to compare what is shown with. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Library from '../../server/library/main.node';
import { root } from '../hosts/places.mjs';

export interface WordWeight {
  word: string;
  /** 0 … 1, the sum over the word's pieces. */
  weight: number;
}

export interface Cell {
  query: number;
  key: number;
  /** 0 … 1 */
  weight: number;
  /** How many tokens the text has. */
  tokens: number;
}

/** A cell this near to the diagonal is hard to see in a picture. */
const nearDiagonal = 6;

/** One analysed text; `close` ends the engine. */
export class Weights {
  readonly #text: string;
  readonly #model: Library.OpenedModel;
  readonly #analysed: Library.AnalysedText;

  private constructor(text: string, model: Library.OpenedModel, analysed: Library.AnalysedText) {
    this.#text = text;
    this.#model = model;
    this.#analysed = analysed;
  }

  /** Analyses a text with the built library and the bundled model. */
  static async of(text: string): Promise<Weights> {
    const file = pathToFileURL(join(root, 'dist/attention-lens.mjs'));
    const library = (await import(file.href)) as typeof Library;
    const model = await library.openModel(join(root, 'models/all-minilm-l6-v2'));
    return new Weights(text, model, await model.analyse(text));
  }

  /** What the first token of a word reads, word by word, in the mean over all heads; strongest first. */
  async wordsReadBy(word: string): Promise<WordWeight[]> {
    const { tokens } = this.#analysed;
    const token = tokens.findIndex(({ range }) => range?.[0] === this.#text.indexOf(word));
    const { weights } = await this.#analysed.row({ layer: null, head: null, token });
    const words: WordWeight[] = [];
    tokens.forEach(({ range, text: piece }, at) => {
      if (!range) return;
      const weight = weights[at] ?? 0;
      const before = words.at(-1);
      if (piece.startsWith('##') && before) {
        before.word += this.#text.slice(...range);
        before.weight += weight;
      } else words.push({ word: this.#text.slice(...range), weight });
    });
    return words.sort((a, b) => b.weight - a.weight);
  }

  /** The heaviest cell of two words in a head that is not near the diagonal. */
  async strongestCell(layer: number, head: number): Promise<Cell> {
    const { tokens } = this.#analysed;
    const best: Cell = { query: 0, key: 0, weight: -1, tokens: tokens.length };
    for (const query of tokens.keys()) {
      if (!this.#isWord(query)) continue;
      const { weights } = await this.#analysed.row({ layer, head, token: query });
      weights.forEach((weight, key) => {
        const far = this.#isWord(key) && Math.abs(query - key) >= nearDiagonal;
        if (far && weight > best.weight) Object.assign(best, { query, key, weight });
      });
    }
    return best;
  }

  /** All rows of a head, by token. */
  async rows(layer: number, head: number): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (const token of this.#analysed.tokens.keys())
      rows.push((await this.#analysed.row({ layer, head, token })).weights);
    return rows;
  }

  #isWord(token: number): boolean {
    return /^\p{L}{3,}$/u.test(this.#analysed.tokens[token]?.text ?? '');
  }

  close(): void {
    this.#model.close();
  }
}
