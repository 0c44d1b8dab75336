import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { Picture, thumbnailTile, type AskRegion } from '../../../webview/map/picture';
import { planTiles, poolForWhole, type TilePlan } from '../../../webview/map/tiles';
import type { PanelRegion } from '../../../webview/protocol';
import { INITIAL_SELECTION } from '../../../server/protocol';

const selection = {
  ...INITIAL_SELECTION,
  layer: 0,
  head: 0,
  reading: 'raw',
  encoding: null,
} as const;

interface Asked {
  plan: TilePlan;
  signal: AbortSignal;
  answer: (fill: number) => void;
  fail: (error: Error) => void;
}

/** A picture whose requests the test answers itself. */
function pictured(): { picture: Picture; asked: Asked[]; failures: string[] } {
  const asked: Asked[] = [];
  const failures: string[] = [];
  const ask: AskRegion = (plan, signal) =>
    new Promise<PanelRegion>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new ChannelError('cancelled', 'Cancelled.')));
      const { rows, columns } = plan;
      asked.push({
        plan,
        signal,
        answer: (fill) =>
          resolve({
            generation: 1,
            rows,
            columns,
            values: new Float32Array(rows * columns).fill(fill),
          }),
        fail: reject,
      });
    });
  const picture = new Picture(
    's',
    selection,
    ask,
    () => undefined,
    ({ message }) => failures.push(message),
  );
  return { picture, asked, failures };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const extent = { rows: 512, columns: 512 };
const all = { queries: [0, 512], keys: [0, 512] } as const;
const whole = planTiles(all, extent, poolForWhole(extent))[0]!;
const fine = planTiles(all, extent, 1);

describe('picture', () => {
  it('asks for the coarse whole first and for few tiles at once', () => {
    const { picture, asked } = pictured();
    picture.want(whole, fine);
    assert.deepEqual(asked[0]?.plan, whole);
    assert.ok(asked.length < 1 + fine.length);
  });

  it('is exact where a fine tile is here and says so where not', async () => {
    const { picture, asked } = pictured();
    picture.want(whole, fine);
    asked[0]!.answer(0.5);
    await settle();
    assert.deepEqual(picture.valueAt({ query: 3, key: 9 }), { weight: 0.5, pool: 2 });
    assert.equal(picture.max, 0.5);
    const tile = asked.find(
      ({ plan }) => plan.pool === 1 && plan.queries[0] === 0 && plan.keys[0] === 0,
    );
    tile!.answer(0.25);
    await settle();
    assert.deepEqual(picture.valueAt({ query: 3, key: 9 }), { weight: 0.25, pool: 1 });
    assert.deepEqual(
      picture.layers.map(({ pool }) => pool),
      [2, 1],
    );
  });

  it('gives up tiles that went out of sight and takes up those that came', async () => {
    const { picture, asked } = pictured();
    picture.want(whole, fine);
    asked[0]!.answer(0.5);
    await settle();
    const [first] = fine;
    picture.want(whole, [first!]);
    const given = asked.filter(({ plan }) => plan.pool === 1 && plan !== first);
    assert.ok(given.length > 0);
    assert.ok(given.every(({ signal }) => signal.aborted));
    await settle();
    picture.want(whole, fine);
    await settle();
    assert.ok(asked.some(({ plan, signal }) => plan === fine[1] && !signal.aborted));
  });

  it('asks for each tile once, however often it is wanted', async () => {
    const { picture, asked } = pictured();
    for (let time = 0; time < 3; time++) picture.want(whole, fine);
    for (let next = 0; next < asked.length; next++) {
      asked[next]!.answer(0.5);
      await settle();
    }
    assert.equal(asked.length, 1 + fine.length);
  });

  it('does not ask again for what is here', async () => {
    const { picture, asked } = pictured();
    picture.want(whole, []);
    asked[0]!.answer(0.1);
    await settle();
    picture.want(whole, []);
    assert.equal(asked.length, 1);
  });

  it('tells of a failure once and does not hammer', async () => {
    const { picture, asked, failures } = pictured();
    picture.want(whole, []);
    asked[0]!.fail(new ChannelError('engineDown', 'The engine is down.'));
    await settle();
    picture.want(whole, []);
    picture.want(whole, []);
    assert.equal(asked.length, 1);
    assert.deepEqual(failures, ['The engine is down.']);
  });

  it('begins with a head’s thumbnail when there is one', () => {
    const { picture, asked } = pictured();
    const values = new Uint8Array(2 * 2).fill(51);
    picture.setBase(thumbnailTile({ size: 2, values, unit: 0.4 / 255 }, 512));
    picture.want(whole, []);
    assert.equal(asked.length, 0);
    const drawn = picture.valueAt({ query: 500, key: 20 });
    assert.equal(drawn?.pool, 256);
    assert.ok(Math.abs(drawn.weight - 0.08) < 1e-6);
  });

  it('knows nothing outside what it has', () => {
    const { picture } = pictured();
    assert.equal(picture.valueAt({ query: 0, key: 0 }), null);
    assert.equal(picture.max, 0);
  });
});
