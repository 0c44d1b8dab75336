/** Starts the engine as a worker inside the server's worker. */
import type { EngineWorker } from './engineWorker';

/**
 * `source`: text of the engine's bundle. It becomes a blob because a worker of
 * another origin, as an extension's files are on the web, is not allowed.
 */
export function startNestedWorker(source: string): EngineWorker {
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(address);
  return {
    port: {
      post: (message, transfer) => worker.postMessage(message, [...(transfer ?? [])]),
      listen: (receive) =>
        worker.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data)),
    },
    terminate: () => {
      worker.terminate();
      // Not earlier: some browsers fetch the script only later.
      URL.revokeObjectURL(address);
    },
    onExit: (listener) =>
      worker.addEventListener('error', (event) => listener(event.message), { once: true }),
  };
}
