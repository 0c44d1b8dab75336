/**
 * The probe at load: a few tokens go through the graph, and what we make of Q
 * and K must be what the graph itself makes of them, layer by layer. It warms the runtime
 * up on the way, whose first run is several times slower than the following ones.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { scoreOf, shownLayers, type ModelManifest } from '../models/manifest';
import type { LeftOutLayer } from '../protocol';
import { visibleKeys } from './kernel/score';
import { inOrder } from './layerShape';
import type { EngineModel } from './model';
import type { NamedOutput } from './tensor';
import type { AnalysedWindow, WindowInputs } from './window';

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

/** Fails with `modelRefused`, naming the first layer, where none passes. */
export async function probe(model: EngineModel): Promise<ProbeResult> {
  const { manifest } = model;
  const { vocabulary = PROBE_TOKENS } = manifest;
  const ids = Int32Array.from(
    { length: probeLength(manifest) },
    (_, at) => at % Math.min(PROBE_TOKENS, vocabulary),
  );
  const layers = shownLayers(manifest);
  const names = layers.flatMap((layer) => {
    const { query, key, value, weights } = manifest.taps[layer]!;
    return [query, key, value, weights];
  });
  const inputs = { ids, placement: inOrder(ids.length) };
  const outputs = await model.run(inputs, names);
  const failed: LeftOutLayer[] = [];
  let [error, first]: [number, unknown] = [0, undefined];
  for (const layer of layers) {
    try {
      error = Math.max(error, await probeLayer(model, layer, { outputs, inputs }));
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
  layer: number,
  { outputs, inputs }: Probed,
): Promise<number> {
  const window = await model.keep(layer, outputs, inputs);
  try {
    const own = outputs.get(model.manifest.taps[layer]!.weights)!;
    checkWeights(model, own, layer, window.tokens);
    return compare(model, window, own, layer);
  } finally {
    window.release();
  }
}

/** Enough tokens for every window of a usual size to hide some. */
function probeLength(manifest: ModelManifest): number {
  const windows = shownLayers(manifest)
    .map((layer) => scoreOf(manifest, layer).bias.window ?? 0)
    .filter((window) => window <= LARGEST_WINDOW);
  return Math.min(PROBE_TOKENS + Math.max(0, ...windows), manifest.contextLength);
}

/** The graph's own weights must be [1, head, token, token], sum to 1 a row, and keep to the mask. */
function checkWeights(
  { manifest }: EngineModel,
  { dims, data }: NamedOutput,
  layer: number,
  tokens: number,
): void {
  const expected = [1, manifest.heads, tokens, tokens];
  const { bias, sinks } = scoreOf(manifest, layer);
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
  for (let row = 0; row < manifest.heads * tokens; row++) {
    const weights = data.subarray(row * tokens, (row + 1) * tokens);
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
    const [start, end] = visibleKeys({ ...bias, tokens }, row % tokens);
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
  model: EngineModel,
  window: AnalysedWindow,
  { data }: NamedOutput,
  layer: number,
): number {
  let worst = 0;
  const { tokens } = window;
  for (let head = 0; head < model.manifest.heads; head++) {
    const block = model.kernel.sumBlocks(
      [window.view(layer, head, [])],
      { queries: [0, tokens], keys: [0, tokens] },
      [],
    );
    block.forEach((weight, at) => {
      worst = Math.max(worst, Math.abs(weight - data[head * tokens * tokens + at]!));
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
