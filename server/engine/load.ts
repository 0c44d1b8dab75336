/** From files to a model that has passed its probe. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { EngineModel } from './model';
import { probe } from './probe';
import { WeightTensors } from './weightTensors';
import type { FileCache, ReadFile } from './fileCache';
import type { LoadParams, LoadReport } from './protocol';
import type { Kernel } from './kernel/kernel';
import type { ModelManifest } from '../models/manifest';
import type { OpenSession, Session } from './session';

/** What the engine needs of where it runs. */
export interface EngineHost {
  /** The bytes of a file; rejects where there is none, or where files cannot be read. */
  readFile: ReadFile;
  openSession: OpenSession;
  kernel: Kernel;
}

/**
 * Reads and checks the files, opens a session and probes it. Fails with a
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
  const files = await readFiles(params, cache);
  await checkpoint();
  const session = await host.openSession({
    ...files,
    threads: Math.max(1, params.threads),
    runtime: params.runtime?.bytes,
  });
  try {
    await checkpoint();
    const model = new EngineModel(
      params.manifest,
      session,
      host.kernel,
      new WeightTensors(files.weights),
    );
    const probeError = await probe(model);
    return { model, report: report(session, host.kernel, probeError) };
  } catch (error) {
    await session.release();
    throw error;
  }
}

function report(session: Session, kernel: Kernel, probeError: number): LoadReport {
  const { backend, threads, version } = session;
  const detail = [
    `ONNX Runtime ${version} (${backend})`,
    `${kernel.name} kernel`,
    `probe ${probeError.toExponential(1)}`,
  ].join(', ');
  return { backend, threads, detail, probeError };
}

/** What reaches further than the shape of `manifest.json`, which is checked where it is read. */
function checkManifest({ heads, keyValueHeads, layers, taps }: ModelManifest): void {
  if (taps.length !== layers || heads % keyValueHeads !== 0) {
    throw new ChannelError(
      'modelRefused',
      l10n.t('The model’s manifest contradicts itself about its layers or heads.'),
    );
  }
}

async function readFiles(
  { manifest, graph, weights }: LoadParams,
  cache: FileCache,
): Promise<{ graph: Uint8Array; weights: { [location: string]: Uint8Array } }> {
  const read: { [location: string]: Uint8Array } = {};
  for (const file of manifest.weights) {
    read[file.path] = await cache.read(file, weights[file.path]);
  }
  return { graph: await cache.read(manifest.graph, graph), weights: read };
}
