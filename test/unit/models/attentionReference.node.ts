/** Attention weights that Hugging Face computed; see test/reference/make_attentions.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'test/reference';

/** One query row of one head, in float32. */
export interface ReferenceRow {
  layer: number;
  head: number;
  query: number;
  /** Chosen because rounding the weights changes it most; the others are random. */
  hardest: boolean;
  /** [key] */
  weights: Float32Array;
}

export interface ReferenceText {
  name: string;
  ids: number[];
  rows: ReferenceRow[];
  /** [layer][head]: the sum of squared weights of a row, mean over all rows. */
  squares: number[][];
}

interface Entry {
  name: string;
  ids: number[];
  /** [layer][head] → query indices, the hardest last. */
  queries: number[][][];
  squares: number[][];
}

export function readReference(): ReferenceText[] {
  const json = readFileSync(join(FOLDER, 'attentions.json'), 'utf8');
  const { texts } = JSON.parse(json) as { texts: Entry[] };
  const bytes = readFileSync(join(FOLDER, 'attentions.bin'));
  const numbers = new Float32Array(new Uint8Array(bytes).buffer);
  let at = 0;
  return texts.map(({ name, ids, queries, squares }) => {
    const rows: ReferenceRow[] = [];
    queries.forEach((heads, layer) =>
      heads.forEach((picked, head) =>
        picked.forEach((query, index) => {
          const weights = numbers.subarray(at, (at += ids.length));
          rows.push({ layer, head, query, hardest: index === picked.length - 1, weights });
        }),
      ),
    );
    return { name, ids, rows, squares };
  });
}
