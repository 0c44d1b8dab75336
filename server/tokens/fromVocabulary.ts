import * as l10n from '@vscode/l10n';
import { loadTokenizer } from './load';
import { TokenizerError, type Tokenizer } from './tokenizer';

/** What such folders say about their tokenizer beside its vocabulary, all of it optional. */
export interface VocabularyOptions {
  /** `tokenizer_config.json`, as it was read. */
  readonly config?: unknown;
}

const BERT_SPECIALS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const ROBERTA_SPECIALS = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
const END_OF_TEXT = '<|endoftext|>';

/**
 * The tokenizer of a folder that has a `vocab.txt` and no tokenizer.json: BERT's, the
 * only one that is written so (Devlin et al. 2019). One token a line, its id is the
 * line's number.
 * @throws TokenizerError if it is not such a vocabulary
 */
export function fromVocabularyText(text: string, options: VocabularyOptions = {}): Tokenizer {
  return loadTokenizer(vocabularyTextFile(text, options));
}

/** The tokenizer.json that {@link fromVocabularyText} reads its tokenizer from; throws as it does. */
export function vocabularyTextFile(text: string, options: VocabularyOptions = {}): string {
  const vocab = new Map<string, number>();
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((line, id) => vocab.set(line, id));
  const missing = ['[UNK]', '[CLS]', '[SEP]'].find((token) => !vocab.has(token));
  if (missing !== undefined) {
    throw new TokenizerError(
      l10n.t(
        'The vocab.txt has no "{0}", so it is not one of BERT’s. Put the model’s tokenizer.json beside it.',
        missing,
      ),
    );
  }
  const { do_lower_case: lowercase, strip_accents: accents } = settingsOf(options.config);
  const chinese = settingsOf(options.config)['tokenize_chinese_chars'];
  return JSON.stringify({
    added_tokens: specials(BERT_SPECIALS, vocab),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: chinese !== false,
      strip_accents: typeof accents === 'boolean' ? accents : null,
      lowercase: typeof lowercase === 'boolean' ? lowercase : isLowercase(vocab),
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: around('BertProcessing', '[CLS]', '[SEP]', vocab),
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab),
    },
  });
}

/**
 * The tokenizer of a folder that has `vocab.json` and `merges.txt` and no
 * tokenizer.json: byte-level BPE as GPT-2 has it, or RoBERTa where the vocabulary has
 * its special tokens, or CLIP where it marks the ends of words.
 * @param merges two tokens a line, those that merge first first
 * @throws TokenizerError if the two do not fit together
 */
export function fromVocabularyAndMerges(
  vocabulary: string,
  merges: string,
  options: VocabularyOptions = {},
): Tokenizer {
  return loadTokenizer(vocabularyAndMergesFile(vocabulary, merges, options));
}

/** The tokenizer.json that {@link fromVocabularyAndMerges} reads its tokenizer from; throws as it does. */
export function vocabularyAndMergesFile(
  vocabulary: string,
  merges: string,
  options: VocabularyOptions = {},
): string {
  const vocab = vocabularyOf(vocabulary);
  const pairs = merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  const isClip = vocab.has('<|startoftext|>') && pairs.some((pair) => pair.endsWith('</w>'));
  const isRoberta = !isClip && ['<s>', '</s>', '<mask>'].every((token) => vocab.has(token));
  const prefix = settingsOf(options.config)['add_prefix_space'] === true;
  const model = { type: 'BPE', vocab: Object.fromEntries(vocab), merges: pairs };
  if (isClip) return JSON.stringify(clip(model, vocab));
  const end = isRoberta
    ? {
        added_tokens: specials(ROBERTA_SPECIALS, vocab),
        post_processor: {
          ...around('RobertaProcessing', '<s>', '</s>', vocab),
          trim_offsets: true,
          add_prefix_space: prefix,
        },
      }
    : { added_tokens: specials([END_OF_TEXT], vocab) };
  return JSON.stringify({
    ...end,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: prefix, trim_offsets: true },
    model,
  });
}

/** Radford et al. 2021: lowercase, words and single digits, `</w>` at their ends. */
function clip(model: object, vocab: ReadonlyMap<string, number>): object {
  const start = '<|startoftext|>';
  const pattern = `<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+`;
  return {
    added_tokens: specials([start, END_OF_TEXT], vocab),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: pattern }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      ...around('RobertaProcessing', start, END_OF_TEXT, vocab),
      trim_offsets: false,
      add_prefix_space: false,
    },
    model: { ...model, unk_token: END_OF_TEXT, end_of_word_suffix: '</w>' },
  };
}

/**
 * Why a folder whose tokenizer is only there as a SentencePiece model cannot be used
 * as it is, and the one line that makes a tokenizer.json of it.
 * @param file the model's name, e.g. `spiece.model`
 */
export function sentencePieceRefusal(file: string): TokenizerError {
  return new TokenizerError(
    l10n.t(
      'The tokenizer of this model is only there as {0}. Make a tokenizer.json of it, in its folder: {1}',
      file,
      `python -c "from transformers import AutoTokenizer as T; T.from_pretrained('.').save_pretrained('.')"`,
    ),
  );
}

function specials(tokens: readonly string[], vocab: ReadonlyMap<string, number>): object[] {
  return tokens
    .filter((content) => vocab.has(content))
    .map((content) => ({
      id: vocab.get(content),
      content,
      special: true,
      // The mask stands for a word with the space before it.
      lstrip: content === '<mask>',
    }));
}

function around(
  type: string,
  before: string,
  after: string,
  vocab: ReadonlyMap<string, number>,
): object {
  return { type, cls: [before, vocab.get(before)], sep: [after, vocab.get(after)] };
}

/** Cased vocabularies have words with capitals. */
function isLowercase(vocab: ReadonlyMap<string, number>): boolean {
  for (const token of vocab.keys()) if (/^\p{Lu}\p{Ll}/u.test(token)) return false;
  return true;
}

function settingsOf(config: unknown): Record<string, unknown> {
  return typeof config === 'object' && config !== null ? { ...config } : {};
}

function vocabularyOf(json: string): Map<string, number> {
  let entries: unknown;
  try {
    entries = JSON.parse(json);
  } catch {
    entries = null;
  }
  if (typeof entries === 'object' && entries !== null && !Array.isArray(entries)) {
    // Whether the values are ids is checked with the rest.
    return new Map(Object.entries(entries as Record<string, number>));
  }
  throw new TokenizerError(
    l10n.t(
      'The vocab.json does not list tokens and their ids. Get the file again from where the model comes from.',
    ),
  );
}
