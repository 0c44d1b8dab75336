/** The engine as a worker thread of Node. */
import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { chooseKernel } from './kernel/choose';
import { openSession } from './session.node';
import { serveEngine } from './worker';

if (!parentPort) throw new Error('The engine runs as a worker thread only.');
const port = parentPort;
serveEngine(
  {
    post: (message, transfer) => port.postMessage(message, transfer ?? []),
    listen: (receive) => port.on('message', receive),
  },
  { readFile: (path) => readFile(path), openSession, kernel: chooseKernel() },
);
