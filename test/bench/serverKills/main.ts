/**
 * Fresh servers, each of whose engine threads is ended once at a random moment between its start and
 * the end of a session: does every answer come, is it the same as without, and does the
 * server end as it should? `node out/bench/serverKills.mjs 100` tries a hundred, after a bench.
 * With WebAssembly: a thread in native code takes its whole process with it.
 */
import { deepEqual, equal } from 'node:assert/strict';
import { join } from 'node:path';
import { start } from '../../protocol/client';

const FEW = 5;
const server = join(process.cwd(), 'test/bench/serverKills/killed.cjs');
const uri = 'file:///story.txt';
const textDocument = { uri };
const text = 'The lighthouse keeper answered the harbour, and lit the lamps again.\n'.repeat(20);
const initializationOptions = {
  background: false,
  engine: { backend: 'wasm', threads: 1, memoryLimit: 512 },
};

/** What a session asks, in its order. */
const QUESTIONS = ['hover', 'row at the top', 'row further down', 'overview'];

interface Outcome {
  answers: unknown[];
  code: number | null;
  /** What people were told, each sentence once. */
  told: string[];
  milliseconds: number;
}

/** A session from the start of the server to its end. */
async function live(killAfter: number): Promise<Outcome> {
  process.env.KILL_AFTER_MS = String(Math.round(killAfter));
  const begin = performance.now();
  const client = await start({ server, initialize: { initializationOptions } });
  await client.open(uri, text);
  const answers: unknown[] = [await client.hover(uri, 3, 6)];
  for (const line of [0, 12])
    answers.push(
      await client.request('attentionLens/row', {
        textDocument,
        position: { line, character: 6 },
        layer: 4,
      }),
    );
  answers.push(await client.request('attentionLens/overview', { textDocument, statistics: false }));
  const milliseconds = performance.now() - begin;
  const states = client.notifications.flatMap(({ method, params }) =>
    method === 'attentionLens/didChangeState' ? [params as { message?: string }] : [],
  );
  const told = states.flatMap(({ message }) => (message ? [message] : []));
  return { answers, code: await client.stop(), told: [...new Set(told)], milliseconds };
}

async function main(count: number): Promise<void> {
  const never = 2 ** 30;
  await live(never);
  const whole = await live(never);
  let [right, hit] = [0, 0];
  const sentences = new Map<string, number>();
  const failures: string[] = [];
  for (let at = 0; at < count; at++) {
    const killAfter = Math.random() * whole.milliseconds;
    try {
      const { answers, code, told } = await live(killAfter);
      QUESTIONS.forEach((question, at) =>
        deepEqual(answers[at], whole.answers[at], `another answer to: ${question}`),
      );
      equal(code, 0, `the server ended with ${code}, after: ${told.join(' ')}`);
      right++;
      if (told.length > 0) hit++;
      for (const said of told) sentences.set(said, (sentences.get(said) ?? 0) + 1);
    } catch (error) {
      failures.push(`after ${killAfter.toFixed(0)} ms: ${String(error).split('\n')[0]}`);
    }
  }
  console.log(
    `${count} servers, ${hit} of them told of an engine that was killed: ${right} right answers and ends`,
  );
  for (const [said, times] of sentences) console.log(`${String(times).padStart(4)} × ${said}`);
  for (const failure of failures) console.log(`FAILED: ${failure}`);
  if (right < count) process.exitCode = 1;
}

await main(Number(process.argv[2] ?? FEW));
