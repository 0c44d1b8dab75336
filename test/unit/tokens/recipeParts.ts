import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TokenizerFile } from './reference';

const FOLDER = 'test/corpus/tokenizers';

export type Recipe = Partial<TokenizerFile>;

export function vocabulary(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Record<string, unknown>;
}

/** The character map that SentencePiece compiled into the model: bytes field 2 of its field 3. */
export function charsmap(): string {
  const model = gunzipSync(readFileSync(`${FOLDER}/unigram.model.gz`));
  const name = Buffer.from('nmt_nfkc\x12');
  let at = model.indexOf(name) + name.length;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = model[at++]!;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  return model.subarray(at, at + length).toString('base64');
}

export const sequence = (...normalizers: unknown[]) => ({ type: 'Sequence', normalizers });
export const splits = (...pretokenizers: unknown[]) => ({ type: 'Sequence', pretokenizers });
export const processors = (...members: unknown[]) => ({ type: 'Sequence', processors: members });
export const split = (Regex: string, behavior = 'Isolated', invert = false) => ({
  type: 'Split',
  pattern: { Regex },
  behavior,
  invert,
});
export const replace = (from: string, content: string) => ({
  type: 'Replace',
  pattern: { String: from },
  content,
});
export const byteLetters = (add_prefix_space = false) => ({
  type: 'ByteLevel',
  add_prefix_space,
  trim_offsets: true,
  use_regex: false,
});
export const byteLevel = (add_prefix_space = false) => ({
  type: 'ByteLevel',
  add_prefix_space,
  trim_offsets: true,
  use_regex: true,
});
export const trim = (add_prefix_space: boolean, trim_offsets: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space,
  trim_offsets,
  use_regex: true,
});
export const metaspace = (options: object = { prepend_scheme: 'always', split: true }) => ({
  type: 'Metaspace',
  replacement: '▁',
  ...options,
});
export const special = (content: string, more: object = {}) => ({
  id: 0,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...more,
});
export const template = (before: [string, number][], after: [string, number][]) => ({
  type: 'TemplateProcessing',
  single: [
    ...before.map(([id]) => ({ SpecialToken: { id, type_id: 0 } })),
    { Sequence: { id: 'A', type_id: 0 } },
    ...after.map(([id]) => ({ SpecialToken: { id, type_id: 0 } })),
  ],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: Object.fromEntries(
    [...before, ...after].map(([id, number]) => [id, { id, ids: [number], tokens: [id] }]),
  ),
});

export const bpe = (name: string, options: object = {}) => ({
  type: 'BPE',
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
  ...vocabulary(name),
  ...options,
});
/** As files of the first years write them. */
export function withTextMerges(model: Record<string, unknown>): Record<string, unknown> {
  const merges = model['merges'] as [string, string][];
  return { ...model, merges: ['#version: 0.2', ...merges.map((pair) => pair.join(' '))] };
}
export const unigram = (options: object = {}) => ({
  type: 'Unigram',
  unk_id: 0,
  byte_fallback: false,
  ...vocabulary('unigram'),
  ...options,
});

export const precompiled = () => ({ type: 'Precompiled', precompiled_charsmap: charsmap() });
export const bertTokens = () =>
  ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].map((token) => special(token));
export const endOfText = special('<|endoftext|>');
export const mask = { lstrip: true };

export const spaceRuns = Array.from({ length: 8 }, (_, at) =>
  special(' '.repeat(2 + at), { normalized: true, special: false }),
);
