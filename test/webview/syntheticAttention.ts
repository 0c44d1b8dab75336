/** Attention that looks like a small encoder's, made up the same way each time. */
import type { EncodingChange } from '../../server/protocol';
import { random } from './random';
import { changed } from './syntheticPosition';

const WORDS =
  'the keeper of the lighthouse lit the lamps before dusk and the harbour answered with a bell ; ' +
  'ships that had waited in the fog turned their bows and came in one by one , each slower than ' +
  'the last . nobody on the quay could see the light itself , only the way it moved over the water ' +
  '. function render ( view ) { return view . tiles . map ( ( tile ) => tile . draw ( ) ) ; } ' +
  '灯 塔 的 看 守 人 un ##believ ##able cross ##ing weights of this kind sum to one';

export const LAYERS = 6;
export const HEADS = 12;

export interface SyntheticText {
  texts: string[];
  /** Line and columns of each token; null for the template's two. */
  places: ({ line: number; start: number; end: number } | null)[];
  lines: string[];
}

/** `count` tokens, the template's first and last among them, ten words a line. */
export function syntheticText(count: number): SyntheticText {
  const words = WORDS.split(' ');
  const texts = ['[CLS]'];
  const places: SyntheticText['places'] = [null];
  let column = 0;
  for (let i = 0; i < count - 2; i++) {
    const text = words[(i * 7 + Math.floor(i / words.length)) % words.length] ?? 'a';
    if (i % 10 === 0) column = 0;
    texts.push(text);
    places.push({ line: Math.floor(i / 10), start: column, end: column + text.length });
    column += text.length + 1;
  }
  const lines: string[] = [];
  places.forEach((place, token) => {
    if (place) lines[place.line] = `${lines[place.line] ?? ''}${texts[token]} `;
  });
  return {
    texts: [...texts, '[SEP]'],
    places: [...places, null],
    lines: lines.map((line) => line.trimEnd()),
  };
}

/** The text of these lines: each run of other than spaces is a token. */
export function writtenText(lines: string[]): SyntheticText {
  const texts = ['[CLS]'];
  const places: SyntheticText['places'] = [null];
  lines.forEach((text, line) => {
    for (const { 0: token, index } of text.matchAll(/\S+/g)) {
      texts.push(token);
      places.push({ line, start: index, end: index + token.length });
    }
  });
  return { texts: [...texts, '[SEP]'], places: [...places, null], lines };
}

/** The text's words: pieces that begin with ## go on with the word before them. */
export function syntheticWords({ texts, places }: SyntheticText): {
  /** [token] → word */
  of: number[];
  texts: string[];
  places: SyntheticText['places'];
  special: number[];
} {
  const words = { of: [] as number[], texts: [] as string[], places: [...places].slice(0, 0) };
  texts.forEach((text, token) => {
    const place = places[token] ?? null;
    const before = words.places.at(-1);
    const goesOn = text.startsWith('##') && place && before?.line === place.line;
    if (goesOn) {
      words.texts.push(`${words.texts.pop()}${text.slice(2)}`);
      words.places.push({ ...words.places.pop()!, end: place.end });
    } else {
      words.texts.push(text);
      words.places.push(place);
    }
    words.of.push(words.texts.length - 1);
  });
  return { ...words, special: [0, words.texts.length - 1] };
}

/** What one head likes to look at, as scores before the softmax. */
interface Habit {
  sink: number;
  separator: number;
  same: number;
  offset: number;
  local: number;
  width: number;
  noise: number;
}

function habitOf(layer: number, head: number): Habit {
  const next = random(1000 * layer + head + 1);
  const kind = Math.floor(next() * 5);
  return {
    sink: kind === 0 ? 7 : 2 + 2 * next(),
    separator: kind === 1 ? 7.5 : 1 + 2 * next(),
    same: kind === 2 ? 6 : 2.5 * next(),
    offset: kind === 3 ? (next() < 0.6 ? -1 : 1) : 0,
    local: kind === 3 ? 7 : 3 * next(),
    width: kind === 3 ? 0.7 : 2 + 20 * next(),
    noise: 0.6 + next(),
  };
}

/** One head's weights, [query, key]; rows sum to 1. A change moves what the head looks for nearby. */
export function syntheticHead(
  texts: readonly string[],
  layer: number,
  head: number,
  encoding: EncodingChange | null = null,
  causal = false,
): Float32Array {
  const count = texts.length;
  const habit = habitOf(layer, head);
  const { ids, scale } = changed(encoding, count);
  const next = random(77 * layer + 13 * head + 5);
  const keyTaste = texts.map(() => habit.noise * 2 * (next() - 0.5));
  const weights = new Float32Array(count * count);
  for (let query = 0; query < count; query++) {
    let sum = 0;
    for (let key = 0; key < (causal ? query + 1 : count); key++) {
      const distance = ((ids[key] ?? 0) - (ids[query] ?? 0) - habit.offset) / habit.width;
      let score = (keyTaste[key] ?? 0) + habit.noise * next();
      score += habit.local * scale * Math.exp(-distance * distance);
      if (key === 0) score += habit.sink;
      if (key === count - 1) score += habit.separator;
      if (texts[key] === texts[query] && key !== query) score += habit.same;
      const weight = Math.exp(score);
      weights[query * count + key] = weight;
      sum += weight;
    }
    for (let key = 0; key < count; key++) weights[query * count + key]! /= sum;
  }
  return weights;
}

/** A region in rows × columns equal parts: the largest value of each, or the mean. */
export function pooled(
  weights: Float32Array,
  count: number,
  [q0, q1]: readonly [number, number],
  [k0, k1]: readonly [number, number],
  rows: number,
  columns: number,
  pool: 'max' | 'mean' = 'max',
): Float32Array {
  const result = new Float32Array(rows * columns);
  const part = (start: number, end: number, index: number, parts: number): [number, number] => {
    const edge = (at: number): number => start + Math.floor(((end - start) * at) / parts);
    return [edge(index), Math.max(edge(index) + 1, edge(index + 1))];
  };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [top, bottom] = part(q0, q1, row, rows);
      const [left, right] = part(k0, k1, column, columns);
      let max = 0;
      let sum = 0;
      for (let q = top; q < bottom; q++)
        for (let k = left; k < right; k++) {
          const weight = weights[q * count + k] ?? 0;
          max = Math.max(max, weight);
          sum += weight;
        }
      const cells = (bottom - top) * (right - left);
      result[row * columns + column] = pool === 'max' ? max : sum / cells;
    }
  return result;
}
