/** The built engine with the bundled model, as the product runs it. */
import { resolve } from 'node:path';
import { systemClock } from '../../../server/engine/clock';
import { Engine } from '../../../server/engine/engine';
import { startWorkerThread } from '../../../server/engine/startWorker.node';
import { folderFiles } from '../../../server/models/files.node';
import { loadModel, type LoadedModel } from '../../../server/models/loadModel';
import type { LoadParams } from '../../../server/engine/protocol';

export const bundledFiles = folderFiles(resolve('models/all-minilm-l6-v2'));

/** `onStart` gets every worker that is started. */
export function newEngine(
  onStart: (worker: ReturnType<typeof startWorkerThread>) => void = () => undefined,
): Engine {
  return engineOf('dist/engine.js', onStart);
}

/** As {@link newEngine}, of another bundle. */
export function engineOf(
  file: string,
  onStart: (worker: ReturnType<typeof startWorkerThread>) => void = () => undefined,
): Engine {
  return new Engine({
    startWorker: () => {
      const worker = startWorkerThread(resolve(file));
      onStart(worker);
      return worker;
    },
    clock: systemClock,
    log: () => undefined,
  });
}

export function loadParams({ manifest, graph, weights }: LoadedModel): LoadParams {
  return { manifest, graph, weights, threads: 1 };
}

export function loadBundled(): Promise<LoadedModel> {
  return loadModel(bundledFiles);
}
