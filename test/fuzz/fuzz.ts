/** Feeds damaged files to a process of its own and keeps an eye on it. */
import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import type { Order, Outcome } from './child';
import type { TargetName } from './targets';

const CHILD = resolve('out/test/fuzz/child.cjs');
/** The child counts processor time itself; this is for what never ends. */
const HANGS_MS = 60_000;

export interface Broken extends Order {
  how: string;
}

export interface Tally {
  runs: number;
  accepted: number;
  broken: Broken[];
}

/** Runs `runs` files of one kind, from `seed` on. */
export async function fuzz(target: TargetName, runs: number, seed: number): Promise<Tally> {
  const tally: Tally = { runs, accepted: 0, broken: [] };
  let child = start();
  for (let each = 0; each < runs; each++) {
    const order = { target, seed: seed + each };
    const outcome = await ask(child, order);
    if (outcome.accepted) tally.accepted++;
    if (outcome.broken === null) continue;
    tally.broken.push({ ...order, how: outcome.broken });
    child.kill('SIGKILL');
    child = start();
  }
  child.kill('SIGKILL');
  return tally;
}

function start(): ChildProcess {
  return fork(CHILD, [], { execArgv: ['--expose-gc', '--max-old-space-size=1024'] });
}

function ask(child: ChildProcess, order: Order): Promise<Outcome> {
  return new Promise((done) => {
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      done(outcome);
    };
    const timer = setTimeout(() => finish({ broken: 'hangs', accepted: false }), HANGS_MS);
    child.once('message', (outcome) => finish(outcome as Outcome));
    child.once('exit', (code, signal) =>
      finish({ broken: `the process ended with ${signal ?? code}`, accepted: false }),
    );
    child.send(order);
  });
}
