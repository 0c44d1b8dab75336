/** Sessions of ONNX Runtime, whichever of its builds is handed in. */
import type * as Ort from 'onnxruntime-common';
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { Inputs, NamedOutput, Session, SessionSource } from './session';

/** What is used of a build of ONNX Runtime. */
export type Runtime = Pick<typeof Ort, 'InferenceSession' | 'Tensor' | 'env'>;

/** Severity 3: errors only. Warnings about folded casts say nothing to a person. */
const LOG_SEVERITY = 3;

export async function openOnnxSession(runtime: Runtime, source: SessionSource): Promise<Session> {
  runtime.env.wasm.numThreads = source.threads;
  if (source.runtime) runtime.env.wasm.wasmBinary = source.runtime;
  let session: Ort.InferenceSession;
  try {
    session = await runtime.InferenceSession.create(source.graph, {
      executionProviders: ['wasm'],
      externalData: Object.entries(source.weights).map(([path, data]) => ({ path, data })),
      logSeverityLevel: LOG_SEVERITY,
    });
  } catch (error) {
    throw whyNotOpened(error);
  }
  return new OnnxSession(runtime, session, source);
}

class OnnxSession implements Session {
  readonly backend = 'wasm';
  readonly threads: number;
  readonly version: string;
  readonly outputs: readonly string[];
  readonly #runtime: Runtime;
  readonly #session: Ort.InferenceSession;
  readonly #names: SessionSource['inputNames'];

  constructor(runtime: Runtime, session: Ort.InferenceSession, source: SessionSource) {
    this.#runtime = runtime;
    this.#session = session;
    this.#names = source.inputNames;
    this.threads = source.threads;
    this.outputs = session.outputNames;
    this.version = runtime.env.versions.web ?? runtime.env.versions.common;
  }

  async run(inputs: Inputs, outputs: readonly string[]): Promise<ReadonlyMap<string, NamedOutput>> {
    const results = await this.#run(inputs, outputs);
    const named = new Map<string, NamedOutput>();
    for (const name of outputs) {
      const tensor = results[name];
      if (!tensor || !(tensor.data instanceof Float32Array)) {
        throw new ChannelError(
          'modelRefused',
          l10n.t('The model’s output "{0}" is missing or not float32.', name),
        );
      }
      named.set(name, { dims: tensor.dims, data: tensor.data });
    }
    return named;
  }

  async #run(inputs: Inputs, outputs: readonly string[]): Promise<Ort.InferenceSession.ReturnType> {
    try {
      return await this.#session.run(this.#feeds(inputs), [...outputs]);
    } catch (error) {
      throw whyNotRun(error, inputs.ids.length);
    }
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #feeds({ ids, positions, positionScale }: Inputs): Record<string, Ort.Tensor> {
    const { Tensor } = this.#runtime;
    const integers = (values: Int32Array): Ort.Tensor =>
      new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    return {
      [this.#names.ids]: integers(ids),
      [this.#names.positions]: integers(positions),
      [this.#names.positionScale]: new Tensor('float32', Float32Array.of(positionScale), []),
    };
  }
}

/** What the runtime says when memory has run out, while it starts, loads or runs. */
const NO_MEMORY = /bad_alloc|out of memory|could not allocate|cannot enlarge memory/i;

/** ONNX Runtime tells its own failure to start apart from a graph that it refuses by its message alone. */
function whyNotOpened(error: unknown): ChannelError {
  const detail = error instanceof Error ? error.message : String(error);
  if (NO_MEMORY.test(detail)) {
    return new ChannelError(
      'backendUnavailable',
      l10n.t('There is not enough memory to load the model. Close other programs and try again.'),
      { detail },
    );
  }
  if (/no available backend|initWasm/i.test(detail)) {
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

function whyNotRun(error: unknown, tokens: number): ChannelError {
  const detail = error instanceof Error ? error.message : String(error);
  if (NO_MEMORY.test(detail)) {
    return new ChannelError(
      'tooLong',
      l10n.t('There is not enough memory for a text of {0} tokens.', tokens),
      { detail },
    );
  }
  return new ChannelError(
    'modelRefused',
    l10n.t('The inference runtime could not run the model: {0}', detail),
    { detail },
  );
}
