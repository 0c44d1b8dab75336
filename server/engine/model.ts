/** A model that is ready to run: its session, and windows analysed with it. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { activation } from './activations';
import { givenShape } from './given';
import { layerShape, inOrder, type Placement } from './layerShape';
import { Readers } from './readers';
import { RolloutReaders } from './rolloutReaders';
import { cut } from './slices';
import { ValueNorms } from './valueNorms';
import { WindowStore } from './store';
import { AnalysedWindow, type WindowInputs } from './window';
import type { AnalyseParams, GiveParams, Slice, SliceParams } from './protocol';
import type { Kernel, LayerShape, StoredLayer } from './kernel/kernel';
import type { ModelManifest } from '../models/manifest';
import { modelFeeds } from './feeds';
import { floatOutputs, type NamedOutput } from './tensor';
import type { Session } from './session';
import type { WeightTensors } from './weightTensors';

type Outputs = ReadonlyMap<string, NamedOutput>;

/** One layer's tensors as they are kept; shapes as in the manifest's taps, without the batch. */
interface LayerTensors {
  query: Float32Array;
  key: Float32Array;
  value: Float32Array;
}

export class EngineModel {
  readonly manifest: ModelManifest;
  readonly session: Session;
  readonly kernel: Kernel;
  readonly weights: WeightTensors;
  readonly readers: Readers;
  readonly rollout: RolloutReaders;
  readonly store = new WindowStore();

  constructor(manifest: ModelManifest, session: Session, kernel: Kernel, weights: WeightTensors) {
    this.manifest = manifest;
    this.session = session;
    this.kernel = kernel;
    this.weights = weights;
    const norms = new ValueNorms(manifest, weights);
    this.readers = new Readers(kernel, (...head) => norms.logNorms(...head));
    this.rollout = new RolloutReaders(kernel);
  }

  /** `checkpoint` lets messages in and throws when the analysis is to stop. */
  async analyse(
    params: AnalyseParams,
    checkpoint: () => Promise<void>,
  ): Promise<{ tokens: number }> {
    const inputs = this.#inputsOf(params);
    const names = this.manifest.taps.flatMap(({ query, key, value }) => [query, key, value]);
    const outputs = await this.run(inputs, names);
    await checkpoint();
    this.store.put(params.window, this.keep(outputs, inputs, params.specialTokens));
    return { tokens: params.ids.length };
  }

  /** Takes in a window that needs no pass. */
  give(params: GiveParams): { tokens: number } {
    const shape = givenShape(params);
    const layers = params.layers.map((layer) => () => layer);
    this.store.put(params.window, this.#keep(shape, layers, params.specialTokens));
    return { tokens: params.tokens };
  }

  /** Runs a window again for the tensors that are asked for; `checkpoint` as for {@link analyse}. */
  async stages(
    window: AnalysedWindow,
    slices: readonly SliceParams[],
    checkpoint: () => Promise<void>,
  ): Promise<Slice[]> {
    if (!window.inputs) {
      throw new ChannelError('badRequest', l10n.t('No model has computed this window.'));
    }
    const names = [...new Set(slices.map(({ output }) => output))];
    const unknown = names.find((name) => !this.session.outputs.includes(name));
    if (unknown !== undefined) {
      throw new ChannelError('badRequest', l10n.t('The model has no output "{0}".', unknown));
    }
    const outputs = await this.run(window.inputs, names);
    await checkpoint();
    return slices.map((slice) => cut(outputs.get(slice.output)!, slice));
  }

  /** One pass. */
  async run(inputs: WindowInputs, outputs: readonly string[]): Promise<Outputs> {
    const feeds = modelFeeds(this.manifest.inputs, inputs);
    return floatOutputs(await this.session.run(feeds, outputs), outputs);
  }

  /** Takes Q, K and V of every layer over from the graph's outputs, or fails naming what is wrong with them. */
  keep(outputs: Outputs, inputs: WindowInputs, specialTokens: readonly number[]): AnalysedWindow {
    const { heads, keyValueHeads, headSize, score, taps } = this.manifest;
    const tokens = inputs.ids.length;
    const shape = layerShape({ heads, keyValueHeads, headSize, tokens }, score, inputs.placement);
    const layers = taps.map((tap, layer) => (): LayerTensors => {
      const take = (name: string, count: number) =>
        activation(outputs, name, layer, [1, count, tokens, headSize]);
      return {
        query: take(tap.query, heads),
        key: take(tap.key, keyValueHeads),
        value: take(tap.value, keyValueHeads),
      };
    });
    return this.#keep(shape, layers, specialTokens, inputs);
  }

  async release(): Promise<void> {
    this.store.clear();
    await this.session.release();
  }

  /** The tensors of each layer are taken one after the other; all of them are kept or none. */
  #keep(
    shape: LayerShape,
    layers: readonly (() => LayerTensors)[],
    specialTokens: readonly number[],
    inputs?: WindowInputs,
  ): AnalysedWindow {
    const stored: StoredLayer[] = [];
    const values: Float32Array[] = [];
    try {
      for (const take of layers) {
        const { query, key, value } = take();
        stored.push(this.kernel.store(shape, query, key));
        values.push(value);
      }
    } catch (error) {
      for (const layer of stored) layer.release();
      throw error instanceof RangeError ? noMemory(shape.tokens) : error;
    }
    const special = [...specialTokens].sort((a, b) => a - b);
    return new AnalysedWindow(this.kernel, {
      tokens: shape.tokens,
      specialTokens: special,
      layers: stored,
      values,
      inputs,
    });
  }

  /** What goes into the graph; fails with `tooLong` or `badRequest`. */
  #inputsOf({ ids, positions, positionScale }: AnalyseParams): WindowInputs {
    const { contextLength } = this.manifest;
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
    const order = inOrder(ids.length);
    const placement: Placement = {
      positions: positions ?? order.positions,
      positionScale: positionScale ?? order.positionScale,
    };
    checkPlacement(placement, ids.length, contextLength);
    return { ids, placement };
  }
}

function checkPlacement(
  { positions, positionScale }: Placement,
  tokens: number,
  contextLength: number,
): void {
  const inTable = positions.every((position) => position >= 0 && position < contextLength);
  if (positions.length === tokens && inTable && Number.isFinite(positionScale)) return;
  throw new ChannelError(
    'badRequest',
    l10n.t(
      'Each token needs a position from 0 to {0}, and their scale must be a number.',
      contextLength - 1,
    ),
  );
}

/** The kernel's memory has an end, and says so with a RangeError. */
function noMemory(tokens: number): ChannelError {
  return new ChannelError(
    'tooLong',
    l10n.t('There is not enough memory for a text of {0} tokens.', tokens),
  );
}
