/** The product's files where the server cannot read any: the client reads them. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { Connection } from 'vscode-languageserver';
import { BUNDLED_MODEL_FOLDER, type ProductModelsHost } from '../analysis/productModels';
import { RequestFailed } from '../analysis/errors';
import { decodeBytes } from '../analysis/numbers';
import type { EngineWorker } from '../engine/engineWorker';
import { remoteFiles } from '../models/files';

const ENGINE = 'dist/engine.web.js';
const RUNTIME = 'dist/ort-wasm-simd-threaded.wasm';
const GPU_SCRIPT = 'dist/gpu.web.js';
const GPU_RUNTIME = 'dist/ort-wasm-simd-threaded.jspi.wasm';

const answerSchema = v.object({ bytes: v.union([v.string(), v.instance(Uint8Array)]) });
const optionsSchema = v.object({ assets: v.pipe(v.string(), v.nonEmpty()) });

export class RemoteAssets {
  readonly #connection: Connection;
  readonly #folder: string | undefined;
  readonly #startWorker: (source: string) => EngineWorker;

  /** `startWorker` starts a worker from the text of the engine's bundle. */
  constructor(
    connection: Connection,
    options: unknown,
    startWorker: (source: string) => EngineWorker,
  ) {
    this.#connection = connection;
    this.#startWorker = startWorker;
    const parsed = v.safeParse(optionsSchema, options);
    if (parsed.success) this.#folder = parsed.output.assets.replace(/\/?$/, '/');
  }

  parts(): Pick<ProductModelsHost, 'files' | 'openers' | 'engineParts'> {
    return {
      files: remoteFiles(`${this.#folder ?? ''}${BUNDLED_MODEL_FOLDER}`, (uri) => this.#read(uri)),
      openers: {},
      engineParts: async () => {
        // Both at once: nothing starts without either.
        const [source, wasm] = await Promise.all([this.#asset(ENGINE), this.#asset(RUNTIME)]);
        const text = new TextDecoder().decode(source);
        return {
          backends: ['wasm', 'webgpu'],
          startWorker: () => this.#startWorker(text),
          runtime: (backend) =>
            backend === 'webgpu' ? this.#gpuRuntime() : Promise.resolve({ bytes: wasm }),
        };
      },
    };
  }

  async #gpuRuntime(): Promise<{ bytes: Uint8Array; script: Uint8Array }> {
    const [bytes, script] = await Promise.all([this.#asset(GPU_RUNTIME), this.#asset(GPU_SCRIPT)]);
    return { bytes, script };
  }

  async #asset(path: string): Promise<Uint8Array> {
    if (this.#folder === undefined) {
      throw new RequestFailed(
        'cannotReadFiles',
        l10n.t(
          'The server cannot find its files: initializationOptions.assets must name their folder.',
        ),
      );
    }
    try {
      return await this.#read(this.#folder + path);
    } catch {
      throw new RequestFailed(
        'backendUnavailable',
        l10n.t('The file "{0}" of Attention Lens cannot be read. Reinstall the extension.', path),
      );
    }
  }

  async #read(uri: string): Promise<Uint8Array> {
    const answer: unknown = await this.#connection.sendRequest('attentionLens/readFile', { uri });
    const { bytes } = v.parse(answerSchema, answer);
    return typeof bytes === 'string' ? decodeBytes(bytes) : bytes;
  }
}
