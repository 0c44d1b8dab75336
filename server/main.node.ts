/** The server as a process of its own: `attention-lens-server --stdio`, or started by VS Code. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as l10n from '@vscode/l10n';
import {
  createConnection,
  createServerPipeTransport,
  createServerSocketTransport,
  IPCMessageReader,
  IPCMessageWriter,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver/node';
import { BUNDLED_MODEL_FOLDER } from './analysis/productModels';
import { startWorkerThread } from './engine/startWorker.node';
import { traceOf } from './lsp/errorCodes';
import { quietConsole } from './lsp/quietConsole';
import { serve } from './lsp/server';
import { folderFiles } from './models/files.node';

/** The product's folder: this file is bundled to dist/attention-lens-server.js. */
const PRODUCT = join(__dirname, '..');

const EXIT_USAGE = 2;

function transport(): [MessageReader, MessageWriter] | undefined {
  const { values } = parseArgs({
    // Clients add arguments of their own, such as --clientProcessId.
    strict: false,
    options: {
      stdio: { type: 'boolean' },
      'node-ipc': { type: 'boolean' },
      socket: { type: 'string' },
      pipe: { type: 'string' },
    },
  });
  if (values['node-ipc'] && process.send)
    return [new IPCMessageReader(process), new IPCMessageWriter(process)];
  if (values.stdio)
    return [new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)];
  const port = Number(values.socket);
  if (values.socket && Number.isInteger(port)) return createServerSocketTransport(port);
  if (typeof values.pipe === 'string') return createServerPipeTransport(values.pipe);
  return undefined;
}

function main(): void {
  // Only protocol goes to stdout.
  globalThis.console = new console.Console(process.stderr, process.stderr);
  const ends = transport();
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
    console.error(
      l10n.t(
        'What arrives is not the Language Server Protocol: {0}. The server ends.',
        error.message,
      ),
    );
    process.exit(1);
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
      engineParts: () =>
        Promise.resolve({ startWorker: () => startWorkerThread(join(__dirname, 'engine.js')) }),
    }),
    onShutdown: () => (shutDown = true),
  });
  connection.listen();
}

main();
