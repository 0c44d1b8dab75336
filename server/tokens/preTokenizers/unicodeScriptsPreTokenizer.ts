import { scriptOf } from '../unicode/scriptClasses';
import type { Piece } from '../tracedText';
import type { PreTokenizer } from './preTokenizer';

/**
 * Splits where the script changes. What belongs to no script joins what is before it;
 * at the start of a piece it is dropped, as in the reference.
 */
export class UnicodeScriptsPreTokenizer implements PreTokenizer {
  readonly cut = 'none';

  split({ of, from, to }: Piece): Piece[] {
    const starts: number[] = [];
    let last = -1;
    for (let at = from; at < to;) {
      const code = of.text.codePointAt(at)!;
      const script = scriptOf(code);
      if (script >= 0 && script !== last) starts.push(at);
      if (script >= 0) last = script;
      at += code > 0xffff ? 2 : 1;
    }
    return starts.map((start, index) => ({ of, from: start, to: starts[index + 1] ?? to }));
  }
}
