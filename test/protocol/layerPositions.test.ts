import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { decodeNumbers } from '../../server/analysis/numbers';
import { ropeFrequencies } from '../../server/positional/ropeFrequencies';
import { rotate } from '../../server/positional/ropeRotation';
import type { EncodingChange, LayerScheme, Model } from '../../server/protocol';
import { checkpointFolder, CHECKPOINT_CASES, textOf } from '../unit/models/checkpointFolder.node';
import { start, type Client } from './client';

/** Models whose layers add learned numbers by distance, or turn heads in ways of their own. */
describe('position layer by layer', function () {
  this.timeout(240_000);
  let client: Client;
  let model: Model;
  let folder: string | undefined;

  before(async () => {
    client = await start({});
    await client.status(({ state }) => state === 'ready');
  });
  after(() => client.stop());
  afterEach(() => folder && rmSync(folder, { recursive: true, force: true }));

  const open = async (name: string): Promise<{ uri: string }> => {
    folder = checkpointFolder(name);
    ({ model } = await client.request('attentionLens/selectModel', { model: `file:${folder}` }));
    const { ids } = CHECKPOINT_CASES.find((checkpoint) => checkpoint.name === name)!;
    const uri = `file:///${name}.txt`;
    await client.open(uri, textOf(ids));
    return { uri };
  };
  const schemesOf = ({ position }: Model): LayerScheme[] => {
    assert.equal(position.kind, 'perLayer');
    return position.layers.map((which) => position.schemes[which]!);
  };
  const clamped = (distance: number, reach: number): number =>
    Math.max(-reach, Math.min(reach, distance));
  const near = (found: number, expected: number, tolerance = 1e-5): void =>
    assert.ok(Math.abs(found - expected) <= tolerance, `${found} instead of ${expected}`);

  for (const name of ['t5', 'umt5', 'mpnet'])
    it(`tells the numbers that ${name} adds by distance, and they are those that it adds`, async () => {
      const textDocument = await open(name);
      const encodings: (EncodingChange | null)[] = [null, { mode: 'scaled', scale: 0.5 }];
      for (const encoding of encodings)
        for (let layer = 0; layer < model.layers; layer++) {
          const { bias, total } = await client.request('attentionLens/position', {
            textDocument,
            layer,
            encoding,
          });
          assert.ok(bias);
          const alike = [...Array(model.layers).keys()];
          assert.deepEqual(bias.layers, name === 'umt5' ? [layer] : alike);
          const columns = 2 * bias.reach + 1;
          const values = decodeNumbers(bias.values);
          assert.equal(values.length, model.heads * columns);
          assert.equal(bias.buckets.length, columns);
          for (const [query, key] of [
            [0, total - 1],
            [total - 1, 0],
            [3, 1],
            [2, 2],
          ] as const)
            for (let head = 0; head < model.heads; head++) {
              const asked = { textDocument, layer, head, query, key, encoding };
              const explained = await client.request('attentionLens/explain', asked);
              near(
                values[head * columns + bias.reach + clamped(key - query, bias.reach)]!,
                explained.bias,
              );
            }
        }
    });

  it('draws the table of MPNet beside the numbers that it adds by distance', async () => {
    const textDocument = await open('mpnet');
    const answer = await client.request('attentionLens/position', { textDocument });
    assert.equal(answer.scheme.kind, 'learned');
    assert.ok(answer.matrix && answer.bias);
  });

  for (const [name, kinds] of [
    ['gemma3', ['rope', 'rope']],
    ['modernbert', ['rope', 'rope']],
    ['smollm3', ['rope', 'none']],
    ['cohere2', ['rope', 'none']],
  ] as const)
    it(`tells what each layer of ${name} has, and takes it back from queries and keys`, async () => {
      const textDocument = await open(name);
      const schemes = schemesOf(model);
      assert.deepEqual(
        [...new Set(schemes.map(({ kind }) => kind))].sort(),
        [...new Set(kinds)].sort(),
      );
      for (const [layer, scheme] of schemes.entries()) {
        const drawn = await client.request('attentionLens/position', { textDocument, layer });
        assert.deepEqual([drawn.scheme, drawn.layer], [scheme, layer]);
        const asked = { textDocument, layer, head: 0, query: 4, key: 2 };
        const { query, position } = await client.request('attentionLens/explain', asked);
        if (scheme.kind !== 'rope') {
          assert.equal(drawn.matrix, null);
          assert.equal(position?.query, undefined);
          continue;
        }
        const rope = ropeFrequencies(scheme.dimensions, scheme.base, scheme.scaling);
        const waves = decodeNumbers(drawn.wavelengths ?? '');
        near(waves[0]! * rope.frequencies[0]!, 2 * Math.PI);
        near(waves.at(-1)! * rope.frequencies.at(-1)!, 2 * Math.PI);
        const before = decodeNumbers(position?.query ?? '');
        const turned = rotate(before, before.length, [4], rope, scheme.pairing);
        decodeNumbers(query).forEach((value, at) => near(value, turned[at]!));
      }
    });

  it('has one base to change where all layers that turn do it alike, and none where they do not', async () => {
    const textDocument = await open('cohere2');
    assert.ok(model.encodingModes.includes('base'));
    const { base } = schemesOf(model).find((scheme) => scheme.kind === 'rope')!;
    const layer = schemesOf(model).findIndex(({ kind }) => kind === 'rope');
    const map = async (encoding: EncodingChange | null): Promise<Float32Array> =>
      decodeNumbers(
        (await client.request('attentionLens/map', { textDocument, layer, head: 0, encoding }))
          .values,
      );
    const trained = await map(null);
    (await map({ mode: 'base', base })).forEach((weight, at) => near(weight, trained[at]!, 1e-6));
    const changed = await map({ mode: 'base', base: 20 });
    assert.ok(changed.some((weight, at) => Math.abs(weight - trained[at]!) > 1e-3));
    await open('gemma3');
    assert.ok(!model.encodingModes.includes('base') && model.encodingModes.includes('off'));
  });

  it('tells position from content in closed form, layer by layer', async () => {
    const methods = {
      t5: ['relativeBias'],
      bloom: ['alibiBias'],
      llama: ['ropeAveragedContent'],
      gemma2: ['ropeAveragedContent'],
      phi: ['ropeAveragedContent'],
      cohere2: ['ropeAveragedContent', 'shuffledTokens'],
    };
    for (const [name, expected] of Object.entries(methods)) {
      const textDocument = await open(name);
      const found = new Set<string>();
      for (let layer = 0; layer < model.layers; layer++) {
        const pair = { textDocument, layer, head: 1, query: 4, key: 2 };
        const [share, explained] = await Promise.all([
          client.request('attentionLens/positionShare', pair),
          client.request('attentionLens/explain', pair),
        ]);
        found.add(share.method);
        near(share.weight, explained.weight, 1e-6);
        near(
          share.position + share.content,
          share.of === 'score' ? explained.score! : share.weight,
        );
        if (share.method.endsWith('Bias')) near(share.position, explained.bias, 1e-6);
        if (share.of === 'score') assert.equal(explained.position?.estimate?.method, share.method);
      }
      assert.deepEqual([...found].sort(), expected, name);
    }
  });

  it('estimates for RoPE what the average query and key would score at the distance', async () => {
    const textDocument = await open('llama');
    const { position } = model;
    assert.equal(position.kind, 'rope');
    const { total } = await client.request('attentionLens/position', { textDocument });
    const asked = { textDocument, layer: 1, head: 0 };
    const of = (query: number, key: number) =>
      client.request('attentionLens/explain', { ...asked, query, key });
    const tokens = await Promise.all(Array.from({ length: total }, (_, at) => of(at, at)));
    const mean = (side: 'query' | 'key'): Float64Array => {
      const vectors = tokens.map(({ position: before }) => decodeNumbers(before?.[side] ?? ''));
      return Float64Array.from(vectors[0]!, (_, at) => {
        const sum = vectors.reduce((all, vector) => all + vector[at]!, 0);
        return sum / total;
      });
    };
    const rope = ropeFrequencies(position.dimensions, position.base, position.scaling);
    const turned = (vector: Float64Array, at: number): Float64Array =>
      rotate(vector, vector.length, [at], rope, position.pairing);
    const { scale } = await of(5, 2);
    const [query, key] = [turned(mean('query'), 5), turned(mean('key'), 2)];
    const expected = scale * query.reduce((sum, value, at) => sum + value * key[at]!, 0);
    const pair = { ...asked, query: 5, key: 2 };
    near((await client.request('attentionLens/positionShare', pair)).position, expected);
  });

  it('refuses a layer that the model does not have', async () => {
    const textDocument = await open('t5');
    await assert.rejects(
      client.request('attentionLens/position', { textDocument, layer: model.layers }),
      /"layer" must be a whole number/,
    );
  });
});
