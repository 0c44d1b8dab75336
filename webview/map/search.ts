/** A vocabulary's mark of a space before a token, or of none. */
const SPACE = /^[ \u0120\u2581]/;
const CONTINUES = /^##/;

/** The tokens as running text, and which of them each UTF-16 code unit belongs to. */
interface Running {
  text: string;
  tokens: number[];
}

/**
 * Finds text in tokens, across the pieces of a word and from word to word, whatever the case.
 *
 * @returns the first token of each place, in order, each once; none for an empty text
 */
export function findTokens(texts: readonly string[], sought: string): number[] {
  const needle = plain(sought).replaceAll(/\s+/g, ' ');
  if (needle.trim() === '') return [];
  const { text, tokens } = running(texts);
  const found = new Set<number>();
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
    const first = text[at] === ' ' ? at + 1 : at;
    const token = tokens[first];
    if (token !== undefined) found.add(token);
  }
  return [...found].sort((a, b) => a - b);
}

function running(texts: readonly string[]): Running {
  // A vocabulary that writes the space before a token glues those without one.
  const writesSpaces = texts.some((text) => SPACE.test(text));
  const tokens: number[] = [];
  const parts = texts.map((text, token) => {
    const begins = writesSpaces ? SPACE.test(text) : !CONTINUES.test(text);
    const bare = plain(text.replace(writesSpaces ? SPACE : CONTINUES, ''));
    const part = begins && token > 0 ? ` ${bare}` : bare;
    for (let at = 0; at < part.length; at++) tokens.push(token);
    return part;
  });
  return { text: parts.join(''), tokens };
}

const plain = (text: string): string => text.toLowerCase().normalize('NFC');
