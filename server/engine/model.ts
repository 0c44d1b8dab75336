/** A model that is ready to run: its session, and windows analysed with it. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { Readers } from './readers';
import { WindowStore } from './store';
import { AnalysedWindow } from './window';
import type { AnalyseParams } from './protocol';
import type { Kernel, LayerShape, StoredLayer } from './kernel/kernel';
import type { LayerTap, ModelManifest } from '../models/manifest';
import type { NamedOutput, Session } from './session';

type Outputs = ReadonlyMap<string, NamedOutput>;

export class EngineModel {
  readonly manifest: ModelManifest;
  readonly session: Session;
  readonly kernel: Kernel;
  readonly readers: Readers;
  readonly store = new WindowStore();

  constructor(manifest: ModelManifest, session: Session, kernel: Kernel) {
    this.manifest = manifest;
    this.session = session;
    this.kernel = kernel;
    this.readers = new Readers(kernel, manifest.heads);
  }

  /** `checkpoint` lets messages in and throws when the analysis is to stop. */
  async analyse(
    { window, ids, specialTokens }: AnalyseParams,
    checkpoint: () => Promise<void>,
  ): Promise<{ tokens: number }> {
    const { contextLength, taps } = this.manifest;
    if (ids.length > contextLength) {
      throw new ChannelError(
        'tooLong',
        l10n.t(
          'The text has {0} tokens, but the model reads at most {1} at once.',
          ids.length,
          contextLength,
        ),
      );
    }
    if (ids.length === 0)
      throw new ChannelError('badRequest', l10n.t('There is no token to analyse.'));
    const names = taps.flatMap(({ query, key, value }) => [query, key, value]);
    const outputs = await this.run(ids, names);
    await checkpoint();
    this.store.put(window, this.keep(outputs, ids.length, specialTokens));
    return { tokens: ids.length };
  }

  /** One pass over `ids` at positions 0 … n−1. */
  run(ids: Int32Array, outputs: readonly string[]): Promise<Outputs> {
    const positions = Int32Array.from(ids, (_, position) => position);
    return this.session.run({ ids, positions, positionScale: 1 }, outputs);
  }

  /** Takes Q, K and V of every layer over from the graph's outputs, or fails naming what is wrong with them. */
  keep(outputs: Outputs, tokens: number, specialTokens: readonly number[]): AnalysedWindow {
    const layers: StoredLayer[] = [];
    try {
      for (const [layer, tap] of this.manifest.taps.entries()) {
        layers.push(this.#storeLayer(outputs, tap, layer, tokens));
      }
    } catch (error) {
      for (const layer of layers) layer.release();
      throw error instanceof RangeError ? noMemory(tokens) : error;
    }
    const values = this.manifest.taps.map(({ value }) => outputs.get(value)!.data);
    const special = [...specialTokens].sort((a, b) => a - b);
    return new AnalysedWindow(this.kernel, { tokens, specialTokens: special, layers, values });
  }

  async release(): Promise<void> {
    this.store.clear();
    await this.session.release();
  }

  #storeLayer(outputs: Outputs, tap: LayerTap, layer: number, tokens: number): StoredLayer {
    const { heads, keyValueHeads, headSize, score } = this.manifest;
    const query = this.#activation(outputs, tap.query, layer, [1, heads, tokens, headSize]);
    const key = this.#activation(outputs, tap.key, layer, [1, keyValueHeads, tokens, headSize]);
    this.#activation(outputs, tap.value, layer, [1, keyValueHeads, tokens, headSize]);
    const causal = score.bias.kind === 'causal';
    const shape: LayerShape = {
      heads,
      keyValueHeads,
      tokens,
      headSize,
      scale: score.scale,
      causal,
    };
    return this.kernel.store(shape, query, key);
  }

  #activation(outputs: Outputs, name: string, layer: number, dims: number[]): Float32Array {
    const output = outputs.get(name);
    if (!output || output.dims.join() !== dims.join()) {
      throw new ChannelError(
        'modelRefused',
        l10n.t(
          'Layer {0} of the model is not as its manifest says: "{1}" has the shape [{2}] instead of [{3}].',
          layer,
          name,
          output?.dims.join(', ') ?? '',
          dims.join(', '),
        ),
      );
    }
    const head = nonFiniteHead(output.data, dims[1]!);
    if (head >= 0) {
      throw new ChannelError(
        'modelRefused',
        l10n.t(
          'The model computes a value that is not a number in layer {0}, head {1}; its weights are damaged or do not suit this runtime.',
          layer,
          head,
        ),
      );
    }
    return output.data;
  }
}

/** The kernel's memory has an end, and says so with a RangeError. */
function noMemory(tokens: number): ChannelError {
  return new ChannelError(
    'tooLong',
    l10n.t('There is not enough memory for a text of {0} tokens.', tokens),
  );
}

/** The first head that holds NaN or an infinity, or −1; `values` is [head, …]. */
function nonFiniteHead(values: Float32Array, heads: number): number {
  const size = values.length / heads;
  for (let head = 0; head < heads; head++) {
    // 0 times anything finite is 0; times NaN or an infinity it is NaN.
    let zero = 0;
    for (let at = head * size; at < (head + 1) * size; at++) zero += values[at]! * 0;
    if (zero !== 0) return head;
  }
  return -1;
}
