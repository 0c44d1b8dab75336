/**
 * Which window to analyse before anybody asks: the one at the cursor, those in view, those
 * with something pinned, and then the rest of each document, beginning around its cursor.
 * Only documents that somebody has looked at; their rest by turns. Where position is changed,
 * a hover of what is in view says what it is as trained, too: there both are analysed. The
 * rest is analysed as trained, for changes come and go.
 */
import type { Position, Selection, Settings } from '../protocol';
import { documentWindows, type DocumentWindow } from './documentWindows';
import { changedPositions } from './encodingChange';
import { InvalidParams, RequestFailed } from './errors';
import type { IdleTask } from './idle';
import type { ModelWindows } from './modelWindows';
import type { ModelSlot, ReadyModel } from './modelSlot';
import type { OpenDocument } from './openDocument';
import { contentFor, type Summary } from './summary';
import type { TokenizedText } from './tokenized';
import { windowContent, type WindowContent } from './windowContent';
import type { WindowStore } from './windowStore';
import type { WindowTokens } from './windowTokens';

/** What it chooses for. */
interface Setting {
  ready: ReadyModel;
  windows: WindowStore;
}

interface Known {
  document: OpenDocument;
  tokens: TokenizedText;
}

/** What it goes by, and who hears that a summary was made. */
export interface PrefetchParts {
  settings: () => Settings;
  selection: () => Selection;
  summarised: () => void;
}

export class Prefetch {
  readonly #slot: ModelSlot;
  readonly #windows: ModelWindows;
  readonly #parts: PrefetchParts;
  /** Contents that could not be analysed: they are not tried again unasked. */
  #refused = new Set<string>();
  #refusedBy: ReadyModel | undefined;
  /** The turn in which a document's rest was served last. */
  readonly #served = new WeakMap<OpenDocument, number>();
  #turn = 0;

  constructor(slot: ModelSlot, windows: ModelWindows, parts: PrefetchParts) {
    this.#slot = slot;
    this.#windows = windows;
    this.#parts = parts;
  }

