/** One open document: its text, its tokens, and who must hear that it changed. */
import { ChapterError } from '../chapter/chapterError';
import {
  looksLikeNumbers,
  readNumberDocument,
  type NumberDocument,
} from '../chapter/numberDocument';
import { requireComputable, runNumberDocument } from '../chapter/numberPipeline';
import { PositionError } from '../positional/positionError';
import type { Position, Range } from '../protocol';
import type { Tokenizer } from '../tokens/tokenizer';
import { ContentModified, RequestFailed } from './errors';
import type { DocumentText, Splice, TextChange } from './text';
import type { Summary } from './summary';
import { TokenizedText, type Scheduler } from './tokenized';
import type { WholeKind } from './wholeDocument';

/** Whoever wants to see a document as a whole asks again and again; nobody does any more after this. */
const WISH_MS = 60_000;

/** A region is left when the place asked about comes nearer to its edge than this share of it. */
const MARGIN = 1 / 8;

/** What tokenizing depends on. */
export interface TokenizeWith {
  tokenizer: Tokenizer;
  contextLength: number;
  /** UTF-16 units; longer documents are analysed around a place only. */
  maxLength: number;
  /** As a decoder reads it, beside what an encoder does. */
  decoded?: boolean;
}

/** The stretch of the document that is tokenized, in UTF-16 units. */
interface Region {
  start: number;
  end: number;
  with: TokenizeWith;
  tokens: TokenizedText;
}

export class OpenDocument {
  readonly text: DocumentText;
  readonly #scheduler: Scheduler;
  readonly #onTokenized: () => void;
  #modified = new AbortController();
  #region: Region | undefined;
  /** As a decoder reads it. */
  #decoded: Region | undefined;
  #closed = false;
  /** Of this version, once it was asked for. */
  #numbers: { read: NumberDocument | null } | RequestFailed | undefined;
  /** Windows of this version that were asked for: index → base of their content. */
  readonly asked = new Map<number, string>();
  /** Whether the last question found a document of numbers here: one window, without tokenizing. */
  readAsNumbers = false;
  /** The client's cursor, else the last position asked about. */
  cursor: Position = { line: 0, character: 0 };
  /** What the client says is in view, and what is pinned. */
  visible: readonly Range[] = [];
  pinned: readonly Position[] = [];
  /** Greater than that of documents looked at earlier; 0: nobody has looked at it yet. */
  lookedAt = 0;
  /** Counts up with each summary that idle work has made. */
  summaries = 0;
  /** What answers about the whole document are wanted to be made of, and until when. */
  readonly #wishes = new Map<WholeKind, { summary: Summary<unknown>; until: number }>();

  constructor(text: DocumentText, scheduler: Scheduler, onTokenized: () => void) {
    this.text = text;
    this.#scheduler = scheduler;
    this.#onTokenized = onTokenized;
  }

  /** Aborted when this version is no longer the newest, or the document is closed. */
  get modified(): AbortSignal {
    return this.#modified.signal;
  }

