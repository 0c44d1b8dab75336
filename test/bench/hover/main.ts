/**
 * How long a hover takes over the wire, as ratios: of analysed text against a hover that
 * waits for a pass of the model, and the very first one against the server's bare start.
 */
import { readFileSync } from 'node:fs';
import { launch, start, type Client } from '../../protocol/client';

const DOCUMENT = 'file:///tides.md';
/** A full window of the bundled model. */
const text = readFileSync('samples/tides.md', 'utf8').slice(0, 2400);
/** Disturbances only ever add time, so the smallest of a few rounds is compared. */
const ROUNDS = 7;

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function smallest(work: (round: number) => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    best = Math.min(best, await elapsedMs(() => work(round)));
  }
  return best;
}

/** From the process's launch to the answer of `initialize`. */
async function bareStart(): Promise<number> {
  const client = launch();
  client.connection.listen();
  const time = await elapsedMs(() =>
    client.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
    }),
  );
  await client.stop();
  return time;
}

async function firstHover(): Promise<{ client: Client; time: number }> {
  const begin = performance.now();
  const client = await start();
  await client.open(DOCUMENT, text);
  await client.hover(DOCUMENT, 4, 10);
  return { client, time: performance.now() - begin };
}

const line = (name: string, value: string): void =>
  console.log(`${name.padEnd(52)}${value.padStart(10)}`);

const bare = await bareStart();
const { client, time: first } = await firstHover();
const warm = await smallest((round) => client.hover(DOCUMENT, 4, 5 + round * 7));
let version = 1;
const afterEdit = await smallest(async () => {
  version += 1;
  await client.change(DOCUMENT, version, [
    { range: { start: { line: 0, character: 2 }, end: { line: 0, character: 2 } }, text: 'x' },
  ]);
  await client.hover(DOCUMENT, 4, 10);
});
await client.stop();

line('server start (initialize answered)', `${bare.toFixed(0)} ms`);
line('server start to first hover ÷ server start', `${(first / bare).toFixed(1)} ×`);
line('pass of a 512-token window, with its hover', `${afterEdit.toFixed(0)} ms`);
line('hover of analysed text ÷ hover with a pass', `${((warm / afterEdit) * 100).toFixed(1)} %`);
line('server start to first hover', `${first.toFixed(0)} ms`);
