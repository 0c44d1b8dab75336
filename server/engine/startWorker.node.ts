/** Starts the engine as a worker thread. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { Door } from './doorkeeper.node';
import type { EngineWorker } from './engineWorker';

/**
 * `file`: absolute path of the engine's bundle. What the runtime prints goes to
 * stderr: the server's stdout belongs to the protocol. Throws where the file is
 * missing: the thread itself would only die, as if it had crashed.
 */
export function startWorkerThread(file: string): EngineWorker {
  if (!existsSync(file)) {
    throw new Error(l10n.t('The file "{0}" is missing. Reinstall Attention Lens.', basename(file)));
  }
  const door = new Door();
  const worker = new Worker(file, { stdout: true, execArgv: [], workerData: { door: door.cell } });
  // The process ends its threads as abruptly as `terminate` does.
  const leave = (): void => door.shut();
  process.once('exit', leave);
  worker.once('exit', () => process.off('exit', leave));
  worker.stdout.pipe(process.stderr, { end: false });
  return {
    port: {
      post: (message, transfer) => worker.postMessage(message, transfer ?? []),
      listen: (receive) => worker.on('message', receive),
    },
    terminate: () => {
      door.shut();
      void worker.terminate();
    },
    onExit: (listener) => {
      let last = '';
      worker.on('error', (error) => (last = `${error.name}: ${error.message}`));
      worker.on('exit', (code) => listener(last || `exit code ${code}`));
    },
  };
}
