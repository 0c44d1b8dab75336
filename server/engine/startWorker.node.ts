/** Starts the engine as a worker thread. */
import { Worker } from 'node:worker_threads';
import type { EngineWorker } from './engineWorker';

/**
 * `file`: absolute path of the engine's bundle. What the runtime prints goes to
 * stderr: the server's stdout belongs to the protocol.
 */
export function startWorkerThread(file: string): EngineWorker {
  const worker = new Worker(file, { stdout: true, execArgv: [] });
  worker.stdout.pipe(process.stderr, { end: false });
  return {
    port: {
      post: (message, transfer) => worker.postMessage(message, transfer ?? []),
      listen: (receive) => worker.on('message', receive),
    },
    terminate: () => void worker.terminate(),
    onExit: (listener) => {
      let last = '';
      worker.on('error', (error) => (last = `${error.name}: ${error.message}`));
      worker.on('exit', (code) => listener(last || `exit code ${code}`));
    },
  };
}
