/** The hover's question: what the token under the pointer reads, and who reads it. */
import type { Range, Selection } from '../protocol';
import type { Question } from './answer';
import { hoverContent } from './hoverContent';
import { hoverMarkdown } from './hoverMarkdown';
import { hoverPlain } from './hoverPlain';
import { resolveSelection } from './selection';
import { tokenAt } from './tokenSearch';

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
    const { ready, document, window, windowCount, offset } = subject;
    const { engine, model, tokenizer } = ready;
    const selection = resolveSelection(options.selection, model);
    const token = offset === undefined ? undefined : tokenAt(window, offset);
    if (token === undefined) return () => Promise.resolve(null);
    return async (held) => {
      const query = { ...selection, window: held, token };
      const [row, column] = await Promise.all([
        engine.row(query, { signal }),
        engine.column(query, { signal }),
      ]);
      const content = hoverContent({
        document: document.text,
        window,
        windowCount,
        token,
        reads: row.weights,
        readBy: column.weights,
        sink: row.sink,
        selection,
        layers: model.layers,
        heads: model.heads,
        rows: options.rows,
        analysed: document.analysedLength,
        tokenText: (id) => tokenizer.tokenText(id),
      });
      const text = options.markdown ? hoverMarkdown(content) : hoverPlain(content);
      return { text, range: document.text.rangeOf(...content.span) };
    };
  };
}
