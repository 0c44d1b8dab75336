/** A supervised engine over workers that do as a test says. */
import { ChannelError } from '../../../channel/channel';
import { Engine } from '../../../server/engine/engine';
import { FakeClock } from './fakeClock';
import { fakeLoadParams } from './fakeModel';
import { workerLine } from './fakeWorkers';
import type { EngineState } from '../../../server/engine/supervisor';

export const MODEL = fakeLoadParams({});
export const IDS = Int32Array.of(1, 2);
export const row = (window: string) =>
  ({ window, layer: 0, head: 0, reading: 'raw', token: 0 }) as const;
export const analysis = (window: string) => ({ window, ids: IDS, specialTokens: [] });
export const given = (window: string) => ({
  window,
  tokens: 2,
  specialTokens: [],
  heads: 1,
  keyValueHeads: 1,
  headSize: 1,
  score: { kind: 'dot', scale: 1, bias: { causal: false } } as const,
  layers: [],
});
export const settle = () => new Promise((resolve) => setImmediate(resolve));
export const reasonIs = (reason: string) => (error: unknown) => ChannelError.is(error, reason);

export function supervise(...behaviours: Parameters<typeof workerLine>) {
  const clock = new FakeClock();
  const log: string[] = [];
  const { started, startWorker } = workerLine(...behaviours);
  const engine = new Engine({ startWorker, clock, log: (line) => log.push(line) });
  const states: EngineState[] = [];
  engine.onDidChangeState((state) => states.push(state));
  return { engine, clock, log, started, states };
}

export const names = (states: EngineState[]) => states.map(({ state }) => state);
