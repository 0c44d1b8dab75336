/** From any ONNX graph to one whose outputs are queries, keys, values and weights of every layer of attention. */
import * as l10n from '@vscode/l10n';
import type { ScoreRule } from '../../models/manifest';
import { NothingToShow } from '../onnxError';
import type { AttentionKind, FoundLayer, NotShown } from './attention';
import { memorySource, type ByteSource } from './byteSource';
import { evaluate } from './evaluate/evaluator';
import type { Known, Value } from './evaluate/value';
import type { TapInputs } from './feedInputs';
import { factsOf, type GraphFacts } from './facts';
import { plainLayer } from './findLayers';
import { fusedLayer } from './fused/fusedLayer';
import { GraphView } from './graphView';
import { fixedTokens, inputRoles, inputValue, type GraphInput } from './inputs';
import { readModel } from './model';
import { otherParts } from './otherParts';
import { readPositionTable, type PositionTable } from './positionTable';
import { prepare } from './prepare';
import { recognise, type Evaluate } from './recognise';
import { rewrite, tapNames, type TapNames } from './rewrite';
import { shrink } from './shrink';
import type { ReadExternal, StoredTensor } from './tensor';

export interface TappedLayer extends TapNames {
  kind: AttentionKind;
  /** Counted within its kind, in the order in which the graph computes them. */
  index: number;
  heads: number;
  keyValueHeads: number;
  headSize: number;
  /** Of a value vector. */
  valueSize: number;
  score: ScoreRule;
}

export interface TappedGraph {
  /** The bytes of an `.onnx` file; large weights are ranges of the original and of its external files. */
  graph: Uint8Array;
  inputs: TapInputs;
  /** As the file has them, with what each is fed with. */
  originalInputs: readonly GraphInput[];
  /** Exactly so many tokens must be read at once; null where any number will do. */
  tokens: number | null;
  layers: readonly TappedLayer[];
  notShown: readonly NotShown[];
  /** Files that hold weights, relative to the graph. */
  locations: readonly string[];
  facts: GraphFacts;
  /** What `facts.positionTable` holds; null where there is none, or its numbers are not to be had. */
  positionTable: PositionTable | null;
}

export interface TapOptions {
  /** The name under which the tapped graph will find the original file. */
  location: string;
  readExternal?: ReadExternal;
  /** Only layers of these kinds; all of them where it is left out. */
  kinds?: readonly AttentionKind[];
  /** What `shrink` leaves of the file, where it is known. */
  structure?: Uint8Array;
}

/** Tokens of the texts that are looked at; no size of a model is likely to be the same. */
const TOKENS = 11;
const DECODER_TOKENS = 13;

/** `tapSource` of a file that is in memory. */
export function tapGraph(file: Uint8Array, options: TapOptions): TappedGraph {
  return tapSource(memorySource(file), options);
}

/** Files beside the graph that hold weights, by the structure that `shrink` leaves. Throws OnnxError. */
export function externalLocations(structure: Uint8Array): string[] {
  return locationsOf([...readModel(structure).initializers.values()]);
}

/**
 * Throws OnnxError where the file is no whole ONNX model, asks for inputs that nobody can
 * give, or holds no attention that could be shown; what else is not shown is named.
 */
export function tapSource(
  file: ByteSource,
  { location, readExternal, kinds, structure = shrink(file, location) }: TapOptions,
): TappedGraph {
  const whole = readModel(structure);
  const inputs = inputRoles(whole.inputs);
  const tokens = fixedTokens(whole.inputs, inputs.find(({ role }) => role === 'tokens')!.name);
  const read = withOwnFile(file, location, readExternal);
  const model = prepare(whole, inputValues(inputs, tokens ?? TOKENS), read);
  const view = new GraphView(
    model,
    evaluate(model, { inputs: inputValues(inputs, tokens ?? TOKENS), readExternal: read }),
  );
  const { found, notShown: unfound } = findAll(view);
  const notShown = [...unfound, ...otherParts(view)];
  const layers = explainAll(view, found, { inputs, tokens, read, notShown, kinds });
  if (layers.length === 0) throw nothingToShow(notShown);
  const written = rewrite(view, layers, inputs);
  const facts = factsOf(view, tokens ?? TOKENS);
  return {
    graph: written.graph,
    inputs: written.inputs,
    originalInputs: inputs,
    tokens,
    layers: layers.map(({ tapped }) => tapped),
    notShown,
    locations: locationsOf(written.tensors),
    facts,
    positionTable: facts.positionTable && readPositionTable(facts.positionTable, read),
  };
}

interface Explained {
  layer: FoundLayer;
  names: TapNames;
  tapped: TappedLayer;
}

