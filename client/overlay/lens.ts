/** Gets the row that the overlay draws, and the places of its tokens, from the server. */
import type { Position, Range } from '../../server/protocol';
import { decodeFloats } from '../bytes';
import type { AttentionServer } from '../connection/attentionServer';
import { ServerFailure } from '../connection/failure';
import { retryStale } from '../retry';
import { rangesOfWords } from '../wordRanges';
import type { OverlayRow } from './buckets';
import type { Direction } from './decorations';

/** The token at a position, or all that a selected range touches. */
export interface OverlayQuery {
  position: Position;
  /** `middle`: of the range; the window that owns it has most of the range's surroundings. */
  selected: { range: Range; middle: Position } | null;
}

interface KnownTokens {
  key: string;
  ranges: (Range | null)[];
  /** [token] → its word, and where each word stands. */
  words: readonly number[];
  wordRanges: (Range | null)[];
}

export class OverlayLens {
  readonly #server: AttentionServer;
  #known: KnownTokens | undefined;

  constructor(server: AttentionServer) {
    this.#server = server;
  }

  /**
   * The row of what is asked about; that of the cursor where a selection has none, null where
   * there is no token. Rejects with `ServerFailure`.
   */
  async row(
    uri: string,
    query: OverlayQuery,
    direction: Direction,
    signal: AbortSignal,
  ): Promise<OverlayRow | null> {
    try {
      return await retryStale(
        () => this.#ask(uri, query, direction, signal),
        () => !signal.aborted,
      );
    } catch (error) {
      if (!ServerFailure.is(error, 'invalidParams')) throw error;
      if (!query.selected) return null;
      const { position } = query;
      const row = await this.row(uri, { position, selected: null }, direction, signal);
      return row && { ...row, refusal: error.message };
    }
  }

  async #ask(
    uri: string,
    { position, selected }: OverlayQuery,
    direction: Direction,
    signal: AbortSignal,
  ): Promise<OverlayRow> {
    const where = { textDocument: { uri }, position: selected?.middle ?? position };
    const range = selected && { queryRange: selected.range };
    const { selection } = this.#server.status ?? {};
    const row = await this.#server.request(
      'attentionLens/row',
      { ...where, ...range, ...selection, direction, fit: true },
      { signal },
    );
    const key = `${uri} ${row.version} ${row.window.index} ${row.model}`;
    if (this.#known?.key !== key) {
      const tokens = await this.#server.request('attentionLens/tokens', where, { signal });
      if (tokens.version !== row.version || tokens.window.index !== row.window.index)
        throw new ServerFailure('stale', 'The document changed between two answers.');
      const ranges = tokens.tokens.map(({ range }) => range);
      const { words } = tokens;
      this.#known = { key, ranges, words, wordRanges: rangesOfWords(ranges, words) };
    }
    const { ranges, words, wordRanges } = this.#known;
    const merged = row.units === 'words';
    const [first, end] = row.queries;
    const of = (token: number): number => (merged ? (words[token] ?? token) : token);
    return {
      ranges: merged ? wordRanges : ranges,
      weights: decodeFloats(row.weights),
      sink: row.sink?.tokens ?? [],
      token: of(row.token),
      ...(selected && { end: of(end - 1) + 1, selected: end - first }),
    };
  }
}
