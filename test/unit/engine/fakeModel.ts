/**
 * A model small enough to reason about: Q, K and V are noise that depends on the
 * ids, and the graph's own weights are what Q and K say, unless a test spoils them.
 */
import { createHash } from 'node:crypto';
import { randomFloats, weightsOf } from './layers';
import type { LoadParams } from '../../../server/engine/protocol';
import type { OpenSession, Session } from '../../../server/engine/session';
import type { NamedOutput, Tensor } from '../../../server/engine/tensor';
import type { ModelManifest } from '../../../server/models/manifest';
import type { Layer } from './layers';

export interface FakeModelOptions {
  layers?: number;
  heads?: number;
  causal?: boolean;
  contextLength?: number;
  /** Changes outputs before they are handed out. */
  spoil?: (outputs: Map<string, NamedOutput>) => void;
  /** Called with every run's ids; the run ends when it resolves. */
  onRun?: (ids: Int32Array) => Promise<void> | void;
  /** What `openSession` does instead. */
  open?: OpenSession;
}

export const HEAD_SIZE = 4;
/** A message that says its version and nothing else. */
const GRAPH = Uint8Array.of(8, 9);
const WEIGHTS = new TextEncoder().encode('weights');

export function fakeManifest({
  layers = 2,
  heads = 2,
  causal = false,
  contextLength = 64,
}: FakeModelOptions): ModelManifest {
  const file = (path: string, bytes: Uint8Array) => ({
    path,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  return {
    id: 'fake',
    name: 'Fake',
    architecture: 'noise',
    layers,
    heads,
    keyValueHeads: heads,
    headSize: HEAD_SIZE,
    width: heads * HEAD_SIZE,
    contextLength,
    causal,
    position: { kind: 'learned' },
    storage: 'fp32',
    licence: 'MIT',
    graph: file('model.onnx', GRAPH),
    weights: [file('weights.bin', WEIGHTS)],
    tokenizer: file('tokenizer.json', GRAPH),
    inputs: { ids: 'ids', positions: 'positions', positionScale: 'scale' },
    taps: Array.from({ length: layers }, (_, layer) => ({
      query: `q${layer}`,
      key: `k${layer}`,
      value: `v${layer}`,
      weights: `w${layer}`,
    })),
    score: { kind: 'dot', scale: 0.5, bias: { causal } },
    source: { package: '', version: '', url: '', sha256: '', madeBy: '' },
  };
}

export function fakeLoadParams(options: FakeModelOptions): LoadParams {
  return {
    manifest: fakeManifest(options),
    graph: { bytes: GRAPH },
    weights: { 'weights.bin': { bytes: WEIGHTS } },
    threads: 1,
  };
}

/** Q and K of one layer for these ids, as the fake graph computes them. */
export function fakeLayer(manifest: ModelManifest, ids: Int32Array, layer: number): Layer {
  const { heads, headSize, score } = manifest;
  const values = (salt: number) => {
    const rows = Array.from({ length: heads }, (_, head) =>
      Array.from(ids, (id, position) =>
        randomFloats(headSize, id * 31 + position * 7 + head * 1009 + layer * 5003 + salt),
      ),
    ).flat();
    return Float32Array.from(rows.flatMap((row) => [...row].map((x) => 3 * x)));
  };
  return {
    shape: {
      heads,
      keyValueHeads: heads,
      tokens: ids.length,
      headSize,
      scale: score.kind === 'dot' ? score.scale : 1,
      causal: score.bias.causal,
    },
    query: values(1),
    key: values(2),
  };
}

export function fakeSession(options: FakeModelOptions): Session {
  const manifest = fakeManifest(options);
  return {
    backend: 'wasm',
    threads: 1,
    version: 'fake',
    outputs: manifest.taps.flatMap(({ query, key, value, weights }) => [
      query,
      key,
      value,
      weights,
    ]),
    run: async (feeds, names) => {
      const ids = Int32Array.from(feeds[manifest.inputs.ids]!.data as BigInt64Array, Number);
      await options.onRun?.(ids);
      const outputs = new Map<string, NamedOutput>();
      manifest.taps.forEach((tap, layer) => {
        const { shape, query, key } = fakeLayer(manifest, ids, layer);
        const dims = [1, shape.heads, shape.tokens, shape.headSize];
        outputs.set(tap.query, { dims, data: query });
        outputs.set(tap.key, { dims, data: key });
        outputs.set(tap.value, { dims, data: key.slice() });
        const weights = weightsOf({ shape, query, key }).flat(2);
        outputs.set(tap.weights, {
          dims: [1, shape.heads, shape.tokens, shape.tokens],
          data: Float32Array.from(weights),
        });
      });
      options.spoil?.(outputs);
      const asked = [...outputs].filter(([name]) => names.includes(name));
      return new Map(
        asked.map(([name, output]): [string, Tensor] => [name, { type: 'float32', ...output }]),
      );
    },
    release: () => Promise.resolve(),
  };
}
