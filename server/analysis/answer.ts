/** What a question about a document gets to work with, and what every answer carries. */
import type { NumberDocument } from '../chapter/numberDocument';
import type { DownloadProgress } from '../models/hub/hub';
import type {
  About,
  EncodingChange,
  Model,
  Position,
  Selection,
  Stack,
  WindowInfo,
} from '../protocol';
import { changedPositions } from './encodingChange';
import type { ReadyModel } from './modelSlot';
import type { OpenDocument } from './openDocument';
import { numberContent } from './numberWindow';
import type { SourceText } from './stacks';
import { pairContent, windowContent, type WindowContent } from './windowContent';
import { windowSpan, type WindowTokens } from './windowTokens';
import type { OnProgress } from './windowStore';

/** How long a question is wanted, and who hears how far it is. */
export interface AskOptions {
  signal: AbortSignal;
  onProgress?: OnProgress;
  onDownload?: (progress: DownloadProgress) => void;
}

/** One window of one version of one document, with the model that reads it. */
export interface Subject {
  ready: ReadyModel;
  /** As it is for this document: numbers have heads, width and encoding of their own, and so has a decoder. */
  model: Model;
  document: OpenDocument;
  version: number;
  window: WindowTokens;
  windowCount: number | null;
  /** UTF-16 offset of the position asked about. */
  offset: number | undefined;
  /** A token as the vocabulary or the document of numbers writes it. */
  tokenText: (id: number) => string;
  /** What was read, where the document is one of numbers. */
  numbers: NumberDocument | null;
  /** Whose attention is asked about. */
  stack: Stack;
  /** What the decoder's text, the document, was made from; absent for an encoder. */
  source?: SourceText;
}

/** What a checked question needs analysed, and how it answers from that. */
export interface Plan<T> {
  contents: WindowContent[];
  /** The answer, where it is kept although the engine may not hold the contents any more. */
  known?: () => T | undefined;
  /** One layer answers it: it need not wait for the others. */
  layerwise?: boolean;
  /** `held`: the engine's names of the contents, in their order. */
  answer: (held: string[]) => Promise<T>;
}

/** A question about a window: checks itself against the subject before anything is analysed. */
export type Question<T> = (subject: Subject) => Plan<T>;

/** A question that one content answers, or one layer of it. */
export function askOne<T>(
  content: WindowContent,
  answer: (held: string) => Promise<T>,
  layerwise = false,
): Plan<T> {
  return { contents: [content], layerwise, answer: ([held = '']) => answer(held) };
}

/** Whether a selection is answered by one layer's queries and keys. */
export function isLayerwise({ layer, reading }: Selection, { numbers, source }: Subject): boolean {
  return layer !== null && reading !== 'rollout' && !numbers && !source;
}

/** The subject's window as trained (null), or under a change of position. */
export function contentOf(subject: Subject, change: EncodingChange | null): WindowContent {
  const { window, model, numbers, stack, source } = subject;
  const inputs = changedPositions(change, window, model);
  if (source && stack !== 'encoder') return pairContent(source.window, window, stack);
  return numbers
    ? numberContent(numbers, subject.document.text.text, change, inputs)
    : windowContent(window, change, inputs);
}

export function about(subject: Subject): About {
  const { ready, version, source } = subject;
  const { hash } = ready.model;
  const own = { version, window: windowInfo(subject), model: hash };
  if (!source) return own;
  const { uri } = source.document.text;
  return { ...own, source: { uri, version: source.version, window: windowInfo(source) } };
}

function windowInfo({
  document,
  window,
  windowCount,
}: Pick<SourceText, 'document' | 'window' | 'windowCount'>): WindowInfo {
  const range = document.text.rangeOf(...windowSpan(window));
  return { index: window.index, count: windowCount, range };
}

/** What keys are of: the encoder's text across two, else the same as queries. */
export function keySide({ stack, source, ...own }: Subject): Omit<SourceText, 'version'> {
  return stack === 'cross' && source ? source : own;
}

/** The offset of a position, clamped to the document; undefined without one. */
export function offsetOf(document: OpenDocument, position?: Position): number | undefined {
  return position && document.text.offsetAt(position);
}
