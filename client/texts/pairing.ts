/** Answers what the page asks about the document beside the text that it was made from. */
import type { PairMethods, PanelPair } from '../../webview/pair/protocol';
import type { AttentionServer } from '../connection/attentionServer';
import { ServerFailure } from '../connection/failure';
import type { PanelEditors } from '../panel/editors';
import { panelTokens } from '../panel/answers';
import type { Gaze } from '../panel/gaze';
import { pageFailure, stale } from '../panel/pageFailure';
import type { PageChannel } from '../panel/pages';
import { retryStale } from '../retry';
import { decodeFloats } from '../bytes';
import type { TokensResult } from '../../server/protocol';

export interface PairingParts {
  server: AttentionServer;
  editors: Pick<PanelEditors, 'textAt'>;
  /** Has the person choose the text that the one shown was made from. */
  chooseSource: (uri: string | undefined) => void;
}

export function answerPairing(channel: PageChannel, gaze: Gaze, parts: PairingParts): void {
  channel.handle('pair', async (params, signal) => {
    try {
      return { pair: await pairOf(params, gaze, parts, signal) };
    } catch (error) {
      throw pageFailure(error);
    }
  });
  channel.handle('setSourceText', () => parts.chooseSource(gaze.document?.uri));
}

async function pairOf(
  { generation, layer, head, reading, merge }: PairMethods['pair']['params'],
  gaze: Gaze,
  { server, editors }: PairingParts,
  signal: AbortSignal,
): Promise<PanelPair | null> {
  const { document } = gaze;
  const current = (): boolean => !gaze.stale && generation === gaze.generation;
  if (!document || !current()) throw stale();
  const uri = document.uri;
  const known = server.status?.documents.find((each) => each.uri === uri)?.source;
  if (known === undefined) return null;
  const where = { textDocument: { uri }, position: gaze.anchor, source: { uri: known } };
  const wanted = (): boolean => !signal.aborted && current();
  const ask = async (): Promise<PanelPair> => {
    const chosen = { layer, head, reading, merge, stack: 'cross' } as const;
    const map = await server.request('attentionLens/map', { ...where, ...chosen }, { signal });
    const [own, other] = await Promise.all([
      server.request('attentionLens/tokens', { ...where, stack: 'decoder' }, { signal }),
      server.request('attentionLens/tokens', { textDocument: { uri: known } }, { signal }),
    ]);
    if (own.version !== map.version || other.version !== map.source?.version)
      throw new ServerFailure('stale', 'The document changed between two answers.');
    const texts = (of: string, answer: TokensResult): string[] => {
      const written = panelTokens(generation, answer, (range) =>
        editors.textAt(of, answer.version, range),
      );
      return merge === 'words' ? written.words.texts : written.texts;
    };
    return {
      generation,
      source: known.slice(known.lastIndexOf('/') + 1),
      queries: texts(uri, own),
      keys: texts(known, other),
      rows: map.rows,
      columns: map.columns,
      values: decodeFloats(map.values),
      windows: [map.window, other.window].map(({ index, count }) => ({ index, count })),
    };
  };
  return retryStale(ask, wanted);
}
