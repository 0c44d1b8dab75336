/**
 * A model's graph, ready to run: in slices, one a layer, so that an analysis can stop
 * between them, or whole where it cannot be cut.
 */
import { ChannelError } from '../../channel/channel';
import { OnnxError } from '../onnx/onnxError';
import { PACKED, packWeights } from '../onnx/packWeights';
import { sliceGraph, type GraphSlice } from '../onnx/sliceGraph';
import { Pass, type GraphPart } from './pass';
import type { LayerTap } from '../models/manifest';
import type { ByteSource } from '../onnx/tap/byteSource';
import type { Feeds, OpenSession, Session, SessionSource } from './session';

/** A graph whose weights lie in files. */
export interface GraphSource extends Omit<SessionSource, 'weights'> {
  /** External data by the location that the graph names. */
  weights: { [location: string]: ByteSource };
}

/** Opens sessions and says how far a load has come: it throws where the load is to stop. */
export interface Opener {
  openSession: OpenSession;
  checkpoint: () => Promise<void>;
}

export class ModelGraph {
  /** Names of everything that can be asked for. */
  readonly outputs: readonly string[];
  readonly #parts: readonly GraphPart[];
  readonly #sessions: Set<Session>;
  readonly #first: Session;

  private constructor(parts: readonly GraphPart[], sessions: Set<Session>, first: Session) {
    this.#parts = parts;
    this.#sessions = sessions;
    this.#first = first;
    this.outputs = parts.flatMap(({ outputs }) => outputs);
  }

  /** Fails as {@link OpenSession} does, once the whole graph fails, too. */
  static async open(
    source: GraphSource,
    taps: readonly LayerTap[],
    opener: Opener,
  ): Promise<ModelGraph> {
    const slices = sliceGraph(source.graph, stagesOf(taps));
    if (!slices) return ModelGraph.#openWhole(source, opener);
    try {
      return await ModelGraph.#openSlices(source, slices, taps, opener);
    } catch (error) {
      // What does not run in slices may still run as it is.
      if (!ChannelError.is(error, 'modelRefused')) throw error;
      return ModelGraph.#openWhole(source, opener);
    }
  }

  static async #openWhole(source: GraphSource, { openSession }: Opener): Promise<ModelGraph> {
    const session = await openSession(packed(source));
    const part = {
      inputs: null,
      outputs: session.outputs,
      session: () => Promise.resolve(session),
    };
    return new ModelGraph([part], new Set([session]), session);
  }

  static async #openSlices(
    source: GraphSource,
    slices: readonly GraphSlice[],
    taps: readonly LayerTap[],
    { openSession, checkpoint }: Opener,
  ): Promise<ModelGraph> {
    const sessions = new Set<Session>();
    const parts = slices.map(({ graph, inputs, outputs }): GraphPart => {
      let opening: Promise<Session> | undefined;
      const open = async (): Promise<Session> => {
        const session = await openSession(packed({ ...source, graph }));
        sessions.add(session);
        return session;
      };
      return { inputs, outputs, session: () => (opening ??= open()) };
    });
    const tapped = new Set(
      taps.flatMap(({ query, key, value, weights }) => [query, key, value, weights]),
    );
    try {
      const needed = parts.filter(({ outputs }) => outputs.some((name) => tapped.has(name)));
      // What comes behind the last layer's attention is opened when somebody asks for it.
      for (const part of needed) {
        await part.session();
        await checkpoint();
      }
      return new ModelGraph(parts, sessions, await needed[0]!.session());
    } catch (error) {
      await release(sessions);
      throw error;
    }
  }

  get backend(): Session['backend'] {
    return this.#first.backend;
  }

  get threads(): number {
    return this.#first.threads;
  }

  get version(): string {
    return this.#first.version;
  }

  /** In how many runs a pass goes at most. */
  get slices(): number {
    return this.#parts.length;
  }

  /** A run that will be asked for the named outputs. Never two at once. */
  begin(feeds: Feeds, wanted: readonly string[]): Pass {
    return new Pass(this.#parts, feeds, wanted);
  }

  release(): Promise<void> {
    return release(this.#sessions);
  }
}

/** With the weights that the graph reads in memory: a session takes them over, so nobody else keeps them. */
function packed(source: GraphSource): SessionSource {
  try {
    const { graph, weights } = packWeights(source.graph, source.weights);
    // The native engine refuses a file of no bytes.
    return { ...source, graph, weights: weights.length > 0 ? { [PACKED]: weights } : {} };
  } catch (error) {
    if (error instanceof OnnxError) throw new ChannelError('modelRefused', error.message);
    throw error;
  }
}

/** Queries, keys and values layer by layer; then weights, which the probe alone reads. */
function stagesOf(taps: readonly LayerTap[]): string[][] {
  return [
    ...taps.map(({ query, key, value }) => [query, key, value]),
    taps.map(({ weights }) => weights),
  ];
}

async function release(sessions: ReadonlySet<Session>): Promise<void> {
  for (const session of sessions) await session.release();
}
