/** One way to run a model's graph; every backend has this shape. */

export interface NamedOutput {
  dims: readonly number[];
  data: Float32Array;
}

export interface Inputs {
  /** [token] */
  ids: Int32Array;
  /** [token] */
  positions: Int32Array;
  /** Multiplies the position embedding; 1 is the model as trained. */
  positionScale: number;
}

export interface Session {
  /** Which backend computes, with how many threads, in which version. */
  readonly backend: 'wasm';
  readonly threads: number;
  readonly version: string;
  /** Names of everything that {@link run} can return. */
  readonly outputs: readonly string[];
  /** Runs the graph and returns the named float32 outputs, none else. Never called twice at once. */
  run(inputs: Inputs, outputs: readonly string[]): Promise<ReadonlyMap<string, NamedOutput>>;
  release(): Promise<void>;
}

export interface SessionSource {
  graph: Uint8Array;
  /** External data by the location that the graph names. */
  weights: { [location: string]: Uint8Array };
  inputNames: { ids: string; positions: string; positionScale: string };
  threads: number;
  /** Bytes of the runtime's WASM where it cannot be found beside the engine. */
  runtime?: Uint8Array;
}

/**
 * Fails with a `ChannelError`: `backendUnavailable` where the runtime does not
 * start, `modelRefused` where it starts but does not take the graph.
 */
export type OpenSession = (source: SessionSource) => Promise<Session>;
