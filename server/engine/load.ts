/** From files to a model that has passed its probe. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { EngineModel } from './model';
import { ModelGraph } from './modelGraph';
import { probe } from './probe';
import { WeightTensors } from './weightTensors';
import { FLOAT32_TOKENS } from './precision';
import { bytesAt, type ByteSource } from '../onnx/tap/byteSource';
import type { FileCache } from './fileCache';
import type { OpenModelFile } from './modelFile';
import type { LoadParams, LoadReport } from './protocol';
import type { Kernel } from './kernel/kernel';
import { allTaps, type ModelManifest, type StackManifest } from '../models/manifest';
import type { LeftOutLayer } from '../protocol';
import type { OpenSession } from './session';

/** What the engine needs of where it runs. */
export interface EngineHost {
  openFile: OpenModelFile;
  openSession: OpenSession;
  kernel: Kernel;
}

/**
 * Reads and checks the files, opens the graph and probes it. Fails with a
 * `ChannelError` as {@link LoadParams}' method says. `checkpoint` throws when
 * the load is to stop.
 */
export async function loadModel(
  params: LoadParams,
  host: EngineHost,
  cache: FileCache,
  checkpoint: () => Promise<void>,
): Promise<{ model: EngineModel; report: LoadReport }> {
  checkManifest(params.manifest);
  const files = await openFiles(params, cache);
  await checkpoint();
  const graph = await ModelGraph.open(
    {
      ...files,
      backend: params.backend,
      threads: params.threads,
      brief: params.brief,
      runtime: params.runtime?.bytes,
      runtimeScript: params.runtime?.script,
    },
    allTaps(params.manifest),
    { openSession: host.openSession, checkpoint },
  );
  try {
    await checkpoint();
    const tensors = new WeightTensors(files.weights);
    const whole = new EngineModel(params.manifest, graph, host.kernel, tensors);
    const { error, failed } = await probe(whole);
    const manifest = leaveOut(params.manifest, failed);
    const model =
      manifest === params.manifest ? whole : new EngineModel(manifest, graph, host.kernel, tensors);
    return { model, report: report(model, error) };
  } catch (error) {
    await graph.release();
    throw error;
  }
}

function leaveOut(manifest: ModelManifest, failed: readonly LeftOutLayer[]): ModelManifest {
  if (failed.length === 0) return manifest;
  const leftOut = [...(manifest.leftOut ?? []), ...failed].sort((a, b) => a.layer - b.layer);
  return { ...manifest, leftOut };
}

function report({ graph, kernel, manifest }: EngineModel, probeError: number): LoadReport {
  const { backend, threads, version, slices } = graph;
  const long = manifest.contextLength > FLOAT32_TOKENS;
  const detail = [
    `ONNX Runtime ${version} (${backend})`,
    `${slices} slices`,
    `${kernel.name} kernel`,
    ...(long ? [`float16 above ${FLOAT32_TOKENS} tokens`] : []),
    `probe ${probeError.toExponential(1)}`,
  ].join(', ');
  const { leftOut } = manifest;
  return { backend, threads, detail, probeError, ...(leftOut ? { leftOut } : {}) };
}

/** What reaches further than the shape of `manifest.json`, which is checked where it is read. */
function checkManifest(manifest: ModelManifest): void {
  const { decoder } = manifest;
  const stacks: StackManifest[] = decoder ? [manifest, decoder, decoder.cross] : [manifest];
  const agrees = stacks.every(
    ({ heads, keyValueHeads, layers, taps }) =>
      taps.length === layers && heads % keyValueHeads === 0,
  );
  if (!agrees || decoder?.layers !== decoder?.cross.layers) {
    throw new ChannelError(
      'modelRefused',
      l10n.t('The model’s manifest contradicts itself about its layers or heads.'),
    );
  }
}

async function openFiles(
  { manifest, graph, weights }: LoadParams,
  cache: FileCache,
): Promise<{ graph: Uint8Array; weights: { [location: string]: ByteSource } }> {
  const opened: { [location: string]: ByteSource } = {};
  const own = manifest.source === undefined;
  for (const file of manifest.weights) {
    opened[file.path] = await cache.open(file, weights[file.path], { own });
  }
  const structure = await cache.open(manifest.graph, graph);
  return { graph: bytesAt(structure, 0, structure.length), weights: opened };
}
