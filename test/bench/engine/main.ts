/**
 * How long the engine takes, as ratios: an analysis against a bare session that
 * runs the same graph, and every kind of question against the analysis.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock } from '../../../server/engine/clock';
import { Engine } from '../../../server/engine/engine';
import { modelFeeds } from '../../../server/engine/feeds';
import { inOrder } from '../../../server/engine/layerShape';
import { openSession } from '../../../server/engine/session.node';
import { startWorkerThread } from '../../../server/engine/startWorker.node';
import { folderFiles } from '../../../server/models/files.node';
import { loadModel } from '../../../server/models/loadModel';
import type { ModelManifest } from '../../../server/models/manifest';
import type { Reading } from '../../../server/protocol';
import type { Session } from '../../../server/engine/session';

const FOLDER = resolve('models/all-minilm-l6-v2');
const LENGTHS = [64, 128, 256, 512];
/** Disturbances only ever add time, so the smallest of a few rounds is compared. */
const ROUNDS = 5;
const MAP = 384;
const THUMBNAIL = 64;

type Question = (engine: Engine, window: string, tokens: number) => Promise<unknown>;

const mean = { layer: null, head: null } as const;
const oneHead = { layer: 3, head: 5 } as const;

const questions: { [name: string]: Question } = {
  'row, one head': (engine, window) => engine.row({ window, ...oneHead, reading: 'raw', token: 7 }),
  'row, mean of all heads': (engine, window) =>
    engine.row({ window, ...mean, reading: 'raw', token: 7 }),
  'row, mean, without the sink': (engine, window) =>
    engine.row({ window, ...mean, reading: 'withoutSink', token: 7 }),
  'column, mean of all heads': (engine, window) =>
    engine.column({ window, ...mean, reading: 'raw', token: 7 }),
  'map, one head': (engine, window, tokens) => map(engine, window, tokens, oneHead),
  'map, mean of all heads': (engine, window, tokens) => map(engine, window, tokens, mean),
  'row, mean, value-weighted': (engine, window) =>
    engine.row({ window, ...mean, reading: 'valueWeighted', token: 7 }),
  'row, rollout': (engine, window) => engine.row({ window, ...mean, reading: 'rollout', token: 7 }),
  'column, rollout': (engine, window) =>
    engine.column({ window, ...mean, reading: 'rollout', token: 7 }),
  'map, rollout': (engine, window, tokens) => map(engine, window, tokens, mean, 'rollout'),
  'overview of all heads': (engine, window, tokens) =>
    engine.overview({ window, reading: 'raw', size: Math.min(THUMBNAIL, tokens) }),
  'statistics of all heads': (engine, window) => engine.statistics({ window }),
  'comparison of two windows': (engine, window) => engine.compare({ window, other: window }),
};

function map(
  engine: Engine,
  window: string,
  tokens: number,
  heads: { layer: number | null; head: number | null },
  reading: Reading = 'raw',
): Promise<unknown> {
  const size = Math.min(MAP, tokens);
  return engine.region({
    window,
    ...heads,
    reading,
    queries: [0, tokens],
    keys: [0, tokens],
    rows: size,
    columns: size,
    pool: 'max',
  });
}

/**
 * Milliseconds of CPU, the engine's thread included: what else the machine does
 * hardly changes them. The engine computes on one thread, so that on a quiet
 * machine they are the time that a person waits.
 */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The smallest time of each kind of work, whose rounds alternate so that all meet the same machine. */
async function smallest(works: {
  [name: string]: () => Promise<unknown>;
}): Promise<Map<string, number>> {
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(works)) {
      best.set(name, Math.min(best.get(name) ?? Infinity, await timed(work)));
    }
  }
  return best;
}

async function open(): Promise<{
  engine: Engine;
  session: Session;
  manifest: ModelManifest;
}> {
  const { manifest, graph, weights } = await loadModel(folderFiles(FOLDER));
  const engine = new Engine({
    startWorker: () => startWorkerThread(resolve('dist/engine.js')),
    clock: systemClock,
    log: (line) => console.error(line),
  });
  const report = await engine.load({ manifest, graph, weights, threads: 1 });
  console.log(`${report.detail}\n`);
  const bytes: { [path: string]: Uint8Array } = {};
  for (const { path } of manifest.weights) bytes[path] = await readFile(join(FOLDER, path));
  const session = await openSession({
    graph: await readFile(join(FOLDER, manifest.graph.path)),
    weights: bytes,
    threads: 1,
  });
  return { engine, session, manifest };
}

async function measure(
  { engine, session, manifest }: Awaited<ReturnType<typeof open>>,
  tokens: number,
): Promise<void> {
  const ids = Int32Array.from({ length: tokens }, (_, at) => 1000 + ((at * 37) % 5000));
  const feeds = modelFeeds(manifest, { ids, placement: inOrder(tokens) });
  const specialTokens = [0, tokens - 1];
  const passes = await smallest({
    bare: () => session.run(feeds, ['last_hidden_state']),
    analysis: () => engine.analyse({ window: 'w', ids, specialTokens }),
  });
  const analysis = passes.get('analysis')!;
  print(tokens, 'analysis against a bare session', analysis, passes.get('bare')!);
  for (const [name, ask] of Object.entries(questions)) {
    await engine.analyse({ window: name, ids, specialTokens });
    const first = await timed(() => ask(engine, name, tokens));
    const again = await smallest({ again: () => ask(engine, name, tokens) });
    print(tokens, `${name}: first`, first, analysis);
    print(tokens, `${name}: again`, again.get('again')!, analysis);
    await engine.forget([name]);
  }
}

function print(tokens: number, what: string, ms: number, against: number): void {
  const ratio = (ms / against).toFixed(3);
  console.log(
    [
      String(tokens).padStart(4),
      what.padEnd(38),
      `${ms.toFixed(1)} ms`.padStart(11),
      ratio.padStart(8),
    ].join('  '),
  );
}

async function main(): Promise<void> {
  const opened = await open();
  console.log('   n  what                                           CPU     ratio');
  for (const tokens of LENGTHS) await measure(opened, tokens);
  opened.engine.dispose();
  await opened.session.release();
}

await main();
