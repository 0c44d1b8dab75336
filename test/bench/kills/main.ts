/**
 * Fresh engines, each of whose threads is killed once at a random moment while a model is
 * loaded, a window analysed and questions asked: does every answer come, and is it the
 * same as without? `node out/bench/kills.mjs 100` tries a hundred, after a bench.
 */
import { deepEqual } from 'node:assert/strict';
import { resolve } from 'node:path';
import { systemClock } from '../../../server/engine/clock';
import { Engine } from '../../../server/engine/engine';
import { startWorkerThread } from '../../../server/engine/startWorker.node';
import { TINY_CONFIG } from '../../unit/onnx/tinyBert';
import { tinyModel } from '../../unit/engine/tinyModel';
import type { EngineWorker } from '../../../server/engine/engineWorker';
import type { LoadParams } from '../../../server/engine/protocol';

const FEW = 5;
const SIZES = { ...TINY_CONFIG, num_hidden_layers: 6, max_position_embeddings: 512 };
const IDS = Int32Array.from({ length: 384 }, (_, at) => at % SIZES.vocab_size);

interface Outcome {
  answers: unknown[];
  /** What a person was told, in order. */
  told: string[];
  /** From the beginning. */
  milliseconds: number;
}

/** Loads, analyses and asks; `killAfter`: milliseconds after which the engine's thread is ended. */
async function live(model: LoadParams, killAfter?: number): Promise<Outcome> {
  const workers: EngineWorker[] = [];
  const engine = new Engine({
    startWorker: () => {
      const worker = startWorkerThread(resolve('dist/engine.js'));
      workers.push(worker);
      return worker;
    },
    clock: systemClock,
    log: () => undefined,
  });
  const told: string[] = [];
  engine.onDidChangeState(({ message }) => message && told.push(message));
  const start = performance.now();
  const timer =
    killAfter === undefined ? undefined : setTimeout(() => workers[0]?.terminate(), killAfter);
  try {
    const answers = await ask(engine, model);
    return { answers, told, milliseconds: performance.now() - start };
  } finally {
    clearTimeout(timer);
    engine.dispose();
  }
}

async function ask(engine: Engine, model: LoadParams): Promise<unknown[]> {
  await engine.load(model);
  const window = { window: 'w', ids: IDS, specialTokens: [0] };
  const analysed = await engine.analyse(window);
  const heads = { window: 'w', layer: null, head: null, reading: 'raw' } as const;
  const answers: unknown[] = [analysed];
  for (const token of [3, 200]) answers.push(await engine.row({ ...heads, token }));
  answers.push(await engine.overview({ window: 'w', reading: 'raw', size: 16 }));
  return answers;
}

async function main(count: number): Promise<void> {
  const model = await tinyModel(SIZES);
  await live(model);
  const whole = await live(model);
  let [right, hit] = [0, 0];
  const sentences = new Map<string, number>();
  const failures: string[] = [];
  for (let at = 0; at < count; at++) {
    try {
      const outcome = await live(model, Math.random() * whole.milliseconds);
      deepEqual(outcome.answers, whole.answers);
      right++;
      if (outcome.told.length > 0) hit++;
      for (const said of outcome.told) sentences.set(said, (sentences.get(said) ?? 0) + 1);
    } catch (error) {
      failures.push(String(error).split('\n')[0]!);
    }
  }
  console.log(
    `${count} engines, ${hit} of them killed before they were done: ${right} right answers`,
  );
  for (const [said, times] of sentences) console.log(`${String(times).padStart(4)} × ${said}`);
  for (const failure of failures) console.log(`FAILED: ${failure}`);
  if (right < count) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? FEW));
