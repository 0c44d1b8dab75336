/** From what the panel looks at to a bundle, and from a bundle to what the panel is told. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Channel } from '../../../../channel/channel';
import { decodeFloats } from '../../../../client/bytes';
import { BundleCheck } from '../../../../client/bundle/check';
import { gather, publicId, type BundleSource } from '../../../../client/bundle/gather';
import { BundleHost } from '../../../../client/bundle/host';
import { planBundle } from '../../../../client/bundle/plan';
import { readBundle } from '../../../../client/bundle/readBundle';
import { refusedHost } from '../../../../client/bundle/refusedHost';
import { writeBundle } from '../../../../client/bundle/writeBundle';
import type { Bundle } from '../../../../client/bundle/bundle';
import type { AttentionServer } from '../../../../client/connection/attentionServer';
import { encodeNumbers } from '../../../../server/analysis/numbers';
import { INITIAL_SELECTION, type Selection, type Status } from '../../../../server/protocol';
import type { HostSide, PanelBundle, PanelSide } from '../../../../webview/protocol';
import { portPair } from '../../channel/pair';
import { english } from '../english';
import { READY } from '../panelFakes';
import { HEADS, LAYERS, MANIFEST, someWeights, TEXT, TOKENS, WORDS } from './madeBundle';

const N = TOKENS.length;
const WEIGHTS = someWeights(LAYERS * HEADS, N);
const MODEL = { ...MANIFEST.model, position: { kind: 'none' as const } };
const ABOUT = { version: 3, window: MANIFEST.window, model: MODEL.hash };
const HEAD: Selection = { ...INITIAL_SELECTION, layer: 1, head: 2 };

/** What the engine would say of a map: one head's, or for all else the first. */
function mapOf(
  { layer = null, head = null }: Partial<Selection>,
  queries: [number, number],
): string {
  const from = layer === null || head === null ? 0 : (layer * HEADS + head) * N * N;
  return encodeNumbers(WEIGHTS.subarray(from + queries[0] * N, from + queries[1] * N));
}

function answer(method: string, params: object): unknown {
  const asked = params as Partial<Selection> & { queries: [number, number] };
  switch (method) {
    case 'attentionLens/map':
      return {
        ...ABOUT,
        units: 'tokens',
        rows: N,
        columns: N,
        values: mapOf(asked, asked.queries),
      };
    case 'attentionLens/statistics':
      return {
        ...{ ...ABOUT, layers: LAYERS, heads: HEADS, coverage: null },
        statistics: { entropy: encodeNumbers(Float32Array.of(1, 2, 3, 4, 5, NaN)) },
        ...{ counted: { entropy: 4 }, even: { entropy: 2.5 } },
      };
    case 'attentionLens/tokens':
      return { ...ABOUT, model: MODEL, total: N, tokens: TOKENS, words: WORDS, numbers: false };
    case 'attentionLens/status':
      return { ...READY, model: MODEL };
    default:
      return assert.fail(method);
  }
}

function source(
  selection: Selection,
  saved: unknown = { view: 'lines', document: 'file:///home/me/a' },
): BundleSource {
  return {
    ask: <T>(method: string, rest: object) => Promise.resolve(answer(method, rest) as T),
    ...{ name: 'red.md', text: TEXT, selection, chapter: null, engine: READY.engine, saved },
    tokens: answer('attentionLens/tokens', {}) as BundleSource['tokens'],
    chosen: { query: 1, key: 4 },
  };
}

async function made(selection: Selection, saved?: unknown): Promise<Bundle> {
  const plan = planBundle(N, MODEL, selection);
  assert.ok(plan);
  const told: number[] = [];
  const work = {
    source: source(selection, saved),
    signal: new AbortController().signal,
    progress: (share: number) => told.push(share),
  };
  const content = await gather(plan, work, new Date(MANIFEST.created), MANIFEST.writtenBy);
  assert.equal(told.at(-1), 1);
  return readBundle(await writeBundle(content));
}

/** A page that shows the bundle. */
function shown(bundle: Bundle): { page: Channel<PanelSide, HostSide>; host: BundleHost } {
  const [here, there] = portPair();
  const host = new BundleHost({
    ...{ bundle, uri: 'file:///b.attnlens', translate: english, strings: { word: 'Wort' } },
    saveFile: () => Promise.resolve(true),
    choose: () => Promise.resolve(0),
    copy: () => Promise.resolve(),
    reveal: () => Promise.resolve(),
  });
  host.serve(new Channel<HostSide, PanelSide>(here));
  return { page: new Channel<PanelSide, HostSide>(there), host };
}

