/** One way to run a graph; every backend has this shape. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { BackendName } from './backends/backend';
import type { Tensor } from './tensor';

/** What goes into a graph, by the names of its inputs. */
export type Feeds = Readonly<Record<string, Tensor>>;

export interface Session {
  /** Which backend computes, with how many threads, in which version. */
  readonly backend: BackendName;
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
  /** What shall compute; `wasm` unless said otherwise. */
  backend?: BackendName;
  /** 0 leaves it to the backend. */
  threads: number;
  /** A few passes are all it is for. */
  brief?: boolean;
  /** Bytes of the runtime's WASM where it cannot be found beside the engine. */
  runtime?: Uint8Array;
  /** Script of a runtime that is not part of the engine's bundle. */
  runtimeScript?: Uint8Array;
}

/**
 * Fails with a `ChannelError`: `backendUnavailable` where the runtime does not
 * start, `modelRefused` where it starts but does not take the graph.
 */
export type OpenSession = (source: SessionSource) => Promise<Session>;

/** Opens sessions on the backends that there are; the others are `backendUnavailable`. */
export function opener(backends: { [name in BackendName]?: OpenSession }): OpenSession {
  return async (source) => {
    const { backend = 'wasm' } = source;
    const open = backends[backend];
    if (open) return open(source);
    throw new ChannelError(
      'backendUnavailable',
      l10n.t('The engine "{0}" does not exist here.', backend),
    );
  };
}
