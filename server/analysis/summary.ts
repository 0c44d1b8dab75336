/** What is kept of each window to answer about a document as a whole, and how it is collected. */
import type { EncodingChange } from '../protocol';
import { changedPositions } from './encodingChange';
import type { DocumentWindow } from './documentWindows';
import { throwIfCancelled, unlessAborted } from './errors';
import type { ReadyModel } from './modelSlot';
import { windowContent, type WindowContent } from './windowContent';
import type { WindowStore } from './windowStore';

/** One of a window's summaries. */
export interface Summary<T> {
  ready: ReadyModel;
  /** Under which positions the window is analysed for it; null: as trained. */
  encoding: EncodingChange | null;
  /** What is kept, without the engine. */
  known(window: DocumentWindow, content: WindowContent): T | undefined;
  /** `held`: the engine's name of the content. Keeps what it returns. */
  compute(
    window: DocumentWindow,
    content: WindowContent,
    held: string,
    signal: AbortSignal,
  ): Promise<T>;
}

/** Throws what {@link changedPositions} throws where the window cannot be changed so. */
export function contentFor(
  { ready, encoding }: Pick<Summary<unknown>, 'ready' | 'encoding'>,
  { window }: DocumentWindow,
): WindowContent {
  return windowContent(window, encoding, changedPositions(encoding, window, ready.model));
}

/** What a window has to say: null where it is analysed but there was no time for it. */
export type Collected<T> = { window: DocumentWindow; value: T | null | undefined };

export interface CollectOptions {
  windows: WindowStore;
  /** Milliseconds on a steady clock, and when to take only what is kept. */
  now: () => number;
  until: number;
  /** Lets other work run. */
  pause: () => Promise<void>;
  signal: AbortSignal;
  /** Aborted when the document changes. */
  modified: AbortSignal;
}

/** Windows that are gone through before others get their turn. */
const AT_ONCE = 32;

/** The summaries of the windows, as far as they are kept or the engine holds what they are made from. */
export async function collect<T>(
  summary: Summary<T>,
  all: readonly DocumentWindow[],
  options: CollectOptions,
): Promise<Collected<T>[]> {
  const { signal, modified } = options;
  const collected: Collected<T>[] = [];
  for (const window of all) {
    throwIfCancelled(signal);
    if (collected.length % AT_ONCE === AT_ONCE - 1)
      await unlessAborted(options.pause(), signal, modified);
    const content = contentFor(summary, window);
    const kept = summary.known(window, content);
    collected.push({
      window,
      value: kept ?? (await fromEngine(summary, window, content, options)),
    });
  }
  return collected;
}

async function fromEngine<T>(
  summary: Summary<T>,
  window: DocumentWindow,
  content: WindowContent,
  { windows, now, until, signal, modified }: CollectOptions,
): Promise<T | null | undefined> {
  if (now() >= until) return windows.has(content) ? null : undefined;
  const lease = windows.hold(content);
  if (!lease) return undefined;
  const asking = AbortSignal.any([signal, modified]);
  try {
    const computing = summary.compute(window, content, lease.window, asking);
    return await unlessAborted(computing, signal, modified);
  } finally {
    lease.release();
  }
}
