/**
 * What an analysis costs on each backend: against a bare session that runs the same
 * graph for the same tensors on the same backend and threads, in turns, as medians of
 * wall time. Then how long the first answer takes after a start.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock } from '../../../server/engine/clock';
import { Engine } from '../../../server/engine/engine';
import { modelFeeds } from '../../../server/engine/feeds';
import { inOrder } from '../../../server/engine/layerShape';
import { openSession } from '../../../server/engine/session.node';
import { startWorkerThread } from '../../../server/engine/startWorker.node';
import { folderFiles } from '../../../server/models/files.node';
import { loadModel, type LoadedModel } from '../../../server/models/loadModel';
import type { Client } from '../../protocol/client';
import { start } from '../../protocol/client';
import type { BackendName } from '../../../server/engine/backends/backend';
import type { Session } from '../../../server/engine/session';

const FOLDER = resolve('models/all-minilm-l6-v2');
const LENGTHS = [64, 128, 256, 512];
const ROUNDS = 9;
const STARTS = 3;

const backends: [BackendName, threads: number][] = [
  ...(existsSync(`dist/native/${process.platform}-${process.arch}`)
    ? ([
        ['native', 1],
        ['native', 2],
      ] satisfies [BackendName, number][])
    : []),
  ['wasm', 1],
];

async function openBare(
  { manifest }: LoadedModel,
  backend: BackendName,
  threads: number,
): Promise<Session> {
  const weights: { [path: string]: Uint8Array } = {};
  for (const { path } of manifest.weights) weights[path] = await readFile(join(FOLDER, path));
  const graph = await readFile(join(FOLDER, manifest.graph.path));
  return openSession({ graph, weights, backend, threads });
}

async function openEngine(
  { manifest, graph, weights }: LoadedModel,
  backend: BackendName,
  threads: number,
): Promise<Engine> {
  const engine = new Engine({
    startWorker: () => startWorkerThread(resolve('dist/engine.js')),
    clock: systemClock,
    log: (line) => console.error(line),
  });
  await engine.load({ manifest, graph, weights, backend, threads });
  return engine;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(times: number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

/** Rounds alternate, so that both meet the same machine. */
async function measurePasses(
  model: LoadedModel,
  backend: BackendName,
  threads: number,
): Promise<void> {
  const { manifest } = model;
  const engine = await openEngine(model, backend, threads);
  const session = await openBare(model, backend, threads);
  const taps = manifest.taps.flatMap(({ query, key, value }) => [query, key, value]);
  for (const tokens of LENGTHS) {
    const ids = Int32Array.from({ length: tokens }, (_, at) => 1000 + ((at * 37) % 5000));
    const feeds = modelFeeds(manifest, { ids, placement: inOrder(tokens) });
    const times = {
      bare: [] as number[],
      analysis: [] as number[],
      first: [] as number[],
      again: [] as number[],
    };
    for (let round = 0; round < ROUNDS; round++) {
      times.bare.push(await timed(() => session.run(feeds, taps)));
      times.analysis.push(
        await timed(() => engine.analyse({ window: 'w', ids, specialTokens: [0, tokens - 1] })),
      );
      const row = { window: 'w', layer: null, head: null, reading: 'raw', token: 7 } as const;
      times.first.push(await timed(() => engine.row(row)));
      times.again.push(await timed(() => engine.row(row)));
    }
    const [bare, analysis] = [median(times.bare), median(times.analysis)];
    console.log(
      [
        backend.padEnd(7),
        String(threads).padStart(7),
        String(tokens).padStart(5),
        bare.toFixed(1).padStart(10),
        analysis.toFixed(1).padStart(10),
        (analysis / bare).toFixed(2).padStart(6),
        (median(times.first) / analysis).toFixed(3).padStart(9),
        (median(times.again) / analysis).toFixed(4).padStart(9),
      ].join(' '),
    );
  }
  engine.dispose();
  await session.release();
}

/** From the start of the server's process to the text of a hover. */
async function firstHover(backend: string): Promise<number> {
  let client: Client | undefined;
  const ms = await timed(async () => {
    client = await start({ initialize: { initializationOptions: { engine: { backend } } } });
    await client.open('file:///a', 'The keeper of the lighthouse answered that the lamp was out.');
    await client.hover('file:///a', 0, 5);
  });
  await client?.stop();
  return ms;
}

async function main(): Promise<void> {
  const model = await loadModel(folderFiles(FOLDER));
  console.log('backend threads     n    bare ms analysis ms  ratio first row row again');
  for (const [backend, threads] of backends) await measurePasses(model, backend, threads);
  const names = [...new Set(backends.map(([name]) => name))];
  const starts = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < STARTS; round++)
    for (const name of names) starts.get(name)!.push(await firstHover(name));
  for (const [name, times] of starts)
    console.log(`start of the server → first hover, ${name}: ${median(times).toFixed(0)} ms`);
}

await main();
process.exit(0);
