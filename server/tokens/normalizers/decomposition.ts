import { isCombining } from '../unicode/classes';
import { CodePointSet } from '../unicode/codePointSet';
import { undecomposed, undecomposedCompatibly } from '../unicode/tables';
import type { TracedText } from '../tracedText';
import { TracedTextBuilder } from '../tracedTextBuilder';

export type DecomposedForm = 'NFD' | 'NFKD';

const unknown = {
  NFD: new CodePointSet(undecomposed),
  NFKD: new CodePointSet(undecomposedCompatibly),
};

/** What one character decomposes to, by the Unicode data of the reference. */
export function decomposeCharacter(character: string, form: DecomposedForm): string {
  return unknown[form].has(character.codePointAt(0)!) ? character : character.normalize(form);
}

/** A combining character that waits for its place in canonical order. */
interface Waiting {
  character: string;
  /** Its source, if it is the first of what its source decomposes to. */
  source: { start: number; end: number } | null;
}

/**
 * Canonical decomposition (UAX 15). Where canonical ordering moves a mark, the
 * ranges stay in the order of the source, as in the reference: the mark takes the
 * range of the mark whose place it takes.
 */
export function decompose(traced: TracedText, form: DecomposedForm): TracedText {
  const writer = new OrderingWriter(traced.text.length);
  for (let at = 0; at < traced.text.length;) {
    const character = String.fromCodePoint(traced.text.codePointAt(at)!);
    const source = { start: traced.starts[at]!, end: traced.ends[at + character.length - 1]! };
    let first = true;
    for (const part of decomposeCharacter(character, form)) {
      writer.write({ character: part, source: first ? source : null });
      first = false;
    }
    at += character.length;
  }
  return writer.finish();
}

class OrderingWriter {
  private readonly out: TracedTextBuilder;
  private waiting: Waiting[] = [];
  private last = { start: 0, end: 0 };

  constructor(expected: number) {
    this.out = new TracedTextBuilder(expected);
  }

  write(next: Waiting): void {
    if (isCombining(next.character)) {
      this.waiting.push(next);
      return;
    }
    this.release();
    this.emit(next.character, next.source);
  }

  finish(): TracedText {
    this.release();
    return this.out.finish();
  }

  private release(): void {
    if (this.waiting.length === 0) return;
    const sources = this.waiting.flatMap(({ source }) => source ?? []);
    let taken = 0;
    for (const { character, source } of inCanonicalOrder(this.waiting)) {
      this.emit(character, source ? sources[taken++]! : null);
    }
    this.waiting = [];
  }

  private emit(character: string, source: Waiting['source']): void {
    this.last = source ?? this.last;
    this.out.pushText(character, this.last.start, this.last.end);
  }
}

function inCanonicalOrder(marks: readonly Waiting[]): readonly Waiting[] {
  if (marks.length < 2) return marks;
  return [...marks].sort((a, b) => compareClasses(a.character, b.character));
}

const comparisons = new Map<string, number>();

/** The host does not tell combining classes, but it swaps two marks that are out of order. */
function compareClasses(a: string, b: string): number {
  const pair = a + b;
  let order = comparisons.get(pair);
  if (order === undefined) {
    const swapped = b + a;
    if (a === b) order = 0;
    else if (pair.normalize('NFD') === swapped) order = 1;
    else order = swapped.normalize('NFD') === pair ? -1 : 0;
    comparisons.set(pair, order);
  }
  return order;
}
