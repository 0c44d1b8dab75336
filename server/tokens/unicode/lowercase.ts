import { youngLowercase } from './tables';

const young = new Map<string, string>();
{
  const codes = youngLowercase.trim().split(' ');
  for (let at = 0; at < codes.length; at += 2) {
    young.set(
      String.fromCodePoint(parseInt(codes[at]!, 16)),
      String.fromCodePoint(parseInt(codes[at + 1]!, 16)),
    );
  }
}

/**
 * The lowercase of a string, each character for itself: a capital sigma at the end
 * of a word becomes σ, not ς, as in the reference.
 */
export function lowercase(text: string): string {
  let small = '';
  for (const character of text) small += young.get(character) ?? character.toLowerCase();
  return small;
}
