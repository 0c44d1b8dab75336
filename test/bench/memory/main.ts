/**
 * How memory grows with the tokens of one window: how much more a fresh process takes at
 * most while it analyses a window of a small model with a long context, and answers a row
 * and a map of it, than before. And how the server's grows with the tokens of a document.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../server/engine/clock';
import { Engine } from '../../../server/engine/engine';
import { startWorkerThread } from '../../../server/engine/startWorker.node';
import { start } from '../../protocol/client';
import { tinyModel } from '../../unit/engine/tinyModel';
import { residentMb } from '../documents/processes';

/** Tokens of documents of the bundled model. */
const DOCUMENTS = [512, 1024, 2048, 4096, 8192, 16_384];
const WORDS = 'the lamps were lit by night and boats came home with fish for all'.split(' ');
/** Where in a window to look for the next one: behind what it owns. */
const STEP = 0.85;
const LENGTHS = [512, 1024, 2048, 4096, 8192, 16_384];
/** Enough that the runtime has taken what it takes whatever the length. */
const FIRST = 64;
const SAMPLE_MS = 2;
const BYTES_PER_MB = 2 ** 20;
const SIZES = {
  model_type: 'bert',
  hidden_act: 'gelu',
  hidden_size: 64,
  intermediate_size: 256,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 16_384,
  num_attention_heads: 2,
  num_hidden_layers: 3,
  type_vocab_size: 2,
  vocab_size: 100,
};
const MAP = 128;

interface Measured {
  seconds: number;
  megabytes: number;
}

/** The most memory that the process takes while `work` is done by another thread, above what it took before. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), SAMPLE_MS);
  await work();
  clearInterval(timer);
  return Math.max(most, process.memoryUsage.rss()) - before;
}

async function measure(tokens: number): Promise<Measured> {
  const engine = new Engine({
    startWorker: () => startWorkerThread(resolve('dist/engine.js')),
    clock: systemClock,
    log: (line) => console.error(line),
  });
  await engine.load(await tinyModel(SIZES));
  await ask(engine, FIRST);
  let seconds = 0;
  const bytes = await growth(async () => {
    seconds = await ask(engine, tokens);
  });
  engine.dispose();
  return { seconds, megabytes: bytes / BYTES_PER_MB };
}

/** Seconds of the pass alone. */
async function ask(engine: Engine, tokens: number): Promise<number> {
  const ids = Int32Array.from({ length: tokens }, (_, at) => (at * 37) % SIZES.vocab_size);
  const start = performance.now();
  await engine.analyse({ window: 'w', ids, specialTokens: [] });
  const seconds = (performance.now() - start) / 1000;
  const head = { window: 'w', layer: 1, head: 1, reading: 'raw' } as const;
  await engine.row({ ...head, token: tokens - 1 });
  const size = Math.min(MAP, tokens);
  const whole = [0, tokens] as [number, number];
  const region = { queries: whole, keys: whole, rows: size, columns: size, pool: 'max' } as const;
  await engine.region({ ...head, ...region });
  return seconds;
}

function inFreshProcess(tokens: number): Measured {
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(tokens)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`no answer for ${tokens} tokens`);
  return JSON.parse(run.stdout) as Measured;
}

/** Words in no order that comes again: windows of the same tokens would be kept once. */
function wordsOf(count: number): string[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return WORDS[(state >>> 8) % WORDS.length]!;
  });
}

/**
 * How much more a fresh server takes at most, with the bundled model, while every window of a long
 * document is analysed and kept, than after it has answered about a short text.
 */
async function ofDocument(
  tokens: number,
): Promise<{ windows: number; before: number; megabytes: number }> {
  const engine = { backend: 'wasm', threads: 1, memoryLimit: 8192 };
  const initializationOptions = { background: false, engine };
  const client = await start({ initialize: { initializationOptions } });
  const pid = client.process?.pid ?? 0;
  await client.open('file:///short.txt', 'The lamps were lit.');
  await client.hover('file:///short.txt', 0, 5);
  const before = residentMb(pid);
  const uri = 'file:///long.txt';
  const words = wordsOf(tokens - 2);
  await client.open(uri, words.join(' '));
  let [most, next] = [before, 0];
  for (let index = 0, count = 1; index < count; index++) {
    const position = { line: 0, character: next };
    const asked = { textDocument: { uri }, position, token: 1 };
    const { window } = await client.request('attentionLens/row', asked);
    // Every window of which half is its own is come by.
    const { start: from, end } = window.range;
    next = Math.max(next + 1, from.character + Math.floor((end.character - from.character) * STEP));
    most = Math.max(most, residentMb(pid));
    count = end.character >= words.join(' ').length ? index + 1 : index + 2;
  }
  const { documents } = await client.request('attentionLens/status', {});
  const windows = documents.find((each) => each.uri === uri)?.analysed ?? 0;
  await client.stop();
  return { windows, before, megabytes: most - before };
}

/** The slope of the least-squares line through the logarithms. */
function exponentOf(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (at: 0 | 1) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

async function main(): Promise<void> {
  console.log('     n      taken     pass');
  const points = LENGTHS.map((tokens): [number, number] => {
    const { seconds, megabytes } = inFreshProcess(tokens);
    console.log(
      [
        String(tokens).padStart(6),
        `${megabytes.toFixed(1)} MB`.padStart(9),
        `${seconds.toFixed(2)} s`.padStart(7),
      ].join('  '),
    );
    return [tokens, megabytes];
  });
  console.log(`\nmemory grows with n to the power of ${exponentOf(points).toFixed(2)}`);
  console.log('\ntokens  windows      taken, a document of the bundled model, all windows kept');
  const documents: { tokens: number; windows: number; before: number; megabytes: number }[] = [];
  for (const tokens of DOCUMENTS) {
    const { windows, before, megabytes } = await ofDocument(tokens);
    const cells = [String(tokens).padStart(6), String(windows).padStart(7)];
    console.log([...cells, `${megabytes.toFixed(0)} MB`.padStart(9)].join('  '));
    documents.push({ tokens, windows, before, megabytes });
  }
  const print = (what: string, points: [number, number][]): void =>
    console.log(`${what} to the power of ${exponentOf(points).toFixed(2)}`);
  console.log('\nmemory grows');
  print(
    '  with the tokens of the document',
    documents.map(({ tokens, megabytes }) => [tokens, megabytes]),
  );
  // From the second window on each token is held about twice, as windows overlap.
  print(
    '  with the tokens of all windows',
    documents.map(({ windows, megabytes }) => [windows, megabytes]),
  );
  print(
    '  with all that the server takes, with the tokens of the document',
    documents.map(({ tokens, before, megabytes }) => [tokens, before + megabytes]),
  );
}

const [asked] = process.argv.slice(2);
if (asked === undefined) await main();
else console.log(JSON.stringify(await measure(Number(asked))));
