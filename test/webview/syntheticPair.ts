/** A made-up pair of texts: a translation, and what it reads of its source. */
import type { Model, Status } from '../../server/protocol';
import type { PanelPair } from '../../webview/pair/protocol';

const QUERIES = '<pad> Der Wärter zündete die Lampen an .'.split(' ');
const KEYS = 'The keeper lit the lamps before the storm . </s>'.split(' ');

export const syntheticDecoder: NonNullable<Model['decoder']> = {
  layers: 3,
  heads: 4,
  keyValueHeads: 4,
  width: 32,
  contextLength: 512,
  position: { kind: 'relative' },
};

/** The shown document, and the source where one is set. */
export function pairDocuments(source: string | undefined): Status['documents'] {
  const document = { version: 3, windows: 1, analysed: 1, summaries: 0 };
  const shown = { uri: 'file:///lighthouse.md', ...document };
  return source
    ? [
        { ...shown, source },
        { uri: source, ...document },
      ]
    : [shown];
}

/** Each word reads most of the one at its place. */
export function syntheticPair(generation: number, source: string): PanelPair {
  const [rows, columns] = [QUERIES.length, KEYS.length];
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const powers = KEYS.map((_, key) => Math.exp(-Math.abs(row - key - 0.4)));
    const sum = powers.reduce((total, power) => total + power, 0);
    values.set(
      powers.map((power) => power / sum),
      row * columns,
    );
  }
  return {
    generation,
    source: source.slice(source.lastIndexOf('/') + 1),
    queries: QUERIES,
    keys: KEYS,
    ...{ rows, columns, values },
    windows: [
      { index: 0, count: 1 },
      { index: 1, count: 3 },
    ],
  };
}
