/** Engine workers that behave and misbehave as a test says. */
import { Channel } from '../../../channel/channel';
import { portPair } from '../channel/pair';
import type { EngineWorker } from '../../../server/engine/engineWorker';
import type { EngineCallerSide, EngineSide } from '../../../server/engine/protocol';

type Methods = EngineSide['methods'];
type Handlers = {
  [M in keyof Methods]: (
    params: Methods[M]['params'],
    worker: FakeWorker,
  ) => Methods[M]['result'] | Promise<Methods[M]['result']>;
};

/** Never answers. */
export const hang = (): Promise<never> => new Promise(() => undefined);

/** Dies in the middle of the call. */
export const crash = (_: unknown, worker: FakeWorker): Promise<never> => {
  worker.die('out of memory');
  return hang();
};

export class FakeWorker implements EngineWorker {
  readonly port;
  /** Methods that were called, with the window they were about. */
  readonly calls: string[] = [];
  readonly channel: Channel<EngineSide, EngineCallerSide>;
  terminated = false;
  #onExit: (why: string) => void = () => undefined;

  constructor(overrides: Partial<Handlers>) {
    const [near, far] = portPair();
    this.port = near;
    this.channel = new Channel<EngineSide, EngineCallerSide>(far);
    const handlers: Handlers = { ...wellBehaved, ...overrides };
    for (const method of Object.keys(handlers) as (keyof Methods)[]) this.#handle(method, handlers);
  }

  terminate(): void {
    this.terminated = true;
    this.channel.close();
  }

  onExit(listener: (why: string) => void): void {
    this.#onExit = listener;
  }

  die(why: string): void {
    this.channel.close();
    this.#onExit(why);
  }

  #handle<M extends keyof Methods>(method: M, handlers: Handlers): void {
    this.channel.handle(method, (params) => {
      const window = (params as { window?: string }).window;
      this.calls.push(window === undefined ? method : `${method} ${window}`);
      return handlers[method](params, this);
    });
  }
}

const wellBehaved: Handlers = {
  load: () => ({ backend: 'wasm', threads: 1, detail: 'fake', probeError: 0 }),
  analyse: ({ ids }) => ({ tokens: ids.length }),
  row: () => ({ weights: Float32Array.of(0.5, 0.5), sink: { tokens: [], share: 0 } }),
  column: () => ({ weights: Float32Array.of(0.25, 0.5), sink: null }),
  region: ({ rows, columns }) => ({ values: new Float32Array(rows * columns) }),
  overview: ({ size }) => ({
    thumbnails: new Uint8Array(4 * size * size),
    scales: new Float32Array(4),
  }),
  statistics: () => ({ statistics: {}, counted: {}, even: {} }),
  explain: () => ({
    query: Float32Array.of(1),
    key: Float32Array.of(2),
    additive: null,
    products: Float64Array.of(2),
    dot: 2,
    scale: 1,
    cap: null,
    sink: null,
    bias: 0,
    masked: false,
    scores: Float64Array.of(2, 2),
    logSumExp: 2 + Math.log(2),
    weight: 0.5,
    valueNorm: 1,
    outputNorm: null,
    contributionNorm: null,
    heads: Float32Array.of(0.5),
  }),
  give: ({ tokens }) => ({ tokens }),
  compare: () => ({ totalVariation: new Float32Array(4), unaligned: new Float32Array(8) }),
  stages: ({ slices }) => ({
    slices: slices.map(() => ({ shape: [2], values: new Float32Array(2) })),
  }),
  positionTable: () => ({ positions: 2, width: 1, table: new Float32Array(2) }),
  headVectors: () => ({ query: new Float32Array(4), key: new Float32Array(4) }),
  relativeBias: () => ({ buckets: Int32Array.of(0), values: new Float32Array(2) }),
  firstLayer: () => {
    const values = new Float32Array(2);
    const projection = { weight: values, bias: values };
    const parts = { content: values, position: values, constant: values, norm: null };
    return { ...parts, query: projection, key: projection };
  },
  forget: () => undefined,
};

/** Starts one worker after the other; the last behaviour serves all that follow. */
export function workerLine(...behaviours: Partial<Handlers>[]) {
  const started: FakeWorker[] = [];
  const startWorker = (): FakeWorker => {
    const worker = new FakeWorker(behaviours[started.length] ?? behaviours.at(-1) ?? {});
    started.push(worker);
    return worker;
  };
  return { started, startWorker };
}
