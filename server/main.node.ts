/** The server as a process of its own: `attention-lens-server --stdio`, or started by VS Code. */
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { BUNDLED_MODEL_FOLDER } from './analysis/productModels';
import { startWorkerThread } from './engine/startWorker.node';
import { traceOf } from './lsp/errorCodes';
import { quietConsole } from './lsp/quietConsole';
import { serve } from './lsp/server';
import { transport } from './lsp/transport.node';
import { folderFiles } from './models/files.node';
import { machineHub } from './models/hub/machineHub.node';
import { openModelPath } from './models/folder/openModelPath.node';

/** The product's folder: this file is bundled to dist/attention-lens-server.js. */
const PRODUCT = join(__dirname, '..');

const EXIT_USAGE = 2;

function main(): void {
  // Only protocol goes to stdout.
  globalThis.console = new console.Console(process.stderr, process.stderr);
  const end = (why: string): never => {
    console.error(why);
    process.exit(1);
  };
  const ends = transport(end);
  if (!ends) {
    console.error(
      l10n.t('Usage: attention-lens-server --stdio | --node-ipc | --socket=PORT | --pipe=NAME'),
    );
    process.exit(EXIT_USAGE);
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => console.error(traceOf(error)));
  const [reader, writer] = ends;
  let shutDown = false;
  const leave = (): void => process.exit(shutDown ? 0 : 1);
  reader.onClose(leave);
  reader.onError((error) => {
    // A message that is not JSON is answered; without its frame nothing that follows can be read.
    if (error instanceof SyntaxError) return;
    end(
      l10n.t(
        'What arrives is not the Language Server Protocol: {0}. The server ends.',
        error.message,
      ),
    );
  });
  process.on('disconnect', leave);
  const features = { ...ProposedFeatures.all, console: quietConsole };
  const connection = createConnection(features, reader, writer);
  serve(connection, {
    scheduler: {
      now: () => performance.now(),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    },
    assets: () => ({
      files: folderFiles(join(PRODUCT, BUNDLED_MODEL_FOLDER)),
      openers: { file: (source, { signal }) => openModelPath(source, signal) },
      engineParts: () =>
        Promise.resolve({
          backends: ['native', 'wasm', 'webgpu'],
          startWorker: () => startWorkerThread(join(__dirname, 'engine.js')),
          runtime: () => Promise.resolve(undefined),
        }),
    }),
    hub: (link) => machineHub(link, process.env),
    onShutdown: () => (shutDown = true),
  });
  connection.listen();
}

main();
