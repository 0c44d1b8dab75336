/** One way to run a graph; every backend has this shape. */
import type { Tensor } from './tensor';

/** What goes into a graph, by the names of its inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;

export interface Session {
  /** Which backend computes, with how many threads, in which version. */
  readonly backend: 'wasm';
  readonly threads: number;
  readonly version: string;
  /** Names of everything that {@link run} can return. */
  readonly outputs: readonly string[];
  /** Runs the graph and returns the named outputs, none else. Never called twice at once. */
  run(feeds: Feeds, outputs: readonly string[]): Promise<ReadonlyMap<string, Tensor>>;
  release(): Promise<void>;
}

export interface SessionSource {
  graph: Uint8Array;
  /** External data by the location that the graph names. */
  weights: { [location: string]: Uint8Array };
  threads: number;
  /** Bytes of the runtime's WASM where it cannot be found beside the engine. */
  runtime?: Uint8Array;
}

/**
 * Fails with a `ChannelError`: `backendUnavailable` where the runtime does not
 * start, `modelRefused` where it starts but does not take the graph.
 */
export type OpenSession = (source: SessionSource) => Promise<Session>;
