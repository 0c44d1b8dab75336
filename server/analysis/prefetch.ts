/**
 * Which window to analyse before anybody asks: the one at the cursor, those in view, those
 * with something pinned, and then the rest of each document, beginning around its cursor.
 * Only documents that somebody has looked at; their rest by turns.
 */
import type { Position, Settings } from '../protocol';
import type { IdleTask } from './idle';
import type { ModelWindows } from './modelWindows';
import type { ModelSlot, ReadyModel } from './modelSlot';
import type { OpenDocument } from './openDocument';
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

export class Prefetch {
  readonly #slot: ModelSlot;
  readonly #windows: ModelWindows;
  readonly #settings: () => Settings;
  /** Contents that could not be analysed: they are not tried again unasked. */
  #refused = new Set<string>();
  #refusedBy: ReadyModel | undefined;
  /** The turn in which a document's rest was served last. */
  readonly #served = new WeakMap<OpenDocument, number>();
  #turn = 0;

  constructor(slot: ModelSlot, windows: ModelWindows, settings: () => Settings) {
    this.#slot = slot;
    this.#windows = windows;
    this.#settings = settings;
  }

  /** What to analyse next; undefined while there is nothing, or while it is not known yet. */
  next(documents: Iterable<OpenDocument>): IdleTask | undefined {
    const { state } = this.#slot;
    if (state.state !== 'ready' || !this.#settings().background) return undefined;
    const { ready } = state;
    if (this.#refusedBy !== ready) this.#refused = new Set();
    this.#refusedBy = ready;
    const setting = { ready, windows: this.#windows.of(ready) };
    const known = this.#known(documents, ready);
    return this.#inView(known, setting) ?? this.#rest(known, setting);
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
        const first = taken === 0;
        taken += window.ids.length;
        if (!first && !setting.windows.fits(taken)) return undefined;
        const content = this.#missing(each, window, setting);
        if (content) return this.#task(content, setting, true);
      }
    }
    return undefined;
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
    const count = tokens.windowCount ?? 0;
    const here = tokens.knownAt(document.text.offsetAt(document.cursor))?.index ?? 0;
    for (let distance = 0; distance < count; distance++) {
      for (const index of [here + distance, here - distance]) {
        const window = tokens.window(index)?.tokens;
        const content = window && this.#missing({ document, tokens }, window, setting);
        if (content) return content;
      }
    }
    return undefined;
  }

  /** The content of a window that is to be analysed; what is there by now counts for its document. */
  #missing(
    { document }: Known,
    window: WindowTokens,
    { windows }: Setting,
  ): WindowContent | undefined {
    const content = windowContent(window);
    if (this.#refused.has(content.key)) return undefined;
    document.asked.set(window.index, content.base);
    return windows.has(content) ? undefined : content;
  }

  #task(content: WindowContent, { windows }: Setting, inView: boolean): IdleTask {
    return {
      inView,
      run: async (signal) => {
        try {
          const lease = await (inView
            ? windows.acquire(content, signal)
            : windows.acquireIdle(content, signal));
          lease.release();
        } catch (error) {
          if (!signal.aborted) this.#refused.add(content.key);
          throw error;
        }
      },
    };
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
