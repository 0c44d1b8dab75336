/** Bundles made for tests: a few words, and weights that are rows of numbers summing to 1. */
import { readBundle } from '../../../../client/bundle/readBundle';
import type { Bundle } from '../../../../client/bundle/bundle';
import { BUNDLE_FORMAT, type BundleManifest } from '../../../../client/bundle/manifest';
import { stored, writeBundle, type BundleContent } from '../../../../client/bundle/writeBundle';
import { INITIAL_SELECTION, type Range, type Token } from '../../../../server/protocol';
import { randomFloats } from '../../engine/layers';

export const TEXT = '<b>bold</b> [x](command:y)\n\u001b[31mred\u001b[0m';
export const LAYERS = 2;
export const HEADS = 3;

const at = (line: number, start: number, end: number): Range => ({
  start: { line, character: start },
  end: { line, character: end },
});

/** The template's two, two pieces of a word, and others. */
export const TOKENS: Token[] = [
  { id: 101, text: '[CLS]', range: null },
  { id: 5, text: 'bo', range: at(0, 3, 5) },
  { id: 6, text: '##ld', range: at(0, 5, 7) },
  { id: 7, text: '[', range: at(0, 12, 13) },
  { id: 8, text: 'red', range: at(1, 5, 8) },
  { id: 102, text: '[SEP]', range: null },
];
export const WORDS = [0, 1, 1, 2, 3, 4];

export const MANIFEST: BundleManifest = {
  format: BUNDLE_FORMAT,
  version: 1,
  created: '2026-01-02T03:04:05.000Z',
  writtenBy: 'Attention Lens 0.1.0',
  document: { name: 'red.md' },
  window: { index: 0, count: 1, range: at(0, 0, 26), tokens: TOKENS.length },
  model: {
    ...{ id: 'bundled', name: 'tiny', architecture: 'bert', layers: LAYERS, heads: HEADS },
    ...{ keyValueHeads: HEADS, width: 12, contextLength: 512, causal: false },
    ...{ encodingModes: ['off', 'scaled'], storage: 'fp16', hash: 'abc' },
  },
  engine: { backend: 'wasm', detail: '' },
  selection: { ...INITIAL_SELECTION },
  chapter: null,
  numbers: false,
  view: { saved: { view: 'head' }, chosen: { query: 1, key: 4 } },
  heads: null,
};

/** `maps` maps whose rows sum to 1: float32 [map, query, key]. */
export function someWeights(maps: number, tokens: number, seed = 1): Float32Array {
  const weights = randomFloats(maps * tokens * tokens, seed).map((value) => 1 + value);
  for (let row = 0; row < weights.length; row += tokens) {
    const values = weights.subarray(row, row + tokens);
    const sum = values.reduce((total, value) => total + value, 0);
    values.forEach((value, key) => (values[key] = value / sum));
  }
  return weights;
}

export function content(changes: Partial<BundleContent> = {}, halved = false): BundleContent {
  const size = TOKENS.length;
  const weights = stored(someWeights(LAYERS * HEADS, size), halved);
  return {
    manifest: MANIFEST,
    text: TEXT,
    tokens: TOKENS,
    words: WORDS,
    statistics: {
      statistics: { entropy: [1, 2, 3, 4, 5, null] },
      counted: { entropy: 4 },
      even: { entropy: 2.5 },
    },
    arrays: { weights: { shape: [LAYERS, HEADS, size, size], values: weights } },
    ...changes,
  };
}

export async function opened(changes: Partial<BundleContent> = {}): Promise<Bundle> {
  return readBundle(await writeBundle(content(changes)));
}
