/** The server as a web worker, started by VS Code for the Web. */
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { startNestedWorker } from './engine/startWorker.web';
import { quietConsole } from './lsp/quietConsole';
import { RemoteAssets } from './lsp/remoteAssets';
import { serve } from './lsp/server';

/** A message to ourselves: the soonest turn of the event loop that lets others go first. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(undefined);
  });
}

const worker = self as unknown as DedicatedWorkerGlobalScope;
const features = { ...ProposedFeatures.all, console: quietConsole };
const connection = createConnection(
  features,
  new BrowserMessageReader(worker),
  new BrowserMessageWriter(worker),
);
serve(connection, {
  scheduler: { now: () => performance.now(), pause },
  assets: (client, options) => new RemoteAssets(client, options, startNestedWorker).parts(),
  onShutdown: () => undefined,
});
connection.listen();
