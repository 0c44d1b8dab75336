/** What a hover says, before it is written as Markdown or plain text. */
import type { ChapterSettings } from '../chapter/controls';
import type { Position, Selection, Stack } from '../protocol';
import type { DocumentText } from './text';
import { contextOf, type WindowTokens } from './windowTokens';
import { heaviestWords, wordIndices, wordsOf, type Word } from './words';

/** A hover shows at most this many words in each direction. */
export const MAX_HOVER_ROWS = 5;

/** Below this a percentage with one decimal reads 0.0 %. */
const LEAST_SHOWN = 0.0005;

export interface HoverWord {
  text: string;
  /** 0 … 1 */
  weight: number;
  /** What it is in the model as trained, where position is changed. */
  was: number | undefined;
  /** Zero-based; where the word stands on another line than the hovered one. */
  place: Position | undefined;
  /** Where it stands in another document. */
  uri: string | undefined;
}

export interface HoverContent {
  /** The token with its word's other pieces, as written. */
  word: string;
  /** As the vocabulary writes it, where it is not the whole word that was asked for. */
  piece: string | undefined;
  token: number;
  /** Half-open: more than the token where its whole word, or a selection, was asked for. */
  asked: [first: number, end: number];
  /** What was asked for is selected text: its row is a mean, its column a sum. */
  isSelected: boolean;
  /** Why it is not what is selected. */
  notSelected: string | undefined;
  tokens: number;
  /** Which position the token has been given; its number unless position is changed. */
  position: number;
  selection: Selection;
  layers: number;
  heads: number;
  /** Whose attention it is, where the model has several kinds. */
  stack: Stack | undefined;
  /** The document on the other side of the attention across two, which words it has, and which of its windows. */
  other: OtherText | undefined;
  /** The Chapter model's controls, where it is in use. */
  chapter: ChapterSettings | undefined;
  /** Why this window is shown as trained although a change of position is selected. */
  refusal: string | undefined;
  reads: HoverWord[];
  readBy: HoverWord[];
  /** `tokens`: the sink's tokens by name. */
  sink: { tokens: string[]; share: number } | undefined;
  /** `context`: tokens of the text that it has before and after the hovered one. */
  window: { index: number; count: number | null; context: [before: number, after: number] };
  /** UTF-16 units that were analysed, where the document is longer than that. */
  analysed: number | undefined;
  /** Half-open UTF-16 offsets of the word. */
  span: [start: number, end: number];
}

export interface OtherText {
  /** Its last name. */
  name: string;
  /** Whether the hovered text reads it, or is read by it. */
  direction: 'reads' | 'readBy';
  window: { index: number; count: number | null };
}

export interface HoverInput {
  document: DocumentText;
  window: WindowTokens;
  windowCount: number | null;
  token: number;
  /** The tokens that were asked for: the token, those of its word, or those selected. */
  asked: [first: number, end: number];
  isSelected?: boolean;
  notSelected?: string;
  position: number;
  /** [word]: what they read, and who reads them. */
  reads: Float32Array;
  readBy: Float32Array;
  /** The same as trained, where position is changed. */
  trained?: { reads: Float32Array; readBy: Float32Array };
  sink: { tokens: number[]; share: number } | null;
  selection: Selection;
  layers: number;
  heads: number;
  stack?: Stack;
  side?: 'queries' | 'keys';
  /** What is on the other side of the attention across two texts. */
  other?: { document: DocumentText; window: WindowTokens; windowCount: number | null };
  chapter?: ChapterSettings;
  refusal?: string;
  rows: number;
  analysed: number | undefined;
  tokenText: (id: number) => string;
}

export function hoverContent(input: HoverInput): HoverContent {
  const { document, window, token, sink } = input;
  const indices = wordIndices(window, document.text);
  const hovered = wordsOf(window, indices)[indices[token]!]!;
  const far = input.other ?? input;
  const words = wordsOf(far.window, wordIndices(far.window, far.document.text));
  const { isSelected = false } = input;
  const isPiece = !isSelected && hovered.tokens.length > input.asked[1] - input.asked[0];
  const span = isSelected ? spanOf(window, input.asked) : ([hovered.start, hovered.end] as const);
  const left = new Set([...far.window.specialTokens, ...(sink?.tokens ?? [])]);
  const count = Math.min(MAX_HOVER_ROWS, Math.max(1, input.rows));
  const line = document.positionAt(hovered.start).line;
  const heaviest = (direction: 'reads' | 'readBy'): HoverWord[] =>
    heaviestWords(words, input[direction], { count, left })
      .filter(({ weight }) => weight >= LEAST_SHOWN)
      .map(({ word, index, weight }) => ({
        ...describeWord(far.document, word, weight, input.other ? null : line),
        was: input.trained?.[direction][index],
      }));
  return {
    word: document.text.slice(...span),
    piece: isPiece ? input.tokenText(window.ids[token] ?? 0) : undefined,
    token,
    asked: input.asked,
    isSelected,
    notSelected: input.notSelected,
    tokens: window.ids.length,
    position: input.position,
    selection: input.selection,
    layers: input.layers,
    heads: input.heads,
    stack: input.stack,
    other: otherText(input),
    chapter: input.chapter,
    refusal: input.refusal,
    reads: heaviest('reads'),
    readBy: heaviest('readBy'),
    sink: sink
      ? { tokens: sink.tokens.map((index) => nameOf(input, index)), share: sink.share }
      : undefined,
    window: {
      index: window.index,
      count: input.windowCount,
      context: contextOf(window, token),
    },
    analysed: input.analysed,
    span: [...span],
  };
}

/** From the first to the last of some tokens, half-open UTF-16 offsets. */
function spanOf(
  { starts, ends }: WindowTokens,
  [first, end]: readonly [number, number],
): readonly [start: number, end: number] {
  return [starts[first] ?? 0, ends[end - 1] ?? 0];
}

function describeWord(
  document: DocumentText,
  word: Word,
  weight: number,
  hoveredLine: number | null,
): Omit<HoverWord, 'was'> {
  const place = document.positionAt(word.start);
  return {
    text: document.text.slice(word.start, word.end),
    weight,
    place: place.line === hoveredLine ? undefined : place,
    uri: hoveredLine === null ? document.uri : undefined,
  };
}

function otherText({ other, side }: HoverInput): OtherText | undefined {
  if (!other) return undefined;
  const { document, window, windowCount } = other;
  return {
    name: lastName(document.uri),
    direction: side === 'keys' ? 'readBy' : 'reads',
    window: { index: window.index, count: windowCount },
  };
}

function lastName(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1).replace(/^[a-z]+:/, '');
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function nameOf(input: HoverInput, token: number): string {
  const { document, window } = input.other ?? input;
  const start = window.starts[token] ?? -1;
  return start < 0
    ? input.tokenText(window.ids[token] ?? 0)
    : document.text.slice(start, window.ends[token]);
}
