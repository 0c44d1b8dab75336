/** The manifest of a model whose graph was tapped. */
import * as l10n from '@vscode/l10n';
import type { NotShown } from '../../onnx/tap/attention';
import { tapNames } from '../../onnx/tap/rewrite';
import type { TappedGraph, TappedLayer } from '../../onnx/tap/tapGraph';
import type { LeftOutLayer, PositionScheme } from '../../protocol';
import type { LayerTap, ModelFile, ModelManifest, ScoreRule } from '../manifest';
import { ModelError } from '../modelError';
import { LONGEST_IN_ONE_PIECE, windowLength } from '../windowLength';
import { layerPlaces, type LayerPlaces } from './layerPlaces';
import { readTappedConfig } from './tappedConfig';
import { tappedPosition } from './tappedPosition';

/** The name of the table of positions among the weights, where the graph has one. */
export const POSITION_TABLE = 'positions';

export interface TappedDescription {
  id: string;
  name: string;
  /** The parsed `config.json`, or undefined where there is none. */
  config: unknown;
  graph: ModelFile;
  weights: ModelFile[];
  tokenizer: ModelFile;
}

/** Where neither a configuration nor a table of positions says how long a text may be. */
const USUAL_LENGTH = 512;

/** The manifest under which the engine runs the graph, and which layers it leaves out. Throws ModelError where none is left. */
export function describeTapped(
  tapped: TappedGraph,
  { config: parsed, ...described }: TappedDescription,
): { manifest: ModelManifest; notShown: NotShown[] } {
  const config = readTappedConfig(parsed);
  const layers = alike(tapped.layers);
  const { leftOut: failed, others } = leftOutOf(tapped, layers);
  const places = layerPlaces(parsed, layers.length + failed.length);
  const leftOut = [
    ...failed.map(({ layer, reason }) => ({ layer: places.placeOf[layer]!, reason })),
    ...places.others,
  ].sort((one, other) => one.layer - other.layer);
  const [first] = layers;
  if (!first) {
    throw new ModelError('modelNotSupported', l10n.t('No attention was found in the model’s graph.'));
  }
  const { heads, keyValueHeads, headSize, score } = first;
  const { facts, inputs, positionTable } = tapped;
  const position = atPlaces(tappedPosition(layers, tapped, parsed), layers, places);
  const shape = {
    layers: places.count,
    heads,
    keyValueHeads,
    headSize,
    contextLength: contextLength(config, facts.positions, layers),
  };
  const manifest: ModelManifest = {
    ...described,
    ...shape,
    architecture: config.type ?? 'onnx',
    width: config.width ?? heads * headSize,
    windowLength: windowLength(shape, LONGEST_IN_ONE_PIECE),
    ...(facts.vocabulary === null ? {} : { vocabulary: facts.vocabulary }),
    causal: layers.every(({ score: { bias } }) => bias.causal),
    position,
    ...(position.kind === 'learned' && positionTable ? { positionTable: POSITION_TABLE } : {}),
    storage: facts.storage,
    inputs: {
      ids: inputs.ids,
      ...(inputs.positions === undefined ? {} : { positions: inputs.positions }),
    },
    taps: Array.from({ length: shape.layers }, (_, index): LayerTap => {
      const layer = layers.find((each) => places.placeOf[each.index] === index);
      return layer ? tapOf(layer, score) : tapNames('self', index);
    }),
    ...(leftOut.length > 0 ? { leftOut } : {}),
    score,
  };
  return { manifest, notShown: [...others, ...secondText(tapped)] };
}

/** A scheme told for `layers`, as all layers of the model have it; those that are left out count as the first. */
function atPlaces(
  scheme: PositionScheme,
  layers: readonly TappedLayer[],
  { count, placeOf }: LayerPlaces,
): PositionScheme {
  if (scheme.kind !== 'perLayer') return scheme;
  const all = new Array<number>(count).fill(0);
  layers.forEach(({ index }, at) => (all[placeOf[index]!] = scheme.layers[at]!));
  return { ...scheme, layers: all };
}

/** What was found and is not among `shown`: layers by their numbers, ascending, and the rest. */
function leftOutOf(
  { layers, notShown }: TappedGraph,
  shown: readonly TappedLayer[],
): { leftOut: LeftOutLayer[]; others: NotShown[] } {
  const unlike = layers
    .filter((layer) => !shown.includes(layer))
    .map(({ index }) => ({
      layer: index,
      reason: l10n.t('its heads have another number or size than those of the other layers'),
    }));
  const unexplained = notShown.flatMap(({ layer, reason }) =>
    layer?.kind === 'self' ? [{ layer: layer.index, reason }] : [],
  );
  return {
    leftOut: [...unlike, ...unexplained].sort((one, other) => one.layer - other.layer),
    others: notShown
      .filter(({ layer }) => layer?.kind !== 'self')
      .map(({ where, reason }) => ({ where, reason })),
  };
}

function tapOf({ query, key, value, weights, score }: TappedLayer, usual: ScoreRule): LayerTap {
  const own = JSON.stringify(score) === JSON.stringify(usual) ? {} : { score };
  return { query, key, value, weights, ...own };
}

/** The layers that most have the sizes of; the engine keeps one shape for all of a window. */
function alike(all: readonly TappedLayer[]): TappedLayer[] {
  const sizes = ({ heads, keyValueHeads, headSize }: TappedLayer): string =>
    [heads, keyValueHeads, headSize].join();
  const counts = new Map<string, number>();
  const usable = all.filter(({ headSize, valueSize }) => headSize === valueSize);
  for (const layer of usable) counts.set(sizes(layer), (counts.get(sizes(layer)) ?? 0) + 1);
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return usable.filter((layer) => sizes(layer) === most?.[0]);
}

function secondText({ originalInputs }: TappedGraph): NotShown[] {
  if (!originalInputs.some(({ role }) => role === 'decoderTokens')) return [];
  return [
    {
      where: l10n.t('decoder'),
      reason: l10n.t('it reads a second text; the attention of the encoder is shown'),
    },
  ];
}

/** As far as positions reach; where a window that the configuration names is not in the graph, no further than it. */
function contextLength(
  { contextLength: said, window }: ReturnType<typeof readTappedConfig>,
  rows: number | null,
  layers: readonly TappedLayer[],
): number {
  const longest = Math.min(said ?? Infinity, rows ?? Infinity);
  const known = Number.isFinite(longest) ? longest : USUAL_LENGTH;
  const windowed = layers.some(({ score }) => score.bias.window !== undefined);
  return windowed || window === undefined ? known : Math.min(known, window);
}
