/** Questions about a document as a whole: answered from what is known of its windows by now. */
import type { DocumentWindow } from './documentWindows';
import { documentWindows } from './documentWindows';
import type { AskOptions } from './answer';
import { unlessAborted } from './errors';
import type { ReadyModel } from './modelSlot';
import type { OpenDocument } from './openDocument';
import { collect, type Collected, type Summary } from './summary';
import type { Scheduler, TokenizedText } from './tokenized';
import type { WindowStore } from './windowStore';

/** What an answer is made of. */
export interface WholeSources {
  ready: ReadyModel;
  windows: WindowStore;
  document: OpenDocument;
  tokens: TokenizedText;
}

/** How long to work for the answer, and whether idle work is to go on with it. */
export interface WholeParams {
  within?: number;
  fill?: boolean;
}

export interface WholeOptions extends AskOptions {
  scheduler: Scheduler;
}

/** Which of the questions it is: each document's last one of a kind is filled in. */
export type WholeKind = 'map' | 'statistics';

/** Tokens of the document, as soon as all of it is tokenized. Fails with {@link ContentModified}. */
export function tokenCount(
  { document: { modified }, tokens }: WholeSources,
  { signal }: AskOptions,
): Promise<number> {
  const wanted = AbortSignal.any([signal, modified]);
  return unlessAborted(tokens.whole(wanted), signal, modified);
}

/** Of a document that is tokenized whole. Fails with {@link ContentModified}. */
export function collectWhole<T>(
  kind: WholeKind,
  { ready, windows, document, tokens }: WholeSources,
  summary: Summary<T>,
  { within = Infinity, fill = false }: WholeParams,
  { signal, scheduler }: WholeOptions,
): Promise<Collected<T>[]> {
  if (fill) document.wish(kind, summary);
  const all: DocumentWindow[] = documentWindows(tokens, ready.tokenizer.template);
  return collect(summary, all, {
    windows,
    now: () => scheduler.now(),
    until: scheduler.now() + within,
    pause: () => scheduler.pause(),
    signal,
    modified: document.modified,
  });
}

/** How many windows are analysed without there having been time for them. */
export function pendingOf(collected: readonly Collected<unknown>[]): number {
  return collected.filter(({ value }) => value === null).length;
}
