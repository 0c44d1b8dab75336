/** Writes the graph anew with queries, keys, values and weights as its outputs, and nothing else. */
import { GraphBuilder } from '../graph';
import {
  ElementType,
  Graph,
  Model,
  OperatorSet,
  Tensor,
  TensorType,
  Type,
  ValueInfo,
} from '../schema';
import { fieldsOf } from '../readWire';
import { MessageWriter } from '../wire';
import type { FoundLayer } from './attention';
import type { GraphView } from './graphView';
import type { GraphInput } from './inputs';
import { feedInputs, type TapInputs } from './feedInputs';
import { readsOf, writeNode, type GraphNode } from './node';
import { MERGED, type TapPoint } from './operand';
import type { StoredTensor } from './tensor';

/** Names of one layer's outputs. */
export interface TapNames {
  query: string;
  key: string;
  value: string;
  weights: string;
}

/** Older files list initializers among their inputs, which these do not. */
const LEAST_IR_VERSION = 4;

export function tapNames(kind: FoundLayer['kind'], layer: number): TapNames {
  const name = `attention.${kind}.${layer}`;
  return {
    query: `${name}.query`,
    key: `${name}.key`,
    value: `${name}.value`,
    weights: `${name}.weights`,
  };
}

/** The bytes of an `.onnx` file and the inputs that are left. */
export function rewrite(
  view: GraphView,
  layers: readonly { layer: FoundLayer; names: TapNames }[],
  inputs: readonly GraphInput[],
): { graph: Uint8Array; inputs: TapInputs; tensors: readonly StoredTensor[] } {
  const { model } = view;
  const opset = model.opsets.get('') ?? 1;
  const after = new GraphBuilder('taps', opset, 'taps/');
  for (const { layer, names } of layers) addTaps(after, view, layer, names);
  const nodes = neededNodes(view, layers);
  const tensors = usedTensors(view, nodes);
  const before = new GraphBuilder('inputs', opset, 'inputs/');
  const read = new Set(nodes.flatMap(readsOf));
  const fed = feedInputs(
    before,
    inputs.filter(({ name, role }) => role === 'tokens' || read.has(name)),
  );
  const graph = new MessageWriter();
  graph.raw(before.message().finish());
  for (const node of nodes) graph.message(Graph.node, writeNode(node));
  for (const tensor of tensors) graph.message(Graph.initializer, renamed(tensor));
  for (const name of layers.flatMap(({ layer }) => layer.typed))
    graph.message(Graph.valueInfo, floatValue(name));
  graph.raw(after.message().finish());
  return { graph: wrap(view, graph), inputs: fed, tensors };
}

function wrap({ model }: GraphView, graph: MessageWriter): Uint8Array {
  const file = new MessageWriter()
    .integer(Model.irVersion, Math.max(LEAST_IR_VERSION, model.irVersion))
    .string(Model.producerName, 'attention-lens')
    .message(Model.graph, graph);
  for (const [domain, version] of model.opsets) {
    const set = new MessageWriter().string(OperatorSet.domain, domain);
    file.message(Model.opsetImport, set.integer(OperatorSet.version, version));
  }
  return file.finish();
}

function addTaps(graph: GraphBuilder, view: GraphView, layer: FoundLayer, names: TapNames): void {
  const { query, key, value } = layer;
  addTap(graph, query, names.query, 'r', 'x');
  addTap(graph, key, names.key, 'c', 'x');
  addTap(graph, value, names.value, 'x', 'c');
  const weights = asFloat(graph, layer.weights, layer.weightsType);
  const dims = view.dims(layer.weights) ?? [1, query.heads, 0, 0];
  const plain = dims.length === 4 && dims[0] === 1 && dims[1] === query.heads;
  if (plain) graph.node('Identity', [weights], {}, names.weights);
  else
    graph.node('Reshape', [weights, weightShape(graph, weights, query.heads)], {}, names.weights);
  graph.output(names.weights, 'float32', [1, query.heads, 'query', 'token']);
}

/** int64 [4]: one text, so many heads, and the last two axes as they are. */
function weightShape(graph: GraphBuilder, weights: string, heads: number): string {
  const shape = graph.node('Shape', [weights]);
  const ends = graph.node('Gather', [shape, graph.integers([-2, -1])], { axis: 0 });
  return graph.node('Concat', [graph.integers([1, heads]), ends], { axis: 0 });
}

function addTap(
  graph: GraphBuilder,
  { name, labels, heads, headSize, type }: TapPoint,
  output: string,
  token: string,
  size: string,
): void {
  const value = asFloat(graph, name, type);
  graph.output(output, 'float32', [1, heads, 'token', headSize]);
  if (labels.includes(MERGED)) {
    const split = graph.node('Reshape', [value, graph.integers([1, -1, heads, headSize])]);
    graph.node('Transpose', [split], { perm: [0, 2, 1, 3] }, output);
    return;
  }
  const order = [
    ...[...labels.keys()].filter((axis) => labels[axis] !== token && labels[axis] !== size),
    labels.indexOf(token),
    labels.indexOf(size),
  ];
  const straight = order.every((axis, at) => axis === at);
  const turned = straight ? value : graph.node('Transpose', [value], { perm: order });
  if (labels.length === 4) graph.node('Identity', [turned], {}, output);
  else {
    graph.node('Reshape', [turned, graph.integers([1, heads, -1, headSize])], {}, output);
  }
}

function asFloat(graph: GraphBuilder, name: string, type: number | undefined): string {
  if (type === ElementType.float32) return name;
  return graph.node('Cast', [name], { to: ElementType.float32 });
}

/** What the taps need, in order; what comes behind the last layer's attention is left out. */
function neededNodes(view: GraphView, layers: readonly { layer: FoundLayer }[]): GraphNode[] {
  const added = layers.flatMap(({ layer }) => layer.added);
  const replaced = new Map(
    layers.flatMap(({ layer: { node, replacement } }) =>
      replacement ? [[node, replacement] as const] : [],
    ),
  );
  const ours = [...added, ...replaced.values()];
  const wanted = layers.flatMap(({ layer: { query, key, value, weights } }) => [
    query.name,
    key.name,
    value.name,
    weights,
  ]);
  const needed = new Set(view.cone([...wanted, ...ours.flatMap(readsOf)]));
  const nodes = view.model.nodes.filter((node) => needed.has(node) || replaced.has(node));
  return [...nodes.map((node) => replaced.get(node) ?? node), ...added];
}

function floatValue(name: string): MessageWriter {
  const tensor = new MessageWriter().integer(TensorType.elementType, ElementType.float32);
  return new MessageWriter()
    .string(ValueInfo.name, name)
    .message(ValueInfo.type, new MessageWriter().message(Type.tensor, tensor));
}

/** The stored tensors that nodes read. */
function usedTensors(view: GraphView, nodes: readonly GraphNode[]): StoredTensor[] {
  const { initializers } = view.model;
  const names = new Set(nodes.flatMap(readsOf));
  return [...names].flatMap((name) => {
    const tensor = initializers.get(name);
    return tensor ? [tensor] : [];
  });
}

/** A branch's tensor may go by another name in the flat graph. */
function renamed({ name, bytes }: StoredTensor): MessageWriter {
  const message = new MessageWriter();
  for (const field of fieldsOf(bytes)) if (field.number !== Tensor.name) message.raw(field.whole);
  return message.string(Tensor.name, name);
}
