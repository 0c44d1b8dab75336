/**
 * The letters that stand for bytes in byte-level vocabularies (Radford et al. 2019):
 * what can be seen stands for itself, the rest for what follows U+0100 in order.
 */

const FIRST_LETTER = 0x100;
const utf8 = new TextEncoder();

/** [byte] → UTF-16 unit of its letter. */
export const byteLetters: Uint16Array = letters();

function letters(): Uint16Array {
  const table = new Uint16Array(256);
  let next = FIRST_LETTER;
  for (let byte = 0; byte < 256; byte++) table[byte] = isVisible(byte) ? byte : next++;
  return table;
}

function isVisible(byte: number): boolean {
  return (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
}

/** The letters of a text's UTF-8 bytes. */
export function lettersOf(text: string): string {
  return String.fromCharCode(...Array.from(utf8.encode(text), (byte) => byteLetters[byte]!));
}

/** The letter of a space: Ġ. */
export const SPACE_LETTER = String.fromCharCode(byteLetters[0x20]!);
