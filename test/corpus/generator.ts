/** Numbers in [0, 1) that are the same on every machine (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const WORDS =
  'attention reads every token of a window and gives each a weight so that rows sum to one while columns do not; positions matter too 注意 力 naïve façade größer 12 3.5 the model'.split(
    ' ',
  );

/** Prose without end: ordinary words, a full stop now and then. */
export function proseOf(units: number, separator: string, seed: number): string {
  const random = seededRandom(seed);
  const parts: string[] = [];
  for (let length = 0; length < units; ) {
    const word = WORDS[Math.floor(random() * WORDS.length)]! + (random() < 0.1 ? '.' : '');
    parts.push(word);
    length += word.length + separator.length;
  }
  return parts.join(separator).slice(0, units);
}

/** Stretches of code points to draw from; the first ones are drawn more often. */
const BLOCKS: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x5ff],
  [0x600, 0x9ff],
  [0xa00, 0x1fff],
  [0x2000, 0x2bff],
  [0x3000, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7ff],
  [0xf900, 0xffff],
  [0x0, 0x1f],
  [0x10000, 0x11fff],
  [0x16000, 0x1ffff],
  [0x20000, 0x2ffff],
  [0xd800, 0xdfff],
  [0xe000, 0xe0ff],
  [0xe0000, 0xe01ff],
];

/** A line of unrelated characters. */
export function soupOf(characters: number, seed: number): string {
  const random = seededRandom(seed);
  let text = '';
  for (let count = 0; count < characters; count++) {
    const [low, high] = BLOCKS[Math.floor(random() * random() * BLOCKS.length)]!;
    text += String.fromCodePoint(low + Math.floor(random() * (high - low + 1)));
    if (random() < 0.15) text += ' ';
    if (random() < 0.02) text += '[MASK]';
  }
  return text;
}
