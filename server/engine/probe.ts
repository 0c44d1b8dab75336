/**
 * The probe at load: a few tokens go through the graph, and what we make of Q
 * and K must be what the graph itself makes of them, layer by layer. It warms the runtime
 * up on the way, whose first run is several times slower than the following ones.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import {
  allTaps,
  scoreOf,
  shownLayers,
  stackOf,
  type ModelManifest,
  type StackManifest,
} from '../models/manifest';
import type { LeftOutLayer, Stack } from '../protocol';
import { visibleKeys } from './kernel/score';
import { inOrder } from './layerShape';
import type { EngineModel } from './model';
import type { NamedOutput } from './tensor';
import type { AnalysedWindow, WindowInputs } from './window';
import type { Kernel } from './kernel/kernel';

const PROBE_TOKENS = 8;
/** Windows up to so many tokens are made to hide something; for longer ones a probe would take too long. */
const LARGEST_WINDOW = 256;
/** Largest difference of a weight; float32 rounding stays far below, another rule far above. */
const TOLERANCE = 1e-3;

export interface ProbeResult {
  /** The worst difference between our weights and the graph's, over the layers that passed. */
  error: number;
  /** What did not pass, and why; ascending. */
  failed: LeftOutLayer[];
}

/**
 * Fails with `modelRefused`, naming the first layer, where none passes, and where one of a
 * decoder does not: what reads two texts is shown whole or not at all.
 */
export async function probe(model: EngineModel): Promise<ProbeResult> {
  const { manifest } = model;
  const inputs = probeInputs(manifest);
  const names = allTaps(manifest).flatMap(({ query, key, value, weights }) => [
    query,
    key,
    value,
    weights,
  ]);
  const probed = { outputs: await model.run(inputs, names), inputs };
  const result = await probeEncoder(model, probed);
  for (const stack of ['decoder', 'cross'] as const) {
    for (const layer of stackOf(manifest, stack)?.taps.keys() ?? [])
      result.error = Math.max(result.error, await probeLayer(model, stack, layer, probed));
  }
  return result;
}

async function probeEncoder(model: EngineModel, probed: Probed): Promise<ProbeResult> {
  const layers = shownLayers(model.manifest);
  const failed: LeftOutLayer[] = [];
  let [error, first]: [number, unknown] = [0, undefined];
  for (const layer of layers) {
    try {
      error = Math.max(error, await probeLayer(model, 'encoder', layer, probed));
    } catch (refusal) {
      if (!ChannelError.is(refusal, 'modelRefused')) throw refusal;
      first ??= refusal;
      failed.push({ layer, reason: refusal.message });
    }
  }
  if (failed.length === layers.length) throw first;
  return { error, failed };
}

/** What the graph made of the probe's tokens. */
interface Probed {
  outputs: ReadonlyMap<string, NamedOutput>;
  inputs: WindowInputs;
}

async function probeLayer(
  model: EngineModel,
  stack: Stack,
  layer: number,
  { outputs, inputs }: Probed,
): Promise<number> {
  const parts = stackOf(model.manifest, stack)!;
  const window = await model.keep(stack, layer, outputs, inputs);
  try {
    const own = outputs.get(parts.taps[layer]!.weights)!;
    checkWeights(parts, own, layer, window);
    return compare(model.kernel, window, own, layer);
  } finally {
    window.release();
  }
}

/** A few tokens, and others for the decoder where there is one. */
function probeInputs(manifest: ModelManifest): WindowInputs {
  const { vocabulary = PROBE_TOKENS, decoder } = manifest;
  const some = (length: number): Int32Array =>
    Int32Array.from({ length }, (_, at) => at % Math.min(PROBE_TOKENS, vocabulary));
  const ids = some(probeLength(manifest, manifest.contextLength));
  const inputs = { ids, placement: inOrder(ids.length) };
  if (!decoder) return inputs;
  // Of another length, so that no side is mistaken for the other.
  const length = probeLength(decoder, decoder.contextLength) - 1;
  return { ...inputs, target: some(Math.max(1, length)) };
}

/** Enough tokens for every window of a usual size to hide some. */
function probeLength(stack: StackManifest, contextLength: number): number {
  const windows = shownLayers(stack)
    .map((layer) => scoreOf(stack, layer).bias.window ?? 0)
    .filter((window) => window <= LARGEST_WINDOW);
  return Math.min(PROBE_TOKENS + Math.max(0, ...windows), contextLength);
}

/** The graph's own weights must be [1, head, query, key], sum to 1 a row, and keep to the mask. */
function checkWeights(
  stack: StackManifest,
  { dims, data }: NamedOutput,
  layer: number,
  window: AnalysedWindow,
): void {
  const { tokens, keys } = window;
  const expected = [1, stack.heads, tokens, keys];
  const { sinks } = scoreOf(stack, layer);
  if (dims.join() !== expected.join()) {
    throw new ChannelError(
      'modelRefused',
      l10n.t(
        'The attention weights of layer {0} have the shape [{1}] instead of [{2}].',
        layer,
        dims.join(', '),
        expected.join(', '),
      ),
    );
  }
  for (let row = 0; row < stack.heads * tokens; row++) {
    const weights = data.subarray(row * keys, (row + 1) * keys);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const whole = sinks ? sum > 0 && sum <= 1 + TOLERANCE : Math.abs(sum - 1) <= TOLERANCE;
    if (!whole) {
      throw new ChannelError(
        'modelRefused',
        l10n.t(
          'The attention weights of layer {0}, head {1} do not sum to 1.',
          layer,
          Math.floor(row / tokens),
        ),
      );
    }
    const [start, end] = visibleKeys(window.layer(layer).shape, row % tokens);
    if (weights.some((weight, key) => weight !== 0 && (key < start || key >= end))) {
      throw new ChannelError(
        'modelRefused',
        weights.subarray(end).some((weight) => weight !== 0)
          ? l10n.t(
              'Layer {0} of the model sees later tokens although its manifest says that it does not.',
              layer,
            )
          : l10n.t(
              'Layer {0} of the model sees tokens outside of the window that its manifest tells.',
              layer,
            ),
      );
    }
  }
}

function compare(
  kernel: Kernel,
  window: AnalysedWindow,
  { data }: NamedOutput,
  layer: number,
): number {
  let worst = 0;
  const { tokens, keys } = window;
  for (let head = 0; head < window.heads; head++) {
    const block = kernel.sumBlocks(
      [window.view(layer, head, [])],
      { queries: [0, tokens], keys: [0, keys] },
      [],
    );
    block.forEach((weight, at) => {
      worst = Math.max(worst, Math.abs(weight - data[head * tokens * keys + at]!));
    });
  }
  if (!(worst < TOLERANCE)) {
    throw new ChannelError(
      'modelRefused',
      l10n.t(
        'The attention of layer {0} is not what its queries and keys say (a weight differs by {1}).',
        layer,
        worst.toPrecision(2),
      ),
    );
  }
  return worst;
}
