import { applyChanges } from './characterChanges';
import { CharacterMap } from './characterMap';
import { decompose, decomposeCharacter } from './decomposition';
import type { Normalizer } from './normalizer';
import { isCombining, isControl, isNonspacingMark, isWhiteSpace } from '../unicode/classes';
import { lowercase } from '../unicode/lowercase';
import type { TracedText } from '../tracedText';

export interface BertNormalizerOptions {
  /** Drop control characters and make every whitespace a space. */
  cleanText: boolean;
  /** Put spaces around ideographs. */
  handleChineseChars: boolean;
  stripAccents: boolean;
  lowercase: boolean;
}

/** The blocks that BERT splits character by character; Kana and Hangul are not among them. */
const IDEOGRAPH =
  /^[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]$/u;

/** Devlin et al. 2019: clean, isolate ideographs, strip accents, lowercase, in this order. */
export class BertNormalizer implements Normalizer {
  readonly local = true;
  private readonly beforeOrdering: CharacterMap;
  private readonly afterOrdering: CharacterMap;
  /** All steps in one pass, for characters that canonical ordering leaves alone. */
  private readonly atOnce: CharacterMap;
  /** Which of the code points met so far need the ordering pass. */
  private readonly ordered = new Map<number, boolean>();

  constructor(private readonly options: BertNormalizerOptions) {
    const before = (character: string) => this.isolate(this.clean(character));
    const after = (character: string) => this.lower(this.strip(character));
    this.beforeOrdering = new CharacterMap(before);
    this.afterOrdering = new CharacterMap(after);
    this.atOnce = new CharacterMap((character) =>
      mapEach(before(character), (kept) =>
        mapEach(options.stripAccents ? decomposeCharacter(kept, 'NFD') : kept, after),
      ),
    );
  }

  normalize(traced: TracedText): TracedText {
    if (!this.options.stripAccents || !this.needsOrdering(traced.text)) {
      return this.atOnce.apply(traced);
    }
    const cleaned = this.beforeOrdering.apply(traced);
    const decomposed = applyChanges(cleaned, decompose(cleaned.text, 'NFD'));
    return this.afterOrdering.apply(decomposed);
  }

  private clean(character: string): string {
    if (!this.options.cleanText) return character;
    if (character === '\t' || character === '\n' || character === '\r') return ' ';
    if (character === '\0' || character === '\ufffd' || isControl(character)) return '';
    return isWhiteSpace(character) ? ' ' : character;
  }

  private isolate(text: string): string {
    return this.options.handleChineseChars && IDEOGRAPH.test(text) ? ` ${text} ` : text;
  }

  private strip(character: string): string {
    return this.options.stripAccents && isNonspacingMark(character) ? '' : character;
  }

  private lower(text: string): string {
    return this.options.lowercase ? lowercase(text) : text;
  }

  /**
   * Whether canonical ordering could move a mark that is not stripped afterwards:
   * only then does the order of the marks show.
   */
  private needsOrdering(text: string): boolean {
    for (let at = 0; at < text.length; at++) {
      if (text.charCodeAt(at) < 0x80) continue;
      const codePoint = text.codePointAt(at)!;
      if (codePoint > 0xffff) at++;
      let answer = this.ordered.get(codePoint);
      if (answer === undefined) {
        answer = leavesMovableMark(String.fromCodePoint(codePoint));
        this.ordered.set(codePoint, answer);
      }
      if (answer) return true;
    }
    return false;
  }
}

function leavesMovableMark(character: string): boolean {
  return [...decomposeCharacter(character, 'NFD')].some(
    (part) => isCombining(part) && !isNonspacingMark(part),
  );
}

function mapEach(text: string, map: (character: string) => string): string {
  let mapped = '';
  for (const character of text) mapped += map(character);
  return mapped;
}
