/** What the library computes for a text, to compare what is shown with. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../hosts/places.mjs';

type Library = typeof import('../../server/library/main.node');

export interface WordWeight {
  word: string;
  /** 0 … 1, the sum over the word's pieces. */
  weight: number;
}

/** What the first token of a word reads, word by word, in the mean over all heads; strongest first. */
export async function wordsReadBy(text: string, word: string): Promise<WordWeight[]> {
  const library = (await import(
    pathToFileURL(join(root, 'dist/attention-lens.mjs')).href
  )) as Library;
  const model = await library.openModel(join(root, 'models/all-minilm-l6-v2'));
  try {
    const analysed = await model.analyse(text);
    const token = analysed.tokens.findIndex(({ range }) => range?.[0] === text.indexOf(word));
    const { weights } = await analysed.row({ layer: null, head: null, token });
    const words: WordWeight[] = [];
    analysed.tokens.forEach(({ range, text: piece }, at) => {
      if (!range) return;
      const weight = weights[at] ?? 0;
      const before = words.at(-1);
      if (piece.startsWith('##') && before) {
        before.word += text.slice(...range);
        before.weight += weight;
      } else words.push({ word: text.slice(...range), weight });
    });
    return words.sort((a, b) => b.weight - a.weight);
  } finally {
    model.close();
  }
}