const region = {
  ...{ generation: 1, pool: 'max' as const, rows: N, columns: N },
  queries: [0, N] as [number, number],
  keys: [0, N] as [number, number],
} as const;

describe('What goes into a bundle', () => {
  const models = fc.record({
    layers: fc.integer({ min: 1, max: 80 }),
    heads: fc.integer({ min: 1, max: 64 }),
  });
  const readings = fc.constantFrom('raw', 'withoutSink', 'valueWeighted', 'rollout');

  it('is never more than can be read again, and always has what is shown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        models,
        readings,
        (tokens, model, reading) => {
          const plan = planBundle(tokens, model, { ...INITIAL_SELECTION, reading });
          if (!plan) {
            assert.ok(tokens > 5000);
            return;
          }
          assert.ok(plan.bytes <= 2 ** 27 + 4 * tokens ** 2 && plan.bytes < 2 ** 28);
          assert.ok(plan.heads === null || plan.shown !== null);
        },
      ),
    );
  });

  it('are all heads of the bundled model up to its longest window', () => {
    const model = { layers: 6, heads: 12 };
    assert.equal(planBundle(77, model, INITIAL_SELECTION)?.precision, 'float32');
    const longest = planBundle(512, model, INITIAL_SELECTION);
    assert.deepEqual([longest?.heads, longest?.precision], [null, 'float16']);
  });

  it('is the chosen head where all would be too much', () => {
    const model = { layers: 32, heads: 32 };
    const plan = planBundle(2048, model, { ...INITIAL_SELECTION, layer: 3, head: 5 });
    assert.deepEqual(plan?.heads, [[3, 5]]);
    assert.deepEqual(planBundle(2048, model, INITIAL_SELECTION)?.heads, []);
  });

  it('are the numbers of the position that is shown, whatever is asked for', async () => {
    const off = { mode: 'off' } as const;
    const given = source({ ...HEAD, reading: 'withoutSink', encoding: off });
    const asked: unknown[] = [];
    const ask: BundleSource['ask'] = (method, rest, signal) => {
      asked.push((rest as { encoding?: unknown }).encoding);
      return given.ask(method, rest, signal);
    };
    const plan = planBundle(N, MODEL, given.selection);
    assert.ok(plan);
    const { signal } = new AbortController();
    const work = { source: { ...given, ask }, signal, progress: () => undefined };
    await gather(plan, work, new Date(), '');
    assert.equal(asked.length, LAYERS * HEADS + 2);
    for (const encoding of asked) assert.deepEqual(encoding, off);
  });

  it('names no place on this machine', async () => {
    assert.equal(publicId('file:/home/me/models/tiny'), 'file:tiny');
    assert.equal(publicId('file:///C:/Users/me/tiny/'), 'file:tiny');
    assert.equal(publicId('C:\\x'), 'C:\\x');
    assert.equal(publicId('file:C:\\Users\\me\\tiny'), 'file:tiny');
    assert.equal(publicId('hf:owner/name@main'), 'hf:owner/name@main');
    const { manifest } = await made(HEAD);
    assert.doesNotMatch(JSON.stringify(manifest), /home/);
  });
});

