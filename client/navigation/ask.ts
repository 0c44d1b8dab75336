/** Asks the server where a word reads, or is read from. */
import type { Position, Range, Selection } from '../../server/protocol';
import { decodeFloats } from '../bytes';
import type { AttentionServer } from '../connection/attentionServer';
import { ServerFailure } from '../connection/failure';
import type { Direction } from '../overlay/decorations';
import { retryStale } from '../retry';
import { rangesOfWords } from '../wordRanges';
import { placesOf, type Place } from './places';

/** The word asked about, and its places, heaviest first. */
export interface Neighbours {
  version: number;
  selection: Selection;
  range: Range;
  places: Place[];
}

/** What is known of the word at a position; null where there is none. Rejects with `ServerFailure`. */
export async function askNeighbours(
  server: AttentionServer,
  uri: string,
  position: Position,
  direction: Direction,
  signal: AbortSignal,
): Promise<Neighbours | null> {
  try {
    return await retryStale(
      () => ask(server, uri, position, direction, signal),
      () => !signal.aborted,
    );
  } catch (error) {
    if (ServerFailure.is(error, 'invalidParams')) return null;
    throw error;
  }
}

async function ask(
  server: AttentionServer,
  uri: string,
  position: Position,
  direction: Direction,
  signal: AbortSignal,
): Promise<Neighbours | null> {
  const where = { textDocument: { uri }, position };
  const { selection } = await server.request('attentionLens/status', {}, { signal });
  // Both speak of words whatever is merged elsewhere: nobody goes to half a word.
  const asked = { ...where, ...selection, merge: 'words', fit: true } as const;
  const [reads, tokens] = await Promise.all([
    server.request('attentionLens/row', asked, { signal }),
    server.request('attentionLens/tokens', where, { signal }),
  ]);
  // A column has no sink of its own: those who draw attention in the row are no places either way.
  const row =
    direction === 'reads'
      ? reads
      : await server.request('attentionLens/row', { ...asked, direction }, { signal });
  if (
    [reads, row].some(
      ({ version, window }) => version !== tokens.version || window.index !== tokens.window.index,
    )
  )
    throw new ServerFailure('stale', 'The document changed between two answers.');
  const { words } = tokens;
  const ranges = tokens.tokens.map(({ range }) => range);
  const own = words[reads.token] ?? 0;
  const range = rangesOfWords(ranges, words)[own];
  if (!range) return null;
  const sink = reads.sink?.tokens ?? [];
  const places = placesOf({ weights: decodeFloats(row.weights), sink, words, ranges, own });
  return { version: tokens.version, selection, range, places };
}
