import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import type { ChapterSettings } from '../../server/chapter/controls';
import { alibiSlopes } from '../../server/positional/alibi';
import { ropeFrequencies } from '../../server/positional/ropeFrequencies';
import { ENCODING_MODES, INITIAL_SELECTION, type EncodingChange } from '../../server/protocol';
import { start, type Client } from './client';

const uri = 'file:///story.txt';
const textDocument = { uri };
const TEXT = 'The keeper lit the lamps. The lamps burned all night.';
const NUMBERS =
  'similarity: dot\nheads: 2\nwidth: 4\nencoding: rope\n---\n0.1, 0.2, 0.3, 0.4, 0.5\n';
const HEAD_SIZE = 48;
const EVERYWHERE = ['off', 'scaled', 'shuffled', 'reversed', 'shifted', 'frozen'] as const;
const ROPE_ONLY = ['base', 'linear', 'ntk', 'yarn'] as const;

describe('the laboratory for RoPE and ALiBi', function () {
  this.timeout(240_000);
  let client: Client;
  before(async () => {
    client = await start({ initialize: { initializationOptions: { model: 'chapter' } } });
    await client.open(uri, TEXT);
    await client.open('file:///numbers.csv', NUMBERS);
  });
  after(() => client.stop());

  const setChapter = (chapter: Partial<ChapterSettings>) =>
    client.request('attentionLens/setSelection', { chapter });
  const map = async (encoding: EncodingChange | null, document = textDocument) =>
    decodeNumbers(
      (await client.request('attentionLens/map', { textDocument: document, head: 1, encoding }))
        .values,
    );
  const position = (encoding: EncodingChange | null) =>
    client.request('attentionLens/position', { textDocument, token: 3, encoding });
  const modes = async () =>
    (await client.request('attentionLens/tokens', { textDocument })).model.encodingModes;
  const near = (found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-6): void => {
    assert.equal(found.length, expected.length);
    Array.from(found).forEach((value, at) =>
      assert.ok(
        Math.abs(value - expected[at]!) <= tolerance * Math.max(1, Math.abs(expected[at]!)),
      ),
    );
  };
  const differ = (left: Float32Array, right: Float32Array): void =>
    assert.ok(left.some((value, at) => Math.abs(value - right[at]!) > 1e-3));
  const refused = async (encoding: unknown, message: RegExp): Promise<void> => {
    const asked = { textDocument, encoding: encoding as EncodingChange };
    for (const method of ['attentionLens/map', 'attentionLens/position'] as const)
      await assert.rejects(client.request(method, asked), (error: Error) => {
        assert.match(error.message, message);
        assert.match(error.message, /^[^.!?]*[^ ].*\.$/);
        return true;
      });
  };

  describe('with RoPE', () => {
    before(() => setChapter({ encoding: 'rope', heads: 8, wiring: 'formula' }));

    it('is offered what RoPE has, and refuses what it has not by name', async () => {
      assert.deepEqual(await modes(), [...EVERYWHERE, ...ROPE_ONLY]);
      await refused(
        { mode: 'slopes', slopes: new Array(8).fill(1) },
        /"slopes"; what it takes is off/,
      );
    });

    it('turns half as far with linear 2 as with half the angles', async () => {
      const [linear, scaled, trained] = await Promise.all([
        map({ mode: 'linear', factor: 2 }),
        map({ mode: 'scaled', scale: 0.5 }),
        map(null),
      ]);
      near(linear, scaled);
      differ(linear, trained);
    });

    it('is as trained with its own base and with factors of 1', async () => {
      const trained = await map(null);
      for (const encoding of [
        { mode: 'base', base: 10_000 },
        { mode: 'linear', factor: 1 },
        { mode: 'ntk', factor: 1 },
        { mode: 'yarn', factor: 1 },
      ] satisfies EncodingChange[])
        near(await map(encoding), trained);
      differ(await map({ mode: 'base', base: 20 }), trained);
    });

    it('has a larger part of every score with YaRN, by the square of its attention factor', async () => {
      // At one position nothing turns, so that only the factor is left.
      await setChapter({ similarity: 'dot' });
      const asked = { textDocument, token: 2 };
      const yarn = { mode: 'yarn', factor: 4 } as const;
      const [trained, changed] = await Promise.all(
        [null, yarn].map((encoding) =>
          client.request('attentionLens/stages', { ...asked, key: 2, encoding }),
        ),
      );
      const factor = (0.1 * Math.log(4) + 1) ** 2;
      trained!.pair?.heads.forEach(({ similarity }, head) => {
        const grown = changed!.pair?.heads[head]?.similarity ?? NaN;
        assert.ok(Math.abs(grown / similarity - factor) < 1e-4, `${grown} / ${similarity}`);
      });
      await setChapter({ similarity: 'scaledDot' });
    });

    it('draws wavelengths, angles and rows as they are changed', async () => {
      const scaling = { kind: 'yarn', factor: 8, trainedLength: 64 } as const;
      const { frequencies, attentionFactor } = ropeFrequencies(HEAD_SIZE, 10_000, scaling);
      const drawn = await position({ mode: 'yarn', factor: 8, originalLength: 64 });
      assert.equal(drawn.attentionFactor, attentionFactor);
      const columns = [...frequencies, ...frequencies];
      near(
        decodeNumbers(drawn.wavelengths ?? ''),
        columns.map((frequency) => (2 * Math.PI) / frequency),
      );
      near(
        decodeNumbers(drawn.angles ?? ''),
        columns.map((frequency) => (3 * frequency) % (2 * Math.PI)),
      );
      const row = decodeNumbers(drawn.matrix ?? '').subarray(3 * HEAD_SIZE, 4 * HEAD_SIZE);
      near(
        row,
        columns.map((frequency, column) => {
          const wave = column < HEAD_SIZE / 2 ? Math.cos : Math.sin;
          return attentionFactor * wave(3 * frequency);
        }),
      );
      const { scheme, attentionFactor: trained } = await position(null);
      assert.equal(trained, 1);
      assert.ok(scheme.kind === 'rope' && scheme.base === 10_000 && scheme.trainedLength === 512);
    });

    it('says how far it moves each head, and in hover, and goes back', async () => {
      const encoding = { mode: 'ntk', factor: 16 } as const;
      const effect = await client.request('attentionLens/positionEffect', {
        textDocument,
        encoding,
      });
      const all = decodeNumbers(effect.totalVariation);
      assert.ok(all.length === 8 && all.every((each) => each > 0 && each <= 1));
      const { selection } = await client.request('attentionLens/setSelection', { encoding });
      assert.deepEqual(selection.encoding, encoding);
      assert.match(JSON.stringify(await client.hover(uri, 0, 5)), /RoPE NTK × 16/);
      await client.request('attentionLens/setSelection', {});
      assert.doesNotMatch(JSON.stringify(await client.hover(uri, 0, 5)), /NTK/);
    });

    it('works on documents of numbers', async () => {
      const document = { uri: 'file:///numbers.csv' };
      const [linear, scaled, trained] = await Promise.all([
        map({ mode: 'linear', factor: 4 }, document),
        map({ mode: 'scaled', scale: 0.25 }, document),
        map(null, document),
      ]);
      near(linear, scaled);
      assert.ok(linear.some((value, at) => value !== trained[at]));
    });

    it('refuses numbers that make no sense, one sentence each', async () => {
      for (const base of [0, -1, 1, null, 'x', 1e-9, 1e99])
        await refused({ mode: 'base', base }, /base of the frequencies must/);
      for (const mode of ['linear', 'ntk', 'yarn'])
        for (const factor of [0.5, 0, -2, null, '4', 1e9])
          await refused({ mode, factor }, /scaling factor must/);
      for (const originalLength of [0, -1, 1.5, '9'])
        await refused({ mode: 'yarn', factor: 2, originalLength }, /original length must/);
    });
  });

  describe('with ALiBi', () => {
    before(() => setChapter({ encoding: 'alibi', heads: 8, wiring: 'formula' }));
    const trained = [...alibiSlopes(8)];

    it('is offered slopes, and refuses what it has not by name', async () => {
      assert.deepEqual(await modes(), [...EVERYWHERE, 'slopes']);
      await refused({ mode: 'yarn', factor: 2 }, /"yarn"; what it takes is off/);
    });

    it('falls off twice as fast with twice the slopes, and as trained with its own', async () => {
      const slopes = trained.map((slope) => 2 * slope);
      near(await map({ mode: 'slopes', slopes }), await map({ mode: 'scaled', scale: 2 }));
      near(await map({ mode: 'slopes', slopes: trained }), await map(null));
      const none = trained.map(() => 0);
      near(await map({ mode: 'slopes', slopes: none }), await map({ mode: 'off' }));
      const drawn = await position({ mode: 'slopes', slopes });
      near(decodeNumbers(drawn.slopes ?? ''), slopes);
    });

    it('refuses slopes that are not one number from 0 a head', async () => {
      await refused({ mode: 'slopes' }, /must be a list of numbers/);
      for (const slopes of [[], [1], new Array(9).fill(1)])
        await refused({ mode: 'slopes', slopes }, /8 heads needs a slope of its own/);
      for (const wrong of [-1, null, 'x', 1e9])
        await refused({ mode: 'slopes', slopes: [...trained.slice(1), wrong] }, /slope of head 7/);
    });

    it('leaves slopes behind when there are fewer heads', async () => {
      await client.request('attentionLens/setSelection', {
        encoding: { mode: 'slopes', slopes: trained.map(() => 1) },
      });
      const { selection } = await setChapter({ heads: 4 });
      assert.deepEqual(selection, INITIAL_SELECTION);
    });
  });

  it('takes every mode somewhere, and none where no position is seen', async () => {
    await setChapter({ encoding: 'none' });
    assert.deepEqual(await modes(), []);
    await refused({ mode: 'off' }, /sees no position/);
    await setChapter({ encoding: 'rope', wiring: 'diagram' });
    assert.deepEqual(await modes(), []);
    await refused({ mode: 'base', base: 5 }, /sees no position/);
    assert.deepEqual([...EVERYWHERE, ...ROPE_ONLY, 'slopes'], [...ENCODING_MODES]);
  });
});
