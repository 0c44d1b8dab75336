/** A model that is ready to run: its graph, and windows analysed with it. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { activation } from './activations';
import { sidesOf, stacksOf, stepsOf, windowName } from './stacks';
import { givenShape } from './given';
import { layerShape, inOrder, type Placement } from './layerShape';
import { Readers } from './readers';
import { RolloutReaders } from './rolloutReaders';
import { cut } from './slices';
import { ValueNorms } from './valueNorms';
import { WindowStore } from './store';
import type { GrowingWindow } from './growing';
import type { AnalysedWindow, WindowInputs } from './window';
import type { AnalyseParams, GiveParams, Slice, SliceParams } from './protocol';
import type { Kernel, LayerShape } from './kernel/kernel';
import {
  scoreOf,
  shownLayers,
  stackOf,
  type ModelManifest,
  type ScoreRule,
} from '../models/manifest';
import type { Stack } from '../protocol';
import { commonRope } from '../positional/layerSchemes';
import { modelFeeds } from './feeds';
import { WindowBuilder, type LayerTensors } from './windowBuilder';
import type { ModelGraph } from './modelGraph';
import type { NamedOutput } from './tensor';
import type { WeightTensors } from './weightTensors';

type Outputs = ReadonlyMap<string, NamedOutput>;

export class EngineModel {
  readonly manifest: ModelManifest;
  readonly graph: ModelGraph;
  readonly kernel: Kernel;
  readonly weights: WeightTensors;
  readonly norms: ValueNorms;
  readonly readers: Readers;
  readonly rollout: RolloutReaders;
  readonly store = new WindowStore();

  constructor(manifest: ModelManifest, graph: ModelGraph, kernel: Kernel, weights: WeightTensors) {
    this.manifest = manifest;
    this.graph = graph;
    this.kernel = kernel;
    this.weights = weights;
    this.norms = new ValueNorms(manifest, weights);
    this.readers = new Readers(kernel, (...head) => this.norms.logNorms(...head));
    this.rollout = new RolloutReaders(kernel);
  }

  /**
   * Queries, keys and values layer by layer, each of which can be read through `growing` as
   * soon as it is there. `onLayer` is told how many layers are done; it lets messages in and
   * throws when the analysis is to stop.
   */
  async analyse(
    params: AnalyseParams,
    growing: GrowingWindow,
    onLayer: (done: number) => Promise<void>,
  ): Promise<AnalysedWindow> {
    const inputs = this.#inputsOf(params);
    const steps = stepsOf(this.manifest, params);
    const pass = this.graph.begin(
      modelFeeds(this.manifest, inputs),
      steps.flatMap(({ names }) => names),
    );
    const builders = this.#builders(inputs, stacksOf(params), params);
    const [first] = builders.values();
    await orRelease(windowsOf(builders), async () => {
      for (const [at, { stack, layer, names }] of steps.entries()) {
        const { window } = this.#add(builders, stack, layer, await pass.take(names), inputs);
        window.boundSinks(layer);
        if (window === first!.window) growing.grown(window, layer + 1);
        await onLayer(at + 1);
      }
    });
    const cross = builders.get('cross');
    if (cross) this.store.put(windowName(params.window, 'cross'), cross.window);
    return first!.window;
  }

  /** How many layers there are to be told of while these are analysed. */
  layersOf(params: AnalyseParams): number {
    return stepsOf(this.manifest, params).length;
  }

  /** Takes in a window that needs no pass. */
  async give(params: GiveParams): Promise<{ tokens: number }> {
    const shape = givenShape(params);
    const shapes = params.layers.map(() => shape);
    const builder = new WindowBuilder(this.kernel, shapes, params);
    await orRelease([builder.window], () => params.layers.forEach((layer) => builder.add(layer)));
    this.store.put(params.window, builder.window);
    return { tokens: params.tokens };
  }

  /** Runs a window again for the tensors that are asked for; `checkpoint` throws when that is to stop. */
  async stages(
    window: AnalysedWindow,
    slices: readonly SliceParams[],
    checkpoint: () => Promise<void>,
  ): Promise<Slice[]> {
    if (!window.inputs) {
      throw new ChannelError('badRequest', l10n.t('No model has computed this window.'));
    }
    const names = [...new Set(slices.map(({ output }) => output))];
    const unknown = names.find((name) => !this.graph.outputs.includes(name));
    if (unknown !== undefined) {
      throw new ChannelError('badRequest', l10n.t('The model has no output "{0}".', unknown));
    }
    const outputs = await this.run(window.inputs, names);
    await checkpoint();
    return slices.map((slice) => cut(outputs.get(slice.output)!, slice));
  }

  /** One pass for the named outputs. */
  run(inputs: WindowInputs, outputs: readonly string[]): Promise<Outputs> {
    return this.graph.begin(modelFeeds(this.manifest, inputs), outputs).take(outputs);
  }

  /** Takes Q, K and V of one layer over from the graph's outputs, or fails naming what is wrong with them. */
  async keep(
    stack: Stack,
    layer: number,
    outputs: Outputs,
    inputs: WindowInputs,
  ): Promise<AnalysedWindow> {
    const shapes = this.#shapes(stack, inputs, [layer]);
    const builder = new WindowBuilder(this.kernel, shapes, { stack, specialTokens: [], inputs });
    const tensors = (): void => builder.add(this.#tensors(stack, outputs, layer, inputs));
    await orRelease([builder.window], tensors);
    return builder.window;
  }

  async release(): Promise<void> {
    this.store.clear();
    await this.graph.release();
  }

  /** Of each kind the builder of its window. */
  #builders(
    inputs: WindowInputs,
    stacks: readonly Stack[],
    { specialTokens, target }: Pick<AnalyseParams, 'specialTokens' | 'target'>,
  ): Builders {
    return new Map(
      stacks.map((stack) => {
        // Keys of the attention across are the encoder's.
        const special = stack === 'decoder' ? (target?.specialTokens ?? []) : specialTokens;
        const start = { stack, specialTokens: special, inputs };
        const shapes = this.#shapes(stack, inputs, shownLayers(stackOf(this.manifest, stack)!));
        return [stack, new WindowBuilder(this.kernel, shapes, start)];
      }),
    );
  }

  /** Takes a layer in, and returns what it went into. */
  #add(
    builders: Builders,
    stack: Stack,
    layer: number,
    outputs: Outputs,
    inputs: WindowInputs,
  ): WindowBuilder {
    const builder = builders.get(stack)!;
    builder.add(this.#tensors(stack, outputs, layer, inputs));
    return builder;
  }

  /** Null for layers other than these. */
  #shapes(stack: Stack, inputs: WindowInputs, layers: readonly number[]): (LayerShape | null)[] {
    const manifest = stackOf(this.manifest, stack)!;
    const { heads, keyValueHeads, headSize, taps } = manifest;
    const { tokens, keys } = sidesOf(stack, inputs);
    const sizes = {
      heads,
      keyValueHeads,
      headSize,
      tokens,
      ...(stack === 'cross' ? { keys } : {}),
    };
    const placement = stack === 'encoder' ? inputs.placement : inOrder(tokens);
    const shapeOf = (rule: ScoreRule): LayerShape =>
      layerShape(sizes, rule, placement, (name) => this.weights.tensor(name).values);
    // Layers of one rule share its numbers.
    const shapes = new Map<ScoreRule, LayerShape>();
    return taps.map((_, layer) => {
      if (!layers.includes(layer)) return null;
      const rule = scoreOf(manifest, layer);
      const shape = shapes.get(rule) ?? shapeOf(rule);
      shapes.set(rule, shape);
      return shape;
    });
  }

  /** A layer's tensors, checked. */
  #tensors(stack: Stack, outputs: Outputs, layer: number, inputs: WindowInputs): LayerTensors {
    const { heads, keyValueHeads, headSize, taps } = stackOf(this.manifest, stack)!;
    const { tokens, keys } = sidesOf(stack, inputs);
    const { query, key, value } = taps[layer]!;
    const take = (name: string, count: number, length: number) =>
      activation(outputs, name, layer, [1, count, length, headSize]);
    return {
      query: take(query, heads, tokens),
      key: take(key, keyValueHeads, keys),
      value: take(value, keyValueHeads, keys),
    };
  }

  /** What goes into the graph; fails with `tooLong` or `badRequest`. */
  #inputsOf({ ids, positions, positionScale, rope, slopes, target }: AnalyseParams): WindowInputs {
    const { contextLength } = this.manifest;
    checkLength(ids, contextLength);
    if (target) this.#checkTarget(target.ids);
    const order = inOrder(ids.length);
    const placement: Placement = {
      positions: positions ?? order.positions,
      positionScale: positionScale ?? order.positionScale,
      ...(rope ? { rope } : {}),
      ...(slopes ? { slopes } : {}),
    };
    checkPlacement(placement, ids.length, contextLength);
    checkRules(placement, this.manifest);
    return { ids, placement, ...(target ? { target: target.ids } : {}) };
  }

  #checkTarget(ids: Int32Array): void {
    const { decoder } = this.manifest;
    if (!decoder)
      throw new ChannelError('badRequest', l10n.t('This model reads one text, not two.'));
    checkLength(ids, decoder.contextLength);
  }
}

