/** The hover's question: what the token under the pointer reads, and who reads it. */
import type { RowAnswer, RowParams } from '../engine/protocol';
import type { Range, Selection } from '../protocol';
import { contentOf, isLayerwise, keySide, type Question, type Subject } from './answer';
import { changedPositions } from './encodingChange';
import { InvalidParams } from './errors';
import { hoverContent } from './hoverContent';
import { hoverMarkdown } from './hoverMarkdown';
import { hoverPlain } from './hoverPlain';
import { fittingSelection, headsOf } from './selection';
import { tokensOfRange } from './queryRange';
import { tokenAt } from './tokenSearch';
import { wholeWords, wordIndices } from './words';

export interface HoverOptions {
  selection: Selection;
  /** Words in each direction, 1 … 5. */
  rows: number;
  markdown: boolean;
  /** Whether the pointer is in what reads or, across two texts, in what is read. */
  side: 'queries' | 'keys';
  /** Instead of the token under the pointer all that share a character with this range. */
  queryRange?: Range;
}

export interface HoverAnswer {
  text: string;
  /** Covers the token with its word's other pieces. */
  range: Range;
}

/** The answer is null where no token stands. */
export function hoverQuestion(
  options: HoverOptions,
  signal: AbortSignal,
): Question<HoverAnswer | null> {
  return (subject) => {
    const text = options.side === 'keys' ? keySide(subject) : subject;
    const { window, offset } = text;
    const selected = selectedTokens(text, options.queryRange);
    const under = offset === undefined ? undefined : tokenAt(window, offset);
    const token = selected.tokens?.[0] ?? under;
    if (token === undefined) return { contents: [], answer: () => Promise.resolve(null) };
    const fitted = fitToWindow(subject, options.selection);
    const { encoding } = fitted.selection;
    const changes = encoding ? [encoding, null] : [null];
    const groups = wordsIn(text);
    const asked = selected.tokens ?? [token, token + 1];
    const [first, end] = fitted.selection.merge === 'words' ? wholeWords(groups, asked) : asked;
    const both = { groups: wordsIn(subject), keyGroups: wordsIn(keySide(subject)) };
    const query = { ...headsOf(fitted.selection), token: first, end, ...both };
    return {
      contents: changes.map((change) => contentOf(subject, change)),
      layerwise: isLayerwise(fitted.selection, subject),
      answer: async (held) => {
        const answers = held.map((name) =>
          directions(subject, options.side, { ...query, window: name }, signal),
        );
        const [shown = NOTHING, trained] = await Promise.all(answers);
        return write(subject, options, {
          ...{ ...fitted, token, asked: [first, end], shown, trained },
          isSelected: selected.tokens !== undefined,
          notSelected: selected.refusal,
        });
      },
    };
  };
}

/** A window, and a place in its text. */
type TextWindow = Pick<Subject, 'window' | 'windowCount' | 'document' | 'offset'>;

function wordsIn({ window, document }: TextWindow): Int32Array {
  return wordIndices(window, document.text.text);
}

/** What a token reads, and who reads it. */
interface Directions {
  row: RowAnswer;
  column: RowAnswer;
}

interface Hovered {
  token: number;
  /** The token, all of its word, or what is selected. */
  asked: [first: number, end: number];
  isSelected: boolean;
  /** Why what is selected is not shown. */
  notSelected: string | undefined;
  selection: Selection;
  /** Why this window is shown as trained although a change is selected. */
  refusal: string | undefined;
  shown: Directions;
  trained: Directions | undefined;
}

const NO_ROW: RowAnswer = { weights: new Float32Array(), sink: null };
const NOTHING: Directions = { row: NO_ROW, column: NO_ROW };

/**
 * The selection as far as this window has it: numbers may have fewer heads than were
 * chosen or no position at all, and a shift that fits one text may leave the table in another.
 */
function fitToWindow(
  { model, window, ready, stack }: Subject,
  selected: Selection,
): Pick<Hovered, 'selection' | 'refusal'> {
  const selection = fittingSelection({ ...selected, stack }, model, ready.manifest);
  try {
    changedPositions(selection.encoding, window, model);
    return { selection, refusal: undefined };
  } catch (error) {
    if (!(error instanceof InvalidParams)) throw error;
    return { selection: { ...selection, encoding: null }, refusal: error.message };
  }
}

/** What is selected as the query; a single token is no other question than the pointer's. */
function selectedTokens(
  subject: TextWindow,
  range: Range | undefined,
): { tokens?: [first: number, end: number]; refusal?: string } {
  if (!range || subject.offset === undefined) return {};
  const { text } = subject.document;
  const [start, end] = [text.offsetAt(range.start), text.offsetAt(range.end)];
  if (subject.offset < start || subject.offset >= end) return {};
  try {
    const tokens = tokensOfRange(subject, range);
    return tokens[1] - tokens[0] > 1 ? { tokens } : {};
  } catch (error) {
    if (!(error instanceof InvalidParams)) throw error;
    return { refusal: error.message };
  }
}

/** Across two texts there is one direction only: to the other one. */
async function directions(
  { ready, stack }: Subject,
  side: HoverOptions['side'],
  query: RowParams,
  signal: AbortSignal,
): Promise<Directions> {
  const across = stack === 'cross';
  const [row, column] = await Promise.all([
    across && side === 'keys' ? NO_ROW : ready.engine.row(query, { signal }),
    across && side === 'queries' ? NO_ROW : ready.engine.column(query, { signal }),
  ]);
  return { row, column };
}

function write(subject: Subject, options: HoverOptions, hovered: Hovered): HoverAnswer {
  const { model, numbers, ready, stack } = subject;
  const keys = keySide(subject);
  const { document, window, windowCount } = options.side === 'keys' ? keys : subject;
  const other = options.side === 'keys' ? subject : keys;
  const { token, asked, isSelected, notSelected, selection, refusal, shown, trained } = hovered;
  const { positionIds } = changedPositions(selection.encoding, window, model);
  const { decoder } = ready.model;
  const content = hoverContent({
    document: document.text,
    window,
    windowCount,
    stack: decoder && stack,
    side: options.side,
    other: stack === 'cross' ? { ...other, document: other.document.text } : undefined,
    token,
    asked,
    isSelected,
    notSelected,
    position: positionIds[token] ?? token,
    reads: shown.row.weights,
    readBy: shown.column.weights,
    trained: trained && { reads: trained.row.weights, readBy: trained.column.weights },
    sink: numbers || options.side === 'keys' ? null : shown.row.sink,
    selection,
    refusal,
    layers: model.layers,
    heads: model.heads,
    chapter: numbers?.settings ?? ready.chapter,
    rows: options.rows,
    analysed: document.analysedLength,
    tokenText: subject.tokenText,
  });
  const text = options.markdown ? hoverMarkdown(content) : hoverPlain(content);
  return { text, range: document.text.rangeOf(...content.span) };
}
