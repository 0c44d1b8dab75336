// Which heads of the bundled model change most when position is switched off on a text:
//   npm run build && node scripts/positionEffect.mjs [FILE] [HEADS]
// It asks the built server, by the public protocol; each line has a head, the mean total
// variation of its rows, and what it reads of the token before and after, with and without position.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';

/** @typedef {{ heads: number, statistics: { [name: string]: string } }} Statistics */

const [file = 'samples/lighthouse.txt', count = '8'] = process.argv.slice(2);
const textDocument = { uri: pathToFileURL(resolve(file)).href };
const off = { mode: 'off' };

const server = spawn(process.execPath, ['dist/attention-lens-server.js', '--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const connection = createMessageConnection(
  new StreamMessageReader(server.stdout),
  new StreamMessageWriter(server.stdin),
);
connection.listen();
await connection.sendRequest('initialize', { processId: process.pid, capabilities: {} });
await connection.sendNotification('initialized', {});
await connection.sendNotification('textDocument/didOpen', {
  textDocument: {
    ...textDocument,
    languageId: 'plaintext',
    version: 1,
    text: readFileSync(file, 'utf8'),
  },
});

/** @type {{ heads: number, totalVariation: string }} */
const effect = await connection.sendRequest('attentionLens/positionEffect', {
  textDocument,
  encoding: off,
});
/** @type {Statistics[]} */
const [trained, changed] = await Promise.all(
  [null, off].map((encoding) =>
    connection.sendRequest('attentionLens/statistics', { textDocument, encoding }),
  ),
);

const moved = [...numbers(effect.totalVariation)]
  .map((variation, index) => ({ variation, index }))
  .sort((one, other) => other.variation - one.variation);
console.log('head    total variation   token before       token after');
for (const { variation, index } of moved.slice(0, Number(count))) {
  const head = `${Math.floor(index / effect.heads)}.${index % effect.heads}`;
  const shares = ['previousToken', 'nextToken'].map((name) => share(name, index).padEnd(18));
  console.log(`${head.padEnd(7)} ${variation.toFixed(3).padEnd(17)} ${shares.join(' ')}`.trimEnd());
}

await connection.sendRequest('shutdown');
await connection.sendNotification('exit');

/**
 * @param {string} name
 * @param {number} index
 */
function share(name, index) {
  return [trained, changed]
    .map((answer) => numbers(answer?.statistics[name] ?? '')[index] ?? NaN)
    .map((weight) => `${(100 * weight).toFixed(1)} %`)
    .join(' → ');
}

/** @param {string} base64 */
function numbers(base64) {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new Float32Array(bytes.buffer);
}
