/** What a question about a document gets to work with, and what every answer carries. */
import type { About, Position } from '../protocol';
import type { ReadyModel } from './modelSlot';
import type { OpenDocument } from './openDocument';
import { windowSpan, type WindowTokens } from './windowTokens';
import type { OnProgress } from './windowStore';

/** How long a question is wanted, and who hears how far it is. */
export interface AskOptions {
  signal: AbortSignal;
  onProgress?: OnProgress;
}

/** One window of one version of one document, with the model that reads it. */
export interface Subject {
  ready: ReadyModel;
  document: OpenDocument;
  version: number;
  window: WindowTokens;
  windowCount: number | null;
  /** UTF-16 offset of the position asked about. */
  offset: number | undefined;
}

/**
 * A question about a window: checks itself against the subject, and answers once the
 * engine holds the window under the name `held`.
 */
export type Question<T> = (subject: Subject) => (held: string) => Promise<T>;

export function about({ ready, document, version, window, windowCount }: Subject): About {
  const range = document.text.rangeOf(...windowSpan(window));
  return {
    version,
    window: { index: window.index, count: windowCount, range },
    model: ready.model.hash,
  };
}

/** The offset of a position, clamped to the document; undefined without one. */
export function offsetOf(document: OpenDocument, position?: Position): number | undefined {
  return position && document.text.offsetAt(position);
}
