/** The engine as a nested worker of a web page's worker. */
import { chooseKernel } from './kernel/choose';
import { openSession } from './session.web';
import { serveEngine } from './worker';

const scope = self as DedicatedWorkerGlobalScope;
serveEngine(
  {
    post: (message, transfer) => scope.postMessage(message, [...(transfer ?? [])]),
    listen: (receive) =>
      scope.addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data)),
  },
  {
    openFile: (path) => {
      throw new Error(`There are no files here: ${path}`);
    },
    openSession,
    kernel: chooseKernel(),
  },
);
