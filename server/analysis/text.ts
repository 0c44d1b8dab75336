/** The text of one open document, its version, and the way between positions and offsets. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position, Range } from '../protocol';

/** One change as LSP sends it; without `range` the whole text is replaced. */
export interface TextChange {
  range?: Range;
  text: string;
}

/** What a change did, in UTF-16 offsets of the text before it. */
export interface Splice {
  start: number;
  removed: number;
  inserted: number;
}

/** Positions count UTF-16 code units; lines end at `\n`, `\r\n` and `\r`. */
export class DocumentText {
  readonly uri: string;
  #document: TextDocument;

  constructor(uri: string, version: number, text: string) {
    this.uri = uri;
    this.#document = TextDocument.create(uri, '', version, text);
  }

  get version(): number {
    return this.#document.version;
  }

  get text(): string {
    return this.#document.getText();
  }

  /** Applies one change and says what it replaced. Positions outside the text are clamped. */
  apply(change: TextChange, version: number): Splice {
    const before = this.#document.getText().length;
    if (!change.range) {
      this.#document = TextDocument.create(this.uri, '', version, change.text);
      return { start: 0, removed: before, inserted: change.text.length };
    }
    const ends = [this.offsetAt(change.range.start), this.offsetAt(change.range.end)];
    const [start, end] = [Math.min(...ends), Math.max(...ends)];
    // Clamped first: TextDocument computes line starts from the raw lines of a change.
    const range = { start: this.positionAt(start), end: this.positionAt(end) };
    TextDocument.update(this.#document, [{ range, text: change.text }], version);
    return { start, removed: end - start, inserted: change.text.length };
  }

  /** The UTF-16 offset of a position, clamped to its line and to the document. */
  offsetAt(position: Position): number {
    return this.#document.offsetAt(position);
  }

  positionAt(offset: number): Position {
    return this.#document.positionAt(offset);
  }

  /** The LSP range of a half-open span of offsets. */
  rangeOf(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }
}
