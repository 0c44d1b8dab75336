import type { CorpusText } from './corpusText';
import { proseOf, soupOf } from './generator';

const LONG = 100_000;

/** Lines of 100 kB, each kind once. */
const longLines: CorpusText[] = [
  { name: 'long: prose on one line', text: proseOf(LONG, ' ', 1) },
  { name: 'long: prose without spaces', text: proseOf(LONG, '', 2) },
  { name: 'long: comma-separated', text: proseOf(LONG, ',', 3) },
  { name: 'long: one letter', text: 'a'.repeat(LONG) },
  { name: 'long: spaces', text: ' '.repeat(LONG) },
  { name: 'long: ideographs', text: '注意力'.repeat(LONG / 3) },
  { name: 'long: emoji', text: '🙂👩‍💻'.repeat(LONG / 7) },
  { name: 'long: combining marks', text: 'o\u0300\u0323'.repeat(LONG / 3) },
  { name: 'long: one mark', text: 'x' + '\u0301'.repeat(LONG) },
  { name: 'long: base64', text: soupless(LONG) },
  { name: 'long: controls', text: 'a\u0001'.repeat(LONG / 2) },
  { name: 'long: soup', text: soupOf(LONG / 2, 4) },
];

/** Letters and digits without a break, as in an embedded file. */
function soupless(units: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let text = '';
  for (let at = 0; at < units; at++) text += letters[(at * 37 + (at >> 6) * 11) % 64];
  return text;
}

const soups: CorpusText[] = Array.from({ length: 40 }, (_, seed) => ({
  name: `soup ${seed}`,
  text: soupOf(20 + 10 * seed, 100 + seed),
}));

export const generated: CorpusText[] = [...longLines, ...soups];
