/**
 * What it takes to open a large model of one's own: seconds and memory from its folder to a
 * model that has passed its probe, and beside it while a long text is analysed and a row
 * asked for. In a fresh process for each engine. LOAD_TOKENS: tokens of that text.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../server/engine/clock';
import { Engine } from '../../../server/engine/engine';
import { startWorkerThread } from '../../../server/engine/startWorker.node';
import { openModelPath } from '../../../server/models/folder/openModelPath.node';
import { seededLlama, WEIGHT_BYTES } from './seededLlama';
import type { BackendName } from '../../../server/engine/backends/backend';

const TOKENS = Number(process.env.LOAD_TOKENS ?? 2048);
const VOCABULARY = 30_000;
const TOKENIZER = 'models/all-minilm-l6-v2/tokenizer.json';
const SAMPLE_MS = 5;
const BYTES_PER_MB = 2 ** 20;

interface Step {
  seconds: number;
  /** Megabytes: at most while it ran, and when it was done. */
  peak: number;
  after: number;
}
type Measured = { [step in 'start' | 'open' | 'load' | 'pass' | 'row']: Step };

async function step(work: () => Promise<unknown>): Promise<Step> {
  const rss = (): number => process.memoryUsage.rss() / BYTES_PER_MB;
  let peak = rss();
  const timer = setInterval(() => (peak = Math.max(peak, rss())), SAMPLE_MS);
  const begin = performance.now();
  await work();
  clearInterval(timer);
  const after = rss();
  return { seconds: (performance.now() - begin) / 1000, peak: Math.max(peak, after), after };
}

async function measure(folder: string, backend: BackendName): Promise<Measured> {
  const engine = new Engine({
    startWorker: () => startWorkerThread(resolve('dist/engine.js')),
    clock: systemClock,
    log: (line) => console.error(line),
  });
  const start = await step(() => Promise.resolve());
  let opened: Awaited<ReturnType<typeof openModelPath>>;
  const open = await step(async () => {
    opened = await openModelPath({ path: folder }, new AbortController().signal);
  });
  const load = await step(async () => {
    const { manifest, graph, weights } = opened;
    await engine.load({ manifest, graph, weights, backend, threads: 0 });
  });
  const ids = Int32Array.from({ length: TOKENS }, (_, at) => (at * 7919) % VOCABULARY);
  const pass = await step(() => engine.analyse({ window: 'w', ids, specialTokens: [] }));
  const asked = {
    window: 'w',
    layer: null,
    head: null,
    reading: 'raw',
    token: TOKENS - 1,
  } as const;
  const row = await step(() => engine.row(asked));
  engine.dispose();
  return { start, open, load, pass, row };
}

function inFreshProcess(folder: string, backend: BackendName): Measured {
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder, backend], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`no answer from ${backend}`);
  return JSON.parse(run.stdout) as Measured;
}

async function main(): Promise<void> {
  const folder = await seededLlama(resolve('out/bench'), resolve(TOKENIZER));
  const weights = WEIGHT_BYTES / BYTES_PER_MB;
  const native = existsSync(`dist/native/${process.platform}-${process.arch}`);
  console.log(
    `weights ${weights.toFixed(0)} MB, ${TOKENS} tokens; memory of the whole process in MB`,
  );
  for (const backend of native ? (['native', 'wasm'] as const) : (['wasm'] as const)) {
    const measured = inFreshProcess(folder, backend);
    console.log(`\n${backend.padEnd(8)}  seconds     peak    after  ÷ weights`);
    for (const [name, { seconds, peak, after }] of Object.entries(measured)) {
      const cells = [
        seconds.toFixed(2),
        peak.toFixed(0),
        after.toFixed(0),
        (peak / weights).toFixed(2),
      ];
      console.log(name.padEnd(8), ...cells.map((cell) => cell.padStart(8)));
    }
  }
}

const [folder, backend] = process.argv.slice(2);
if (folder === undefined) await main();
else console.log(JSON.stringify(await measure(folder, backend as BackendName)));
