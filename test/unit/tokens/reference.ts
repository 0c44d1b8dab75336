import { readFileSync } from 'node:fs';
import { Tokenizer as NativeTokenizer } from 'tokenizers';
import type { Encoding } from '../../../server/tokens/tokenizer';

/** A tokenizer.json as far as the tests change it. */
export interface TokenizerFile {
  added_tokens: Record<string, unknown>[];
  normalizer: unknown;
  pre_tokenizer: unknown;
  post_processor: unknown;
  model: Record<string, unknown>;
  [other: string]: unknown;
}

/** The bundled model's. */
export function bundledJson(): string {
  return readFileSync('models/all-minilm-l6-v2/tokenizer.json', 'utf8');
}

export function bundledFile(): TokenizerFile {
  return JSON.parse(bundledJson()) as TokenizerFile;
}

type Blocks = readonly (readonly [low: number, high: number])[];

const ASCII: Blocks = [[0x20, 0x7f]];
/** Blocks in which most of what normalization does takes place. */
const MANY: Blocks = [
  [0x20, 0x3400],
  [0x4e00, 0x4f00],
  [0xac00, 0xb000],
  [0xf900, 0xfb50],
  [0xff00, 0xfff0],
  [0x1d150, 0x1d180],
  [0x1d400, 0x1d800],
  [0x1f600, 0x1f650],
];

/** A vocabulary with a token for nearly every character, so that the range of each shows. */
export function letterFile(changes: Partial<TokenizerFile> = {}): TokenizerFile {
  return fileOfLetters(MANY, changes);
}

/** The same with a token for every character of ASCII; quick to load. */
export function smallFile(changes: Partial<TokenizerFile> = {}): TokenizerFile {
  return fileOfLetters(ASCII, changes);
}

function fileOfLetters(blocks: Blocks, changes: Partial<TokenizerFile>): TokenizerFile {
  const letters = blocks.flatMap(([low, high]) =>
    Array.from({ length: high - low }, (_, at) => String.fromCodePoint(low + at)),
  );
  const words = ['[UNK]', '[CLS]', '[SEP]', 'the', 'read', '##ing', '##s', 'ab', '##bc', '##c'];
  const tokens = [...new Set([...words, ...letters, ...letters.map((letter) => `##${letter}`)])];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
    ...changes,
  };
}

/** Somebody else's tokenizer for the same file; without truncation and padding, as ours. */
export function referenceTokenizer(json: string): NativeTokenizer {
  const reference = NativeTokenizer.fromString(json);
  reference.disableTruncation();
  reference.disablePadding();
  return reference;
}

/** Tokens as text lines `id start end word`: what is compared, and readable when it differs. */
export async function referenceTokens(reference: NativeTokenizer, text: string): Promise<string[]> {
  const encoding = await reference.encode(text, null, { addSpecialTokens: false });
  const offsets = encoding.getOffsets();
  const words = encoding.getWordIds();
  const units = unitsOfCodePoints(text);
  return encoding.getIds().map((id, index) => {
    const [start, end] = offsets[index]! as [number, number];
    return `${id} ${units[start]} ${units[end]} ${words[index]}`;
  });
}

/** The same lines for ours. */
export function ourTokens({ ids, starts, ends, words }: Encoding): string[] {
  return Array.from(ids, (id, index) => `${id} ${starts[index]} ${ends[index]} ${words[index]}`);
}

/** [code point] → its first UTF-16 unit; one more for the end. The reference counts code points. */
function unitsOfCodePoints(text: string): number[] {
  const units = [0];
  for (const character of text) units.push(units.at(-1)! + character.length);
  return units;
}
