import { characters } from './characters';
import { code } from './code';
import type { CorpusText } from './corpusText';
import { generated } from './generated';
import { languages } from './languages';
import { layout } from './layout';
import { markdown } from './markdown';

/** The texts that were written by hand, a kind at a time. */
const written: CorpusText[] = [...code, ...languages, ...markdown, ...characters, ...layout];

/** The same words with their accents as marks of their own: another text to a tokenizer. */
const decomposed: CorpusText[] = languages
  .map(({ name, text }) => ({ name: `${name}, decomposed`, text: text.normalize('NFD') }))
  .filter(({ text }, index) => text !== languages[index]!.text);

const onOtherLines: CorpusText[] = markdown.map(({ name, text }) => ({
  name: `${name}, CRLF`,
  text: text.replaceAll('\n', '\r\n'),
}));

/**
 * Texts to try things on: code, Markdown, some hundred languages, emoji, combining
 * marks, controls, long lines, lone surrogates, nothing at all. No two have one name.
 */
export const corpus: readonly CorpusText[] = [...written, ...decomposed, ...onOtherLines, ...generated];
