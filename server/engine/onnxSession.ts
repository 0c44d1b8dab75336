/** Sessions of ONNX Runtime, whichever of its builds is handed in. */
import type * as Ort from 'onnxruntime-common';
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { BackendName } from './backends/backend';
import type { Feeds, Session, SessionSource } from './session';
import type { Tensor } from './tensor';

/** What is used of a build of ONNX Runtime. */
export type Runtime = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>;

/** What differs between backends. */
export interface RuntimeOptions extends Pick<Session, 'backend' | 'threads' | 'version'> {
  session: Ort.InferenceSession.SessionOptions;
}

/** Severity 3: errors only. Warnings about folded casts say nothing to a person. */
const LOG_SEVERITY = 3;

export async function openOnnxSession(
  runtime: Runtime,
  source: SessionSource,
  options: RuntimeOptions,
): Promise<Session> {
  let session: Ort.InferenceSession;
  try {
    session = await runtime.InferenceSession.create(source.graph, {
      ...options.session,
      externalData: Object.entries(source.weights).map(([path, data]) => ({ path, data })),
      logSeverityLevel: LOG_SEVERITY,
    });
  } catch (error) {
    throw whyNotOpened(error, options.backend);
  }
  return new OnnxSession(runtime, session, options);
}

class OnnxSession implements Session {
  readonly backend: BackendName;
  readonly threads: number;
  readonly version: string;
  readonly outputs: readonly string[];
  readonly #runtime: Runtime;
  readonly #session: Ort.InferenceSession;

  constructor(
    runtime: Runtime,
    session: Ort.InferenceSession,
    { backend, threads, version }: RuntimeOptions,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.backend = backend;
    this.threads = threads;
    this.version = version;
    this.outputs = session.outputNames;
  }

  async run(feeds: Feeds, outputs: readonly string[]): Promise<ReadonlyMap<string, Tensor>> {
    const { Tensor: OrtTensor } = this.#runtime;
    const tensors = Object.entries(feeds).map(
      ([name, { type, data, dims }]) => [name, new OrtTensor(type, data, dims)] as const,
    );
    const results = await this.#run(Object.fromEntries(tensors), outputs);
    return new Map(outputs.map((name) => [name, results[name] as unknown as Tensor]));
  }

  async #run(
    feeds: Ort.InferenceSession.FeedsType,
    outputs: readonly string[],
  ): Promise<Ort.InferenceSession.ReturnType> {
    try {
      return await this.#session.run(feeds, [...outputs]);
    } catch (error) {
      throw whyNotRun(error, this.backend);
    }
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** What the runtime says when memory has run out, while it starts, loads or runs. */
const NO_MEMORY = /bad_alloc|out of memory|could not allocate|cannot enlarge memory/i;

/** ONNX Runtime tells its own failure to start apart from a graph that it refuses by its message alone. */
function whyNotOpened(error: unknown, backend: BackendName): ChannelError {
  const detail = error instanceof Error ? error.message : String(error);
  if (NO_MEMORY.test(detail)) {
    return new ChannelError(
      'backendUnavailable',
      l10n.t('There is not enough memory to load the model. Close other programs and try again.'),
      { detail },
    );
  }
  if (backend === 'wasm' && /no available backend|initWasm/i.test(detail)) {
    return new ChannelError(
      'backendUnavailable',
      l10n.t(
        'The inference runtime does not start because its file ort-wasm-simd-threaded.wasm or .mjs is missing or damaged. Reinstall the extension.',
      ),
      { detail },
    );
  }
  return new ChannelError(
    'modelRefused',
    l10n.t('The inference runtime refused the model: {0}', detail),
    { detail },
  );
}

/** WASM is the last to be asked: what it cannot run is the model's fault, not the backend's. */
function whyNotRun(error: unknown, backend: BackendName): ChannelError {
  const detail = error instanceof Error ? error.message : String(error);
  if (backend !== 'webgpu' && NO_MEMORY.test(detail)) {
    return new ChannelError(
      'tooLong',
      l10n.t('There is not enough memory for a text of this length.'),
      { detail },
    );
  }
  if (backend !== 'wasm') {
    return new ChannelError(
      'backendFailed',
      l10n.t('The engine "{0}" failed while it ran the model: {1}', backend, detail),
      { detail },
    );
  }
  return new ChannelError(
    'modelRefused',
    l10n.t('The inference runtime could not run the model: {0}', detail),
    { detail },
  );
}
