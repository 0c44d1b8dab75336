import assert from 'node:assert/strict';
import { OverlayLens } from '../../../client/overlay/lens';
import type { AttentionServer } from '../../../client/connection/attentionServer';
import { ServerFailure } from '../../../client/connection/failure';
import { shade } from '../../../client/overlay/buckets';
import type { Range } from '../../../server/protocol';

const at = (start: number, end: number): Range => ({
  start: { line: 0, character: start },
  end: { line: 0, character: end },
});
const RANGES = [null, at(0, 3), at(4, 9), at(10, 12), null];
const WINDOW = { index: 0, count: 1, range: at(0, 12) };

/** A server that knows one text of three words and refuses ranges beyond character 100. */
class TextServer {
  readonly asked: Record<string, unknown>[] = [];
  status = null;

  request(method: string, params: Record<string, unknown>): Promise<unknown> {
    this.asked.push({ method, ...params });
    const about = { version: 1, window: WINDOW, model: 'm' };
    if (method === 'attentionLens/tokens')
      return Promise.resolve({
        ...about,
        tokens: RANGES.map((range) => ({ range })),
        words: [0, 1, 2, 3, 4],
      });
    const range = params.queryRange as Range | undefined;
    if (range && range.end.character > 100)
      return Promise.reject(new ServerFailure('invalidParams', 'Choose a shorter one.'));
    const queries = range ? [1, 3] : [2, 3];
    const weights = Buffer.from(Float32Array.of(0.5, 0.1, 0.1, 0.2, 0.1).buffer).toString('base64');
    const sink = { tokens: [0], share: 0.5 };
    const row = { ...about, token: queries[0], queries, units: 'tokens', weights, sink };
    return Promise.resolve(row);
  }
}

describe('the row of the overlay', () => {
  const signal = new AbortController().signal;
  const position = { line: 0, character: 5 };
  const open = () => {
    const server = new TextServer();
    return { server, lens: new OverlayLens(server as unknown as AttentionServer) };
  };

  it('is that of the selection, which gets one outline', async () => {
    const { server, lens } = open();
    const row = await lens.row(
      'file:///a',
      { position, selected: { range: at(1, 8), middle: position } },
      'reads',
      signal,
    );
    assert.deepEqual(server.asked[0]?.queryRange, at(1, 8));
    assert.deepEqual(server.asked[0]?.position, position);
    assert.equal(row?.selected, 2);
    assert.deepEqual(shade(row, [at(0, 50)]).outline, at(0, 9));
  });

  it('is that of the cursor where nothing is selected', async () => {
    const { lens } = open();
    const row = await lens.row('file:///a', { position, selected: null }, 'reads', signal);
    assert.equal(row?.selected, undefined);
    assert.deepEqual(row && shade(row, [at(0, 50)]).outline, at(4, 9));
  });

  it('falls back to the cursor where a selection has none, and says why', async () => {
    const { lens } = open();
    const row = await lens.row(
      'file:///a',
      { position, selected: { range: at(0, 200), middle: position } },
      'reads',
      signal,
    );
    assert.equal(row?.refusal, 'Choose a shorter one.');
    assert.equal(row.selected, undefined);
    assert.equal(row.token, 2);
  });
});
