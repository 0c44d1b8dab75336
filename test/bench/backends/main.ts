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
/** Cells a side of a map and of a thumbnail, as the panel asks for them. */
const MAP = 384;
const THUMBNAIL = 64;

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

/** What is asked of a window, some of it as the first question that it gets. */
function questions(engine: Engine, tokens: number): { [name: string]: () => Promise<unknown> } {
  const row = { window: 'w', layer: null, head: null, reading: 'raw', token: 7 } as const;
  const size = Math.min(MAP, tokens);
  const whole: [number, number] = [0, tokens];
  const map = { queries: whole, keys: whole, rows: size, columns: size, pool: 'max' } as const;
  return {
    'first row': () => engine.row(row),
    'row again': () => engine.row(row),
    'row of a layer': () => engine.row({ ...row, layer: 3 }),
    'first map': () => engine.region({ ...row, ...map, layer: 3, head: 5 }),
    'first overview': () =>
      engine.overview({ window: 'w', reading: 'raw', size: Math.min(THUMBNAIL, tokens) }),
    'first statistics': () => engine.statistics({ window: 'w' }),
  };
}

/** Milliseconds of the passes, and everything as a share of what it is measured against. */
function printRow(
  backend: BackendName,
  threads: number,
  tokens: number,
  times: ReadonlyMap<string, number>,
): void {
  const [bare, analysis] = [times.get('bare')!, times.get('analysis')!];
  const shares = [...times]
    .slice(2)
    .map(([name, ms]) => (ms / analysis).toFixed(4).padStart(name.length));
  console.log(
    [
      backend.padEnd(7),
      String(threads).padStart(7),
      String(tokens).padStart(4),
      bare.toFixed(1).padStart(7),
      analysis.toFixed(1).padStart(11),
      (analysis / bare).toFixed(2).padStart(5),
      ...shares,
    ].join('  '),
  );
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
    const works = {
      bare: () => session.run(feeds, taps),
      analysis: () => engine.analyse({ window: 'w', ids, specialTokens: [0, tokens - 1] }),
      ...questions(engine, tokens),
    };
    const times = new Map(Object.keys(works).map((name) => [name, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, work] of Object.entries(works)) {
        // A question that is to be the first one needs a window of its own.
        if (name.startsWith('first')) await works.analysis();
        times.get(name)!.push(await timed(work));
      }
      // Nothing is to be computed ahead while the bare session runs.
      await engine.forget(['w']);
      await engine.analyse({ window: 'w', ids: ids.subarray(0, 8), specialTokens: [] });
      await engine.forget(['w']);
    }
    printRow(
      backend,
      threads,
      tokens,
      new Map([...times].map(([name, all]) => [name, median(all)])),
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
  const asked = [
    'first row',
    'row again',
    'row of a layer',
    'first map',
    'first overview',
    'first statistics',
  ];
  console.log(
    ['backend', 'threads', '   n', 'bare ms', 'analysis ms', 'ratio', ...asked].join('  '),
  );
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
