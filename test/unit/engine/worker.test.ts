import assert from 'node:assert/strict';
import { ChannelError } from '../../../channel/channel';
import { connectEngine } from './connected';
import { fakeLoadParams } from './fakeModel';
import type { FakeModelOptions } from './fakeModel';
import type { GiveParams } from '../../../server/engine/protocol';
import type { ScoreRule } from '../../../server/models/manifest';

const IDS = Int32Array.of(1, 5, 6, 7, 2);
const HERE = { window: 'w', layer: 0, head: 0, reading: 'raw' } as const;

async function loaded(options: FakeModelOptions = {}) {
  const engine = connectEngine(options);
  const report = await engine.request('load', fakeLoadParams(options));
  return { engine, report };
}

const reasonIs =
  (reason: string, pattern = /./) =>
  (error: unknown) =>
    ChannelError.is(error, reason) && pattern.test(error.message);

describe('engine worker', () => {
  describe('load', () => {
    it('reports backend, kernel and probe', async () => {
      const { report } = await loaded();
      assert.equal(report.backend, 'wasm');
      assert.match(report.detail, /simd kernel/);
      assert.ok(report.probeError < 1e-6);
    });

    it('refuses a file whose bytes are not the manifest’s', async () => {
      const params = fakeLoadParams({});
      params.graph = { bytes: new TextEncoder().encode('grapf') };
      const engine = connectEngine();
      await assert.rejects(engine.request('load', params), reasonIs('modelRefused', /model\.onnx/));
    });

    it('names a file that is not given or cannot be read', async () => {
      const engine = connectEngine();
      const params = fakeLoadParams({});
      await assert.rejects(
        engine.request('load', { ...params, weights: {} }),
        reasonIs('modelMissing', /weights\.bin/),
      );
      await assert.rejects(
        engine.request('load', { ...params, graph: { path: '/secret/place' } }),
        (error) =>
          reasonIs('modelMissing', /model\.onnx/)(error) && !String(error).includes('secret'),
      );
    });

    it('passes on why the runtime does not start', async () => {
      const open = () => Promise.reject(new ChannelError('backendUnavailable', 'No runtime.'));
      const engine = connectEngine({ open });
      await assert.rejects(
        engine.request('load', fakeLoadParams({})),
        reasonIs('backendUnavailable'),
      );
    });

    const faults: [string, FakeModelOptions, RegExp][] = [
      [
        'weights that do not follow from Q and K',
        { spoil: (outputs) => outputs.get('q1')!.data.reverse() },
        /layer 1/,
      ],
      [
        'weights that do not sum to 1',
        { spoil: (outputs) => outputs.get('w1')!.data.fill(0.5) },
        /layer 1, head 0/,
      ],
      [
        'weights of another shape',
        { spoil: (outputs) => (outputs.get('w0')!.dims = [1, 2, 3]) },
        /layer 0/,
      ],
      [
        'queries of another shape',
        { spoil: (outputs) => (outputs.get('q1')!.dims = [1]) },
        /[Ll]ayer 1/,
      ],
      ['NaN in Q', { spoil: (outputs) => (outputs.get('q0')!.data[0] = NaN) }, /layer 0, head 0/],
      [
        'an infinity in the last head of V',
        { spoil: (outputs) => outputs.get('v1')!.data.fill(-Infinity, -1) },
        /layer 1, head 1/,
      ],
    ];
    for (const [what, options, pattern] of faults) {
      it(`leaves a layer with ${what} out, naming it`, async () => {
        const engine = connectEngine(options);
        const { leftOut } = await engine.request('load', fakeLoadParams(options));
        assert.equal(leftOut?.length, 1);
        assert.match(leftOut[0]?.reason ?? '', pattern);
        assert.match(pattern.source, new RegExp(`${leftOut[0]?.layer}`));
      });
    }

    it('refuses a graph without an output that its manifest names', async () => {
      const options: FakeModelOptions = { spoil: (outputs) => outputs.delete('v1') };
      const engine = connectEngine(options);
      await assert.rejects(
        engine.request('load', fakeLoadParams(options)),
        reasonIs('modelRefused', /"v1"/),
      );
    });

    it('refuses a model that sees later tokens against its manifest', async () => {
      const engine = connectEngine({ causal: false });
      const params = fakeLoadParams({ causal: true });
      await assert.rejects(
        engine.request('load', params),
        reasonIs('modelRefused', /later tokens/),
      );
    });

    it('keeps the model in use, with its windows, when the next one is refused', async () => {
      const { engine } = await loaded();
      await engine.request('analyse', { window: 'w', ids: IDS, specialTokens: [] });
      const bad = fakeLoadParams({});
      bad.weights = {};
      await assert.rejects(engine.request('load', bad), reasonIs('modelMissing'));
      assert.equal((await engine.request('row', { ...HERE, token: 0 })).weights.length, 5);
    });

    it('lets the old windows go when the next model is taken', async () => {
      const { engine } = await loaded();
      await engine.request('analyse', { window: 'w', ids: IDS, specialTokens: [] });
      await engine.request('load', fakeLoadParams({}));
      await assert.rejects(engine.request('row', { ...HERE, token: 0 }), reasonIs('unknownWindow'));
    });
  });

  describe('analyse', () => {
    it('refuses more tokens than the model reads, saying how many that are', async () => {
      const { engine } = await loaded({ contextLength: 8 });
      await assert.rejects(
        engine.request('analyse', { window: 'w', ids: new Int32Array(9), specialTokens: [] }),
        reasonIs('tooLong', /9.*8/),
      );
    });

    it('never runs two at once', async () => {
      let running = 0;
      let most = 0;
      const { engine } = await loaded({
        onRun: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setImmediate(resolve));
          running--;
        },
      });
      const names = ['a', 'b', 'c', 'd'];
      await Promise.all(
        names.map((window) => engine.request('analyse', { window, ids: IDS, specialTokens: [] })),
      );
      assert.equal(most, 1);
    });

    it('skips what is cancelled while it waits, and goes on with the next', async () => {
      const runs: number[] = [];
      const { engine } = await loaded({ onRun: (ids) => void runs.push(ids.length) });
      runs.length = 0;
      const controller = new AbortController();
      const ask = (window: string, length: number, signal?: AbortSignal) =>
        engine.request(
          'analyse',
          { window, ids: new Int32Array(length), specialTokens: [] },
          { signal },
        );
      const first = ask('a', 3);
      const second = ask('b', 4, controller.signal);
      const third = ask('c', 5);
      controller.abort();
      await assert.rejects(second, reasonIs('cancelled'));
      await Promise.all([first, third]);
      assert.deepEqual(runs, [3, 5]);
    });

    it('keeps nothing of what is cancelled while it runs', async () => {
      const controller = new AbortController();
      const { engine } = await loaded({
        onRun: (ids) => {
          if (ids.length === IDS.length) controller.abort();
        },
      });
      await assert.rejects(
        engine.request(
          'analyse',
          { window: 'w', ids: IDS, specialTokens: [] },
          { signal: controller.signal },
        ),
        reasonIs('cancelled'),
      );
      await engine.request('analyse', { window: 'x', ids: IDS.slice(1), specialTokens: [] });
      await assert.rejects(engine.request('row', { ...HERE, token: 0 }), reasonIs('unknownWindow'));
    });

    it('tells its progress', async () => {
      const { engine } = await loaded();
      const heard: unknown[] = [];
      engine.on('progress', (progress) => heard.push(progress));
      await engine.request('analyse', { window: 'w', ids: IDS, specialTokens: [] });
      assert.deepEqual(heard, [
        { window: 'w', done: 0, total: 2 },
        { window: 'w', done: 1, total: 2 },
        { window: 'w', done: 2, total: 2 },
      ]);
    });

    it('replaces a window of the same name', async () => {
      const { engine } = await loaded();
      for (const length of [5, 7]) {
        await engine.request('analyse', {
          window: 'w',
          ids: new Int32Array(length),
          specialTokens: [],
        });
      }
      assert.equal((await engine.request('row', { ...HERE, token: 6 })).weights.length, 7);
    });

    it('refuses numbers that are not numbers, and lives on', async () => {
      const { engine } = await loaded({
        spoil: (outputs) => {
          if (outputs.get('k0')!.dims[2] === 5) outputs.get('k0')!.data[0] = NaN;
        },
      });
      await assert.rejects(
        engine.request('analyse', { window: 'w', ids: IDS, specialTokens: [] }),
        reasonIs('modelRefused', /layer 0, head 0/),
      );
      await engine.request('analyse', { window: 'w', ids: IDS.slice(1), specialTokens: [] });
    });
  });

  describe('give', () => {
    /** Two tokens, one head of one number: q = k = [0, 1]. */
    const given: GiveParams = {
      window: 'g',
      tokens: 2,
      specialTokens: [],
      heads: 1,
      keyValueHeads: 1,
      headSize: 1,
      score: { kind: 'dot', scale: 1, bias: { causal: false } },
      layers: [
        { query: Float32Array.of(0, 1), key: Float32Array.of(0, 1), value: Float32Array.of(5, 6) },
      ],
    };
    const rowOf = async (params: Partial<GiveParams>) => {
      const { engine } = await loaded();
      assert.deepEqual(await engine.request('give', { ...given, ...params }), { tokens: 2 });
      const question = { window: 'g', layer: 0, head: 0, reading: 'raw', token: 1 } as const;
      return [...(await engine.request('row', question)).weights];
    };
    const logistic = (x: number) => 1 / (1 + Math.exp(-x));
    const rules: [string, Partial<GiveParams>, number][] = [
      ['dot products', {}, logistic(1)],
      [
        'an additive score',
        { score: { kind: 'additive', v: [2], bias: { causal: false } } },
        logistic(2 * (Math.tanh(2) - Math.tanh(1))),
      ],
      [
        'a penalty for distance',
        { score: { ...given.score, bias: { causal: false, alibi: { slopes: [0.5] } } } },
        logistic(1.5),
      ],
      [
        'other positions, and their scale',
        {
          score: { ...given.score, bias: { causal: true, alibi: { slopes: [0.5] } } },
          positions: Int32Array.of(1, 5),
          positionScale: 3,
        },
        logistic(7),
      ],
    ];
    for (const [what, params, expected] of rules) {
      it(`weighs by ${what}`, async () => {
        const [, weight] = await rowOf(params);
        assert.ok(Math.abs(weight! - expected) < 1e-6, `${weight} instead of ${expected}`);
      });
    }

    it('hides later tokens from earlier ones', async () => {
      const { engine } = await loaded();
      const score: ScoreRule = { kind: 'dot', scale: 1, bias: { causal: true } };
      await engine.request('give', { ...given, score });
      const question = { window: 'g', layer: 0, head: 0, reading: 'raw', token: 0 } as const;
      assert.deepEqual([...(await engine.request('row', question)).weights], [1, 0]);
    });

    const short = {
      query: new Float32Array(1),
      key: new Float32Array(2),
      value: new Float32Array(2),
    };
    const none = {
      query: Float32Array.of(NaN, 0),
      key: new Float32Array(2),
      value: new Float32Array(2),
    };
    const faults: [string, Partial<GiveParams>][] = [
      ['tensors of another size', { layers: [short] }],
      ['what is not a number', { layers: [none] }],
      ['no layer', { layers: [] }],
      ['no token', { tokens: 0 }],
      ['heads that do not share keys evenly', { heads: 3, keyValueHeads: 2 }],
      [
        'too few slopes',
        { score: { ...given.score, bias: { causal: false, alibi: { slopes: [] } } } },
      ],
      [
        'too many numbers in v',
        { score: { kind: 'additive', v: [1, 2], bias: { causal: false } } },
      ],
      ['too few positions', { positions: Int32Array.of(1) }],
    ];
    for (const [what, params] of faults) {
      it(`refuses ${what}`, async () => {
        const { engine } = await loaded();
        await assert.rejects(
          engine.request('give', { ...given, ...params }),
          reasonIs('badRequest', /given/),
        );
      });
    }
  });

  describe('questions', () => {
    it('without a model, or about what is not there, are refused', async () => {
      const fresh = connectEngine();
      await assert.rejects(fresh.request('row', { ...HERE, token: 0 }), reasonIs('modelMissing'));
      const { engine } = await loaded();
      await engine.request('analyse', { window: 'w', ids: IDS, specialTokens: [] });
      const bad = [
        engine.request('row', { ...HERE, token: 5 }),
        engine.request('row', { ...HERE, token: -1 }),
        engine.request('column', { ...HERE, token: 0.5 }),
        engine.request('row', { ...HERE, layer: 2, token: 0 }),
        engine.request('row', { ...HERE, head: 2, token: 0 }),
        engine.request('overview', { window: 'w', reading: 'raw', size: 6 }),
        engine.request('overview', { window: 'w', reading: 'raw', size: 0 }),
        ...[
          { queries: [0, 6], keys: [0, 5], rows: 1, columns: 1 },
          { queries: [2, 2], keys: [0, 5], rows: 1, columns: 1 },
          { queries: [0, 5], keys: [0, 5], rows: 6, columns: 1 },
          { queries: [0, 5], keys: [4, 5], rows: 1, columns: 2 },
        ].map((region) =>
          engine.request('region', {
            ...HERE,
            ...region,
            queries: region.queries as [number, number],
            keys: region.keys as [number, number],
            pool: 'max',
          }),
        ),
      ];
      for (const request of bad) await assert.rejects(request, reasonIs('badRequest'));
    });

    it('in a reading that this model cannot have say so', async () => {
      const { engine } = await loaded();
      await engine.request('analyse', { window: 'w', ids: IDS, specialTokens: [] });
      const reading = 'valueWeighted' as const;
      await assert.rejects(
        engine.request('row', { ...HERE, reading, token: 0 }),
        reasonIs('notInThisModel', /joins its heads/),
      );
      await assert.rejects(
        engine.request('overview', { window: 'w', reading, size: 2 }),
        reasonIs('notInThisModel'),
      );
    });

    it('about a window that was let go are refused', async () => {
      const { engine } = await loaded();
      await engine.request('analyse', { window: 'w', ids: IDS, specialTokens: [] });
      await engine.request('forget', { windows: ['w', 'never known'] });
      await assert.rejects(engine.request('row', { ...HERE, token: 0 }), reasonIs('unknownWindow'));
    });
  });
});
