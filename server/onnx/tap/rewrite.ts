/** Writes the graph anew with queries, keys, values and weights as its outputs, and nothing else. */
import { GraphBuilder } from '../graph';
import { ElementType, Graph, Model, OperatorSet, Tensor } from '../schema';
import { fieldsOf } from '../readWire';
import { MessageWriter } from '../wire';
import type { FoundLayer } from './attention';
import type { GraphView } from './graphView';
import type { GraphInput } from './inputs';
import { feedInputs, type TapInputs } from './feedInputs';
import { readsOf, writeNode, type GraphNode } from './node';
import type { TapPoint } from './operand';
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
): { graph: Uint8Array; inputs: TapInputs } {
  const { model } = view;
  const opset = model.opsets.get('') ?? 1;
  const before = new GraphBuilder('inputs', opset, 'inputs/');
  const fed = feedInputs(before, inputs);
  const after = new GraphBuilder('taps', opset, 'taps/');
  for (const { layer, names } of layers) addTaps(after, view, layer, names);
  const added = layers.flatMap(({ layer }) => layer.added);
  const nodes = neededNodes(view, layers, added);
  const graph = new MessageWriter();
  graph.raw(before.message().finish());
  for (const node of nodes) graph.message(Graph.node, writeNode(node));
  for (const tensor of usedTensors(view, nodes)) graph.message(Graph.initializer, tensor);
  graph.raw(after.message().finish());
  return { graph: wrap(view, graph), inputs: fed };
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
  addTap(graph, view, query, names.query, 'r', 'x');
  addTap(graph, view, key, names.key, 'c', 'x');
  addTap(graph, view, value, names.value, 'x', 'c');
  const weights = asFloat(graph, view, layer.weights);
  const dims = view.dims(layer.weights);
  const plain = dims?.length === 4 && dims[0] === 1;
  if (plain) graph.node('Identity', [weights], {}, names.weights);
  else {
    const rows = layer.query.tokens === layer.key.tokens ? -1 : 0;
    graph.node('Reshape', [weights, weightShape(graph, weights, query.heads, rows)], {}, names.weights);
  }
  graph.output(names.weights, 'float32', [1, query.heads, 'query', 'token']);
}

/** int64 [4]: one text, so many heads, and the last two axes as they are. */
function weightShape(graph: GraphBuilder, weights: string, heads: number, _rows: number): string {
  const shape = graph.node('Shape', [weights]);
  const ends = graph.node('Gather', [shape, graph.integers([-2, -1])], { axis: 0 });
  return graph.node('Concat', [graph.integers([1, heads]), ends], { axis: 0 });
}

function addTap(
  graph: GraphBuilder,
  view: GraphView,
  { name, labels, heads, headSize }: TapPoint,
  output: string,
  token: string,
  size: string,
): void {
  const order = [
    ...[...labels.keys()].filter((axis) => labels[axis] !== token && labels[axis] !== size),
    labels.indexOf(token),
    labels.indexOf(size),
  ];
  let value = asFloat(graph, view, name);
  if (order.some((axis, at) => axis !== at)) {
    value = graph.node('Transpose', [value], { perm: order });
  }
  const shape = graph.integers([1, heads, -1, headSize]);
  if (labels.length === 4) graph.node('Identity', [value], {}, output);
  else graph.node('Reshape', [value, shape], {}, output);
  graph.output(output, 'float32', [1, heads, 'token', headSize]);
}

function asFloat(graph: GraphBuilder, view: GraphView, name: string): string {
  const type = view.value(name)?.type;
  if (type === ElementType.float32) return name;
  return graph.node('Cast', [name], { to: ElementType.float32 });
}

/** What the taps need, in order; what comes behind the last layer's attention is left out. */
function neededNodes(
  view: GraphView,
  layers: readonly { layer: FoundLayer }[],
  added: readonly GraphNode[],
): GraphNode[] {
  const made = new Set(added.flatMap(({ outputs }) => outputs));
  const wanted = layers.flatMap(({ layer: { query, key, value, weights } }) => [
    query.name,
    key.name,
    value.name,
    weights,
  ]);
  const outside = [...wanted, ...added.flatMap(readsOf)].filter((name) => !made.has(name));
  return [...view.cone(outside), ...added];
}

/** The stored tensors that nodes read, as messages. */
function usedTensors(view: GraphView, nodes: readonly GraphNode[]): MessageWriter[] {
  const { initializers } = view.model;
  const names = new Set(nodes.flatMap(readsOf));
  return [...names].flatMap((name) => {
    const tensor = initializers.get(name);
    return tensor ? [renamed(tensor)] : [];
  });
}

/** A branch's tensor may go by another name in the flat graph. */
function renamed({ name, bytes }: StoredTensor): MessageWriter {
  const message = new MessageWriter();
  for (const field of fieldsOf(bytes)) if (field.number !== Tensor.name) message.raw(field.whole);
  return message.string(Tensor.name, name);
}
