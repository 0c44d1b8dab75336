/** What carries the protocol: standard input and output, a socket, a named pipe or node-ipc. */
import { createConnection, type Socket } from 'node:net';
import { parseArgs } from 'node:util';
import * as l10n from '@vscode/l10n';
import {
  IPCMessageReader,
  IPCMessageWriter,
  SocketMessageReader,
  SocketMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver/node';
import { FrameGuard, MAX_FRAME_BYTES } from './frameGuard';

/** The two ends as the command line wants them; undefined where it says no way to speak. */
export function transport(end: (why: string) => void): [MessageReader, MessageWriter] | undefined {
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
  if (values.stdio) {
    guard(process.stdin, end);
    return [new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)];
  }
  const port = Number(values.socket);
  if (values.socket && Number.isInteger(port) && port > 0 && port < 2 ** 16)
    return overSocket(createConnection(port, '127.0.0.1'), end);
  if (typeof values.pipe === 'string' && values.pipe)
    return overSocket(createConnection(values.pipe), end);
  return undefined;
}

function overSocket(socket: Socket, end: (why: string) => void): [MessageReader, MessageWriter] {
  socket.on('error', ({ message }) =>
    end(l10n.t('The client cannot be reached: {0}. The server ends.', message)),
  );
  guard(socket, end);
  return [new SocketMessageReader(socket), new SocketMessageWriter(socket)];
}

function guard(stream: NodeJS.ReadableStream, end: (why: string) => void): void {
  const frames = new FrameGuard();
  stream.on('data', (bytes: Buffer) => {
    const length = frames.accept(bytes);
    if (length !== undefined)
      end(
        l10n.t(
          'A message of {0} bytes was announced, but none may have more than {1}. The server ends.',
          String(length),
          String(MAX_FRAME_BYTES),
        ),
      );
  });
}