  /** `null` until everything is tokenized. */
  get windowCount(): number | null {
    return this.readAsNumbers ? 1 : ((this.#region ?? this.#decoded)?.tokens.windowCount ?? null);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** UTF-16 units that are analysed, where that is not the whole document. */
  get analysedLength(): number | undefined {
    const region = this.#region;
    if (!region || region.end - region.start >= this.text.text.length) return undefined;
    return region.end - region.start;
  }

  /**
   * What stands in a document of numbers; null where it is text. Throws
   * {@link RequestFailed} `badDocument` for one that cannot be read.
   */
  numbers(): NumberDocument | null {
    this.#numbers ??= readNumbersOf(this.text.text);
    if (this.#numbers instanceof Error) throw this.#numbers;
    return this.#numbers.read;
  }

  change(changes: readonly TextChange[], version: number): void {
    for (const change of changes) this.#follow(this.text.apply(change, version));
    this.asked.clear();
    this.#numbers = undefined;
    this.readAsNumbers = false;
    this.#modified.abort(new ContentModified());
    this.#modified = new AbortController();
  }

  close(): void {
    this.#closed = true;
    this.#modified.abort(new ContentModified());
    this.forgetTokens();
  }

  /** Has idle work make the summary of every window, for as long as somebody asks for it. */
  wish(kind: WholeKind, summary: Summary<unknown>): void {
    this.#wishes.set(kind, { summary, until: this.#scheduler.now() + WISH_MS });
  }

  get wishes(): Summary<unknown>[] {
    const now = this.#scheduler.now();
    return [...this.#wishes.values()]
      .filter(({ until }) => now < until)
      .map(({ summary }) => summary);
  }

  forgetTokens(): void {
    this.readAsNumbers = false;
    this.asked.clear();
    this.#setRegion(false, undefined);
    this.#setRegion(true, undefined);
  }

  #setRegion(decoded: boolean, region: Region | undefined): void {
    (decoded ? this.#decoded : this.#region)?.tokens.close();
    if (decoded) this.#decoded = region;
    else this.#region = region;
  }

  /** The tokens of the document, or of the region around `offset` where it is too long. */
  tokens(offset: number, options: TokenizeWith): TokenizedText {
    const { decoded = false } = options;
    const region = decoded ? this.#decoded : this.#region;
    if (region && this.#serves(region, offset, options)) return region.tokens;
    this.readAsNumbers = false;
    this.asked.clear();
    const made = this.#makeRegion(offset, options);
    this.#setRegion(decoded, made);
    return made.tokens;
  }

  #serves(region: Region, offset: number, options: TokenizeWith): boolean {
    const length = this.text.text.length;
    const same =
      region.with.tokenizer === options.tokenizer &&
      region.with.contextLength === options.contextLength &&
      region.with.maxLength === options.maxLength;
    if (!same) return false;
    if (length <= options.maxLength) return region.start === 0 && region.end === length;
    if (region.end - region.start > options.maxLength * (1 + MARGIN)) return false;
    const margin = options.maxLength * MARGIN;
    const afterStart = region.start === 0 || offset >= region.start + margin;
    const beforeEnd = region.end === length || offset <= region.end - margin;
    return afterStart && beforeEnd;
  }

  #makeRegion(offset: number, options: TokenizeWith): Region {
    const text = this.text.text;
    let start = 0;
    let end = text.length;
    if (end > options.maxLength) {
      const first = Math.min(offset - options.maxLength / 2, end - options.maxLength);
      start = wholeCharacter(text, Math.max(0, Math.floor(first)));
      end = wholeCharacter(text, Math.min(end, start + options.maxLength));
    }
    const tokens = new TokenizedText(
      options.tokenizer,
      options.contextLength,
      text.slice(start, end),
      start,
      this.#scheduler,
      this.#onTokenized,
    );
    return { start, end, with: options, tokens };
  }

  /** Lets the tokenized region follow an edit of the text. */
  #follow(splice: Splice): void {
    for (const decoded of [false, true])
      this.#followIn(decoded ? this.#decoded : this.#region, decoded, splice);
  }

  #followIn(
    region: Region | undefined,
    decoded: boolean,
    { start, removed, inserted }: Splice,
  ): void {
    if (!region) return;
    const growth = inserted - removed;
    if (start > region.end) return;
    if (start + removed < region.start) {
      region.start += growth;
      region.end += growth;
      region.tokens.offset += growth;
    } else if (start >= region.start && start + removed <= region.end) {
      region.end += growth;
      const text = this.text.text.slice(region.start, region.end);
      region.tokens.splice(text, { start: start - region.start, removed, inserted });
    } else {
      this.asked.clear();
      this.#setRegion(decoded, undefined);
    }
  }
}

function readNumbersOf(text: string): { read: NumberDocument | null } | RequestFailed {
  if (!looksLikeNumbers(text)) return { read: null };
  try {
    const read = readNumberDocument(text);
    requireComputable(runNumberDocument(read));
    return { read };
  } catch (error) {
    if (error instanceof ChapterError || error instanceof PositionError)
      return new RequestFailed('badDocument', error.message);
    throw error;
  }
}

/** The offset, or the one before it if it would cut a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  const before = text.charCodeAt(offset - 1);
  const splits = unit >= 0xdc00 && unit < 0xe000 && before >= 0xd800 && before < 0xdc00;
  return splits ? offset - 1 : offset;
}
