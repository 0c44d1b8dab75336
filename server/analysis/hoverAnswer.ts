/** The hover's question: what the token under the pointer reads, and who reads it. */
import type { RowAnswer } from '../engine/protocol';
import type { Range, Selection } from '../protocol';
import { contentOf, type Question } from './answer';
import { changedPositions } from './encodingChange';
import { hoverContent } from './hoverContent';
import { hoverMarkdown } from './hoverMarkdown';
import { hoverPlain } from './hoverPlain';
import { fitToModel, resolveSelection } from './selection';
import { tokenAt } from './tokenSearch';

const NOTHING = new Float32Array();

export interface HoverOptions {
  selection: Selection;
  /** Words in each direction, 1 … 5. */
  rows: number;
  markdown: boolean;
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
    const { document, window, windowCount, model, offset } = subject;
    // Numbers may have fewer heads than were chosen, or no position that could be changed.
    const selection = resolveSelection(fitToModel(options.selection, model), model);
    const { encoding, ...heads } = selection;
    const token = offset === undefined ? undefined : tokenAt(window, offset);
    if (token === undefined) return { contents: [], answer: () => Promise.resolve(null) };
    const changes = encoding ? [encoding, null] : [null];
    const both = async (held: string): Promise<[RowAnswer, RowAnswer]> => {
      const query = { ...heads, window: held, token };
      const { engine } = subject.ready;
      return Promise.all([engine.row(query, { signal }), engine.column(query, { signal })]);
    };
    const answer = async (held: string[]): Promise<HoverAnswer> => {
      const [shown, trained] = await Promise.all(held.map(both));
      const [row, column] = shown ?? [];
      const content = hoverContent({
        document: document.text,
        window,
        windowCount,
        token,
        position: changedPositions(encoding, window, model).positionIds[token] ?? token,
        reads: row?.weights ?? NOTHING,
        readBy: column?.weights ?? NOTHING,
        trained: trained && { reads: trained[0].weights, readBy: trained[1].weights },
        sink: subject.numbers ? null : (row?.sink ?? null),
        selection,
        layers: model.layers,
        heads: model.heads,
        chapter: subject.numbers?.settings ?? subject.ready.chapter,
        rows: options.rows,
        analysed: document.analysedLength,
        tokenText: subject.tokenText,
      });
      const text = options.markdown ? hoverMarkdown(content) : hoverPlain(content);
      return { text, range: document.text.rangeOf(...content.span) };
    };
    return { contents: changes.map((change) => contentOf(subject, change)), answer };
  };
}
