import { resolve } from 'node:path';
import { PARITY_TOLERANCE } from '../../server/engine/backends/parity';
import { startWorkerThread } from '../../server/engine/startWorker.node';
import { folderFiles } from '../../server/models/files.node';
import { loadModel } from '../../server/models/loadModel';
import { gpuDifference } from './difference';

const { manifest, graph, weights } = await loadModel(
  folderFiles(resolve('models/all-minilm-l6-v2')),
);
try {
  const difference = await gpuDifference(
    () => startWorkerThread(resolve('dist/engine.js')),
    { manifest, graph, weights },
    () => undefined,
  );
  console.log(
    `desktop: weights differ from WebAssembly's by ${difference.toExponential(1)} at most`,
  );
  process.exit(difference <= PARITY_TOLERANCE ? 0 : 1);
} catch (error) {
  console.error('desktop: not tested,', error instanceof Error ? error.message : error);
  process.exit(1);
}