describe('A bundle that is shown', () => {
  it('has every weight, token and statistic that the engine told', async () => {
    const { page } = shown(await made(HEAD));
    const { state, place, strings } = await page.request('hello', { saved: null });
    assert.deepEqual(state.selection, HEAD);
    assert.equal(state.status?.model?.hash, 'abc');
    assert.match(state.bundle?.about ?? '', /red\.md.*2026-01-02.*all 6 heads as float32/);
    assert.deepEqual(place?.chosen, { query: 1, key: 4 });
    assert.equal((place?.saved as { view: string }).view, 'lines');
    assert.deepEqual(strings, { word: 'Wort' });
    const tokens = await page.request('tokens', { generation: 1 });
    assert.deepEqual(
      tokens.ranges,
      TOKENS.map(({ range }) => range),
    );
    assert.deepEqual(tokens.words.texts, ['[CLS]', 'bold', '[', 'red', '[SEP]']);
    for (let at = 0; at < LAYERS * HEADS; at++) {
      const selection = { ...HEAD, layer: Math.floor(at / HEADS), head: at % HEADS };
      const { values } = await page.request('region', { ...region, selection });
      assert.deepEqual(values, WEIGHTS.slice(at * N * N, (at + 1) * N * N));
    }
    const what = { generation: 1, encoding: null, within: null, fill: false } as const;
    const statistics = await page.request('statistics', { ...what, scope: 'window' });
    assert.deepEqual([...statistics.statistics.entropy!], [1, 2, 3, 4, 5, NaN]);
    const text = await page.request('text', { generation: 1 });
    assert.equal(text.text, TEXT.slice(0, 26));
  });

  it('shows another head, and refuses what it does not hold with a sentence', async () => {
    const { page } = shown(await made(HEAD));
    const states: Selection[] = [];
    page.on('state', ({ selection }) => states.push(selection));
    await page.request('setSelection', { ...HEAD, head: 0 });
    assert.equal(states.at(-1)?.head, 0);
    const off = { ...HEAD, encoding: { mode: 'off' } } as const;
    for (const [ask, says] of [
      [() => page.request('setSelection', { ...HEAD, reading: 'valueWeighted' }), /reading/],
      [() => page.request('setSelection', off), /one position/],
      [() => page.request('region', { ...region, selection: off }), /one position/],
      [() => page.request('selectModel', { model: 'other' }), /with the model/],
      [
        () =>
          page.request('explain', {
            ...{ generation: 1, layer: 0, head: 0, query: 0, key: 0, encoding: null },
          }),
        /with the model/,
      ],
    ] as const)
      await assert.rejects(ask(), { reason: 'notInBundle', message: says });
  });

  it('begins where there is something to see', async () => {
    const { page } = shown(await made(HEAD, { view: 'laboratory' }));
    const { place } = await page.request('hello', { saved: null });
    assert.equal((place?.saved as { view: string }).view, 'head');
  });

  it('that cannot be opened says why', async () => {
    const [here, there] = portPair();
    refusedHost(new Channel<HostSide, PanelSide>(here), 'It is damaged.', {});
    const page = new Channel<PanelSide, HostSide>(there);
    const { state } = await page.request('hello', { saved: null });
    assert.equal(state.problem?.message, 'It is damaged.');
  });
});

describe('Whether this machine gives a bundle’s numbers', () => {
  class Server implements AttentionServer {
    status: Status | null = { ...READY, model: MODEL };
    /** What its engine does differently. */
    off = 0;
    listener: (status: Status | null) => void = () => undefined;
    request = <T>(method: string, params: object): Promise<T> => {
      if (method === 'attentionLens/status') return Promise.resolve(this.status as T);
      const given = answer(method, params) as { values?: string };
      if (given.values === undefined || this.off === 0) return Promise.resolve(given as T);
      const values = decodeFloats(given.values);
      values[3]! += this.off;
      return Promise.resolve({ ...given, values: encodeNumbers(values) } as T);
    };
    notify = (): void => undefined;
    restart = (): Promise<void> => Promise.resolve();
    onStatus = (listener: (status: Status | null) => void): (() => void) => {
      this.listener = listener;
      return () => undefined;
    };
  }

  async function checked(change: (server: Server) => void): Promise<PanelBundle['check'][]> {
    const server = new Server();
    change(server);
    const found: PanelBundle['check'][] = [];
    const check = new BundleCheck({
      ...{ server, bundle: await made(HEAD), translate: english },
      openText: () => Promise.resolve('attention-lens-bundle:/a'),
      changed: (each) => found.push(each),
    });
    await check.run();
    check.dispose();
    return found;
  }

  it('is said with the worst difference', async () => {
    const same = await checked(() => undefined);
    assert.deepEqual(same.at(-1)?.state, 'same');
    assert.match(same.at(-1)!.message, /differs by 0\.$/);
    const near = await checked((server) => (server.off = 2 ** -15));
    assert.match(near.at(-1)!.message, /same numbers: the worst differs by 3\.1e-5\.$/);
    const other = await checked((server) => (server.off = 0.25));
    assert.equal(other.at(-1)?.state, 'different');
    assert.match(other.at(-1)!.message, /other numbers: the worst differs by 2\.5e-1\.$/);
  });

  it('is open where the model is not in use', async () => {
    const found = await checked((server) => (server.status = READY));
    assert.equal(found.at(-1)?.state, 'open');
    assert.match(found.at(-1)!.message, /“tiny” is not in use here/);
  });

  it('waits for a model to be loaded', async () => {
    const server = new Server();
    server.status = { ...READY, state: 'starting', model: null };
    const found: PanelBundle['check'][] = [];
    const ended = new Promise<void>((resolve) => {
      const check = new BundleCheck({
        ...{ server, translate: english, openText: () => Promise.resolve('a:/b') },
        bundle: null as unknown as Bundle,
        changed: (each) => found.push(each),
      });
      void check.run().then(() => {
        check.dispose();
        resolve();
      });
    });
    await ended;
    assert.deepEqual(
      found.map(({ state }) => state),
      ['running'],
    );
  });
});
