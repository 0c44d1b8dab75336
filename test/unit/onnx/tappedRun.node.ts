/** Runs tapped graphs with onnxruntime-web, and holds what comes out to the rule that was recognised. */
import assert from 'node:assert/strict';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import type { TappedGraph, TappedLayer } from '../../../server/onnx/tap/tapGraph';
import { ruleWeights } from './ruleWeights';

env.wasm.numThreads = 1;

export interface Texts {
  ids: readonly number[];
  /** Of the second text, where there are two. */
  decoderIds?: readonly number[];
}

export interface LayerRun {
  layer: TappedLayer;
  /** [head, query, key], as the graph itself computes it. */
  weights: Float32Array;
  /** The same by the rule. */
  byRule: Float64Array;
}

/** Every layer's weights; fails where an output has another shape than its layer says. */
export async function runTapped(
  tapped: TappedGraph,
  files: { [location: string]: Uint8Array },
  { ids, decoderIds }: Texts,
): Promise<LayerRun[]> {
  const session = await InferenceSession.create(tapped.graph, {
    executionProviders: ['wasm'],
    externalData: Object.entries(files).map(([path, data]) => ({ path, data })),
    logSeverityLevel: 3,
  });
  const { inputs } = tapped;
  const feeds: Record<string, Tensor> = { [inputs.ids]: row(ids) };
  if (inputs.decoderIds !== undefined) feeds[inputs.decoderIds] = row(decoderIds!);
  if (inputs.positions !== undefined) feeds[inputs.positions] = row(ids.map((_, at) => at));
  const names = tapped.layers.flatMap(({ query, key, value, weights }) => [
    query,
    key,
    value,
    weights,
  ]);
  const outputs = await session.run(feeds, names);
  await session.release();
  return tapped.layers.map((layer) => {
    const taken = (name: string): Float32Array => outputs[name]!.data as Float32Array;
    const dims = (name: string): string => outputs[name]!.dims.join();
    const { heads, keyValueHeads, headSize, valueSize } = layer;
    const [, , queries, keys] = outputs[layer.weights]!.dims as [number, number, number, number];
    assert.equal(dims(layer.weights), [1, heads, queries, keys].join());
    assert.equal(dims(layer.query), [1, heads, queries, headSize].join());
    assert.equal(dims(layer.key), [1, keyValueHeads, keys, headSize].join());
    assert.equal(dims(layer.value), [1, keyValueHeads, keys, valueSize].join());
    const sizes = { heads, keyValueHeads, headSize, queries, keys };
    const byRule = ruleWeights(layer.score, sizes, taken(layer.query), taken(layer.key));
    return { layer, weights: taken(layer.weights), byRule };
  });
}

export function worstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  let worst = 0;
  for (let at = 0; at < a.length; at++) worst = Math.max(worst, Math.abs(a[at]! - b[at]!));
  return worst;
}

function row(values: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}
