/** The engine as a worker thread of Node. */
import { parentPort, workerData } from 'node:worker_threads';
import { chooseKernel } from './kernel/choose';
import { diskFile } from './diskFile.node';
import { behind, Door } from './doorkeeper.node';
import { openSession } from './session.node';
import { serveEngine } from './worker';

if (!parentPort) throw new Error('The engine runs as a worker thread only.');
const port = parentPort;
/** What the thread's owner hands it. */
const { door } = workerData as { door: Int32Array<SharedArrayBuffer> };
serveEngine(
  {
    post: (message, transfer) => port.postMessage(message, transfer ?? []),
    listen: (receive) => port.on('message', receive),
  },
  {
    openFile: diskFile,
    openSession: behind(new Door(door), openSession),
    kernel: chooseKernel(),
  },
);