type Builders = ReadonlyMap<Stack, WindowBuilder>;

function windowsOf(builders: Builders): AnalysedWindow[] {
  return [...builders.values()].map(({ window }) => window);
}

function checkLength({ length }: Int32Array, contextLength: number): void {
  if (length > contextLength) {
    throw new ChannelError(
      'tooLong',
      l10n.t(
        'The text has {0} tokens, but the model reads at most {1} at once.',
        length,
        contextLength,
      ),
    );
  }
  if (length === 0) throw new ChannelError('badRequest', l10n.t('There is no token to analyse.'));
}

/** Nothing is kept of a window that cannot be filled. */
async function orRelease(
  windows: readonly AnalysedWindow[],
  fill: () => void | Promise<void>,
): Promise<void> {
  try {
    await fill();
  } catch (error) {
    for (const window of windows) window.release();
    throw error;
  }
}

/** Frequencies and slopes must be those of a model that has such inputs. */
function checkRules({ rope, slopes }: Placement, { inputs, position, heads }: ModelManifest): void {
  const pairs = (commonRope(position)?.dimensions ?? 0) / 2;
  const turns =
    !rope ||
    (inputs.frequencies !== undefined &&
      rope.frequencies.length === pairs &&
      [...rope.frequencies, rope.attentionFactor].every(Number.isFinite));
  const falls =
    !slopes ||
    (inputs.slopes !== undefined && slopes.length === heads && slopes.every(Number.isFinite));
  if (turns && falls) return;
  throw new ChannelError(
    'badRequest',
    l10n.t('The frequencies or slopes are not those of a model like this one.'),
  );
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
