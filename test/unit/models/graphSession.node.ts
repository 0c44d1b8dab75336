/** Runs a graph of ours with onnxruntime-web in plain Node. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web';

env.wasm.numThreads = 1;

/** By output name: float32, flat. */
export type Outputs = Record<string, Float32Array>;

export class GraphSession {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async open(graph: Uint8Array, location: string, data: Uint8Array): Promise<GraphSession> {
    const session = await InferenceSession.create(graph, {
      executionProviders: ['wasm'],
      externalData: [{ path: location, data }],
      logSeverityLevel: 3,
    });
    return new GraphSession(session);
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** The named outputs for one sequence. */
  async run(
    ids: readonly number[],
    names: readonly string[],
    {
      positionScale = 1,
      positions = ids.map((_, index) => index),
      floats = {},
      others = {},
    }: {
      positionScale?: number;
      positions?: readonly number[];
      /** More inputs, each with its shape. */
      floats?: { [input: string]: { values: readonly number[]; shape: readonly number[] } };
      others?: Record<string, Tensor>;
    } = {},
  ): Promise<Outputs> {
    const shape = [1, ids.length];
    const feeds = {
      ...others,
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      position_ids: new Tensor('int64', BigInt64Array.from(positions, BigInt), shape),
      position_scale: new Tensor('float32', [positionScale], []),
      ...Object.fromEntries(
        Object.entries(floats).map(([input, { values, shape }]) => [
          input,
          new Tensor('float32', values, shape),
        ]),
      ),
    };
    const results = await this.#session.run(feeds, names);
    return Object.fromEntries(names.map((name) => [name, results[name]?.data as Float32Array]));
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
