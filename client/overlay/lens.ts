/** Gets the row that the overlay draws, and the places of its tokens, from the server. */
import type { Position, Range } from '../../server/protocol';
import { decodeFloats } from '../bytes';
import type { AttentionServer } from '../connection/attentionServer';
import { ServerFailure } from '../connection/failure';
import { retryStale } from '../retry';
import { rangesOfWords } from '../wordRanges';
import type { OverlayRow } from './buckets';
import type { Direction } from './decorations';

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

  /** The row of the token at a position; null where there is none. Rejects with `ServerFailure`. */
  async row(
    uri: string,
    position: Position,
    direction: Direction,
    signal: AbortSignal,
  ): Promise<OverlayRow | null> {
    try {
      return await retryStale(
        () => this.#ask(uri, position, direction, signal),
        () => !signal.aborted,
      );
    } catch (error) {
      if (ServerFailure.is(error, 'invalidParams')) return null;
      throw error;
    }
  }

  async #ask(
    uri: string,
    position: Position,
    direction: Direction,
    signal: AbortSignal,
  ): Promise<OverlayRow> {
    const where = { textDocument: { uri }, position };
    const { selection } = this.#server.status ?? {};
    const row = await this.#server.request(
      'attentionLens/row',
      { ...where, ...selection, direction },
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
    return {
      ranges: merged ? wordRanges : ranges,
      weights: decodeFloats(row.weights),
      sink: row.sink?.tokens ?? [],
      token: merged ? (words[row.token] ?? row.token) : row.token,
    };
  }
}