  /** What to analyse next; undefined while there is nothing, or while it is not known yet. */
  next(documents: Iterable<OpenDocument>): IdleTask | undefined {
    const { state } = this.#slot;
    if (state.state !== 'ready' || !this.#parts.settings().background) return undefined;
    const { ready } = state;
    if (this.#refusedBy !== ready) this.#refused = new Set();
    this.#refusedBy = ready;
    const setting = { ready, windows: this.#windows.of(ready) };
    const known = this.#known(documents, ready);
    return (
      this.#inView(known, setting) ?? this.#summaries(known, setting) ?? this.#rest(known, setting)
    );
  }

  /** Those looked at, the last one first. */
  #known(documents: Iterable<OpenDocument>, ready: ReadyModel): Known[] {
    return [...documents]
      .filter((document) => document.lookedAt > 0 && !(ready.chapter && isNumbers(document)))
      .sort((one, other) => other.lookedAt - one.lookedAt)
      .map((document) => {
        const around = document.text.offsetAt(document.cursor);
        return { document, tokens: document.tokens(around, this.#windows.tokenizeWith(ready)) };
      });
  }

  /** As much of what is in view as memory holds at once, so that nothing is analysed to and fro. */
  #inView(known: readonly Known[], setting: Setting): IdleTask | undefined {
    let taken = 0;
    for (const each of known) {
      for (const window of windowsInView(each)) {
        for (const content of this.#shownContents(window, setting)) {
          const first = taken === 0;
          taken += content.tokens;
          if (!first && !setting.windows.fits(taken)) return undefined;
          if (this.#isMissing(each, window, content, setting))
            return this.#task(content, setting, true);
        }
      }
    }
    return undefined;
  }

  /** What a hover of the window asks for. */
  #shownContents(window: WindowTokens, { ready }: Setting): WindowContent[] {
    const trained = windowContent(window);
    const { encoding } = this.#parts.selection();
    if (!encoding) return [trained];
    try {
      const inputs = changedPositions(encoding, window, ready.model);
      return [windowContent(window, encoding, inputs), trained];
    } catch (error) {
      // The window cannot be changed so, and is shown as trained.
      if (error instanceof InvalidParams || error instanceof RequestFailed) return [trained];
      throw error;
    }
  }

  /** What is wanted of a whole document: window by window, also of those that memory has no room for. */
  #summaries(known: readonly Known[], setting: Setting): IdleTask | undefined {
    for (const { document, tokens } of known) {
      const wishes = document.wishes.filter(({ ready }) => ready === setting.ready);
      if (wishes.length === 0 || tokens.windowCount === null) continue;
      const all = documentWindows(tokens, setting.ready.tokenizer.template);
      const here = tokens.knownAt(document.text.offsetAt(document.cursor))?.index ?? 0;
      for (const index of outwards(here, all.length)) {
        const window = all[index];
        for (const summary of window ? wishes : []) {
          const task = this.#summaryTask(document, window!, summary, setting);
          if (task) return task;
        }
      }
    }
    return undefined;
  }

  #summaryTask(
    document: OpenDocument,
    window: DocumentWindow,
    summary: Summary<unknown>,
    { windows }: Setting,
  ): IdleTask | undefined {
    const content = contentOrNone(summary, window);
    if (!content || this.#refused.has(content.key)) return undefined;
    document.asked.set(window.window.index, content.base);
    if (summary.known(window, content) !== undefined) return undefined;
    const run = async (signal: AbortSignal): Promise<void> => {
      const lease = windows.hold(content) ?? (await windows.acquireIdle(content, signal));
      try {
        await summary.compute(window, content, lease.window, signal);
      } finally {
        lease.release();
      }
      document.summaries++;
      this.#parts.summarised();
    };
    // Somebody looks at the whole.
    return { inView: true, run: (signal) => this.#refusing(content, signal, run) };
  }

  #rest(known: readonly Known[], setting: Setting): IdleTask | undefined {
    const turnOf = ({ document }: Known): number => this.#served.get(document) ?? 0;
    const byTurn = [...known].sort((one, other) => turnOf(one) - turnOf(other));
    for (const each of byTurn) {
      const content = this.#nearestMissing(each, setting);
      if (!content || !setting.windows.hasRoom(content.tokens)) continue;
      const task = this.#task(content, setting, false);
      const run = (signal: AbortSignal): Promise<void> => {
        this.#served.set(each.document, ++this.#turn);
        return task.run(signal);
      };
      return { ...task, run };
    }
    return undefined;
  }

  #nearestMissing({ document, tokens }: Known, setting: Setting): WindowContent | undefined {
    const here = tokens.knownAt(document.text.offsetAt(document.cursor))?.index ?? 0;
    for (const index of outwards(here, tokens.windowCount ?? 0)) {
      const window = tokens.window(index)?.tokens;
      const content = window && windowContent(window);
      if (content && this.#isMissing({ document, tokens }, window, content, setting))
        return content;
    }
    return undefined;
  }

  /** Whether a window's content is to be analysed; what is there by now counts for its document. */
  #isMissing(
    { document }: Known,
    window: WindowTokens,
    content: WindowContent,
    { windows }: Setting,
  ): boolean {
    if (this.#refused.has(content.key)) return false;
    document.asked.set(window.index, content.base);
    return !windows.has(content);
  }

  #task(content: WindowContent, { windows }: Setting, inView: boolean): IdleTask {
    const run = async (signal: AbortSignal): Promise<void> => {
      const lease = await (inView
        ? windows.acquire(content, signal)
        : windows.acquireIdle(content, signal));
      lease.release();
    };
    return { inView, run: (signal) => this.#refusing(content, signal, run) };
  }

  /** What fails is not tried again. */
  async #refusing(
    content: WindowContent,
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    try {
      await run(signal);
    } catch (error) {
      if (!signal.aborted) this.#refused.add(content.key);
      throw error;
    }
  }
}

/** The windows from one on, the nearest first. */
function outwards(here: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => index).sort(
    (one, other) => Math.abs(one - here) - Math.abs(other - here) || other - one,
  );
}

function contentOrNone(
  summary: Summary<unknown>,
  window: DocumentWindow,
): WindowContent | undefined {
  try {
    return contentFor(summary, window);
  } catch (error) {
    if (error instanceof InvalidParams || error instanceof RequestFailed) return undefined;
    throw error;
  }
}

/** The windows at the cursor, in the visible ranges, and at what is pinned, each once. */
function windowsInView({ document, tokens }: Known): WindowTokens[] {
  const { text, cursor, visible, pinned } = document;
  const at = (place: Position): WindowTokens | undefined => tokens.knownAt(text.offsetAt(place));
  const shown = visible.flatMap(({ start, end }) => {
    const [first, last] = [at(start), at(end)];
    const between = first && last ? rangeOf(first.index + 1, last.index) : [];
    return [first, ...between.map((index) => tokens.window(index)?.tokens), last];
  });
  const found = [at(cursor), ...shown, ...pinned.map(at)];
  return [...new Set(found.filter((window) => window !== undefined))];
}

function rangeOf(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

function isNumbers(document: OpenDocument): boolean {
  try {
    return document.numbers() !== null;
  } catch {
    return true;
  }
}