function findAll(view: GraphView): { found: FoundLayer[]; notShown: NotShown[] } {
  const found: FoundLayer[] = [];
  const notShown: NotShown[] = [];
  for (const node of view.model.nodes) {
    const layer = fusedLayer(view, node) ?? plainLayer(view, node);
    if (!layer) continue;
    if ('reason' in layer) notShown.push(layer);
    else found.push(layer);
  }
  return { found, notShown };
}

interface Explaining {
  inputs: readonly GraphInput[];
  tokens: number | null;
  read: ReadExternal;
  /** What cannot be explained is added. */
  notShown: NotShown[];
  kinds: readonly AttentionKind[] | undefined;
}

function explainAll(
  view: GraphView,
  found: readonly FoundLayer[],
  explaining: Explaining,
): Explained[] {
  const counts = new Map<AttentionKind, number>();
  const rules = new Map<string, ReturnType<typeof recognise>>();
  return found.flatMap((layer) => {
    const index = counts.get(layer.kind) ?? 0;
    counts.set(layer.kind, index + 1);
    if (explaining.kinds?.includes(layer.kind) === false) return [];
    const key = JSON.stringify([
      layer.kind,
      layer.steps,
      layer.factor,
      typeof layer.scores === 'string' ? view.dims(layer.scores) : layer.scores,
    ]);
    const rule = rules.get(key) ?? ruleOf(view, layer, explaining);
    rules.set(key, rule);
    const names = tapNames(layer.kind, index);
    if ('reason' in rule) {
      explaining.notShown.push({
        where: layerName(layer.kind, index),
        reason: rule.reason,
        layer: { kind: layer.kind, index },
      });
      return [];
    }
    const { query, key: keys, value } = layer;
    const tapped: TappedLayer = {
      ...names,
      kind: layer.kind,
      index,
      heads: query.heads,
      keyValueHeads: keys.heads,
      headSize: query.headSize,
      valueSize: value.headSize,
      score: rule,
    };
    return [{ layer, names, tapped }];
  });
}

function ruleOf(
  view: GraphView,
  { kind, steps, scores, factor }: FoundLayer,
  { inputs, tokens, read }: Explaining,
): ReturnType<typeof recognise> {
  const evaluateAt: Evaluate = (names, count, instead) => {
    if (count === (tokens ?? TOKENS) && !instead) return view.values;
    return evaluate(view.model, {
      inputs: inputValues(inputs, count),
      nodes: view.cone(names),
      wanted: names,
      readExternal: read,
      instead: new Map(
        [...(instead ?? [])].map(([name, value]) => [name, constant(view, name, value)]),
      ),
    });
  };
  return recognise({
    kind,
    steps,
    scores,
    factor,
    tokens: tokens ?? TOKENS,
    evaluate: evaluateAt,
    constants: (names) => wholeNumbers(view, names),
  });
}

function constant(view: GraphView, name: string, value: number): Known {
  const { type, dims } = view.value(name) ?? {};
  return { type, dims: dims ?? [], data: Float64Array.of(value) };
}

/** Stored whole numbers among what the values need, by name. */
function wholeNumbers(view: GraphView, names: readonly string[]): ReadonlyMap<string, number> {
  const stored = new Map<string, number>();
  const consider = (name: string): void => {
    const value = view.scalar(name);
    const isStored = view.model.initializers.has(name) || view.maker(name)?.operator === 'Constant';
    if (isStored && value !== undefined && Number.isInteger(value)) stored.set(name, value);
  };
  for (const node of view.cone(names)) for (const name of node.inputs) consider(name);
  return stored;
}

function inputValues(inputs: readonly GraphInput[], tokens: number): ReadonlyMap<string, Value> {
  return new Map(
    inputs.map((input) => [
      input.name,
      inputValue(input, tokens, DECODER_TOKENS + tokens - TOKENS),
    ]),
  );
}

/** Ranges of the original file itself are read from where it is. */
function withOwnFile(
  file: ByteSource,
  location: string,
  readExternal: ReadExternal | undefined,
): ReadExternal {
  return (name, offset, length) => {
    if (name !== location) return readExternal?.(name, offset, length);
    return offset + length <= file.length ? file.read(offset, length) : undefined;
  };
}

function locationsOf(tensors: readonly StoredTensor[]): string[] {
  const names = tensors.flatMap(({ external }) => (external ? [external.location] : []));
  return [...new Set(names)];
}

/** What a person calls a layer. */
export function layerName(kind: AttentionKind, index: number): string {
  switch (kind) {
    case 'self':
      return l10n.t('layer {0}', index);
    case 'decoderSelf':
      return l10n.t('layer {0} of the decoder', index);
    case 'cross':
      return l10n.t('layer {0} between decoder and encoder', index);
  }
}

function nothingToShow(notShown: readonly NotShown[]): NothingToShow {
  const [first] = notShown;
  return new NothingToShow(
    first
      ? l10n.t('The model’s attention cannot be shown: {0}: {1}.', first.where, first.reason)
      : l10n.t('No attention was found in the model’s graph.'),
  );
}
