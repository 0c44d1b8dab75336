/** An ONNX model taken apart for tapping. */
import * as l10n from '@vscode/l10n';
import { OnnxError } from '../onnxError';
import { fieldsOf, textOf } from '../readWire';
import {
  Dimension,
  Graph,
  Model,
  OperatorSet,
  Shape,
  TensorType,
  Type,
  ValueInfo,
} from '../schema';
import { readFunction, type LocalFunction } from './localFunction';
import { nameIn, readNode, type GraphNode } from './node';
import { readTensor, type StoredTensor } from './tensor';

/** The largest published exports have some ten thousand. */
const MOST_NODES = 200_000;

/** An input of the graph as it declares it. */
export interface DeclaredInput {
  name: string;
  /** As in `TensorProto.DataType`; undefined where it is no tensor. */
  type: number | undefined;
  /** Numbers, or the names of dimensions that differ from run to run; undefined where nothing is said. */
  dims: readonly (number | string)[] | undefined;
}

export interface TapModel {
  irVersion: number;
  /** Version by domain. */
  opsets: ReadonlyMap<string, number>;
  /** In an order in which they can run. */
  nodes: readonly GraphNode[];
  initializers: ReadonlyMap<string, StoredTensor>;
  inputs: readonly DeclaredInput[];
  outputs: readonly string[];
  functions: ReadonlyMap<string, LocalFunction>;
}

/** Throws OnnxError where the bytes are no model, or one with parts that are not known here. */
export function readModel(file: Uint8Array): TapModel {
  const opsets = new Map<string, number>();
  const functions = new Map<string, LocalFunction>();
  let irVersion = 0;
  let graph: Uint8Array | undefined;
  for (const field of fieldsOf(file)) {
    if (field.number === Model.graph) graph = field.bytes;
    else if (field.number === Model.irVersion) irVersion = Number(field.integer);
    else if (field.number === Model.opsetImport) addOpset(field.bytes, opsets);
    else if (field.number === Model.functions) {
      const read = readFunction(field.bytes);
      functions.set(`${read.domain}:${read.name}`, read);
    }
  }
  if (!graph) throw new OnnxError(l10n.t('The model’s file holds no graph.'));
  return { irVersion, opsets, functions, ...readGraph(graph) };
}

/** The parts of a graph, or of a branch. */
export function readGraph(
  graph: Uint8Array,
): Pick<TapModel, 'nodes' | 'initializers' | 'inputs' | 'outputs'> {
  const nodes: GraphNode[] = [];
  const initializers = new Map<string, StoredTensor>();
  const inputs: DeclaredInput[] = [];
  const outputs: string[] = [];
  for (const field of fieldsOf(graph)) {
    const { number, bytes } = field;
    if (number === Graph.node) nodes.push(readNode(bytes));
    else if (number === Graph.initializer) {
      const tensor = readTensor(bytes);
      initializers.set(tensor.name, tensor);
    } else if (number === Graph.input) inputs.push(readInput(bytes));
    else if (number === Graph.output) outputs.push(nameIn(bytes, ValueInfo.name));
    else if (number === Graph.sparseInitializer) {
      throw new OnnxError(
        l10n.t('The model’s graph holds sparse weights, which are not supported.'),
      );
    }
    if (nodes.length > MOST_NODES) throw tooMany();
  }
  // Before IR version 4 initializers count as inputs, too.
  return {
    nodes,
    initializers,
    inputs: inputs.filter(({ name }) => !initializers.has(name)),
    outputs,
  };
}

/** The refusal of a graph that no exporter would write. */
export function tooMany(): OnnxError {
  return new OnnxError(l10n.t('The model’s graph has more than {0} nodes.', MOST_NODES));
}

export { MOST_NODES };

/**
 * The same nodes, each after those whose values it reads. Throws OnnxError where they run
 * in a circle, or two make the same value.
 */
export function inOrder(nodes: readonly GraphNode[]): GraphNode[] {
  const makers = new Map<string, number>();
  nodes.forEach(({ outputs }, index) => {
    for (const name of outputs) {
      if (name !== '' && makers.has(name)) throw contradiction();
      makers.set(name, index);
    }
  });
  const needs = nodes.map(({ inputs, captured }) => [
    ...new Set(
      [...inputs, ...captured].flatMap((name) =>
        name !== '' && makers.has(name) ? [makers.get(name)!] : [],
      ),
    ),
  ]);
  if (needs.every((list, index) => list.every((need) => need < index))) return [...nodes];
  return sorted(nodes, needs);
}

function sorted(nodes: readonly GraphNode[], needs: readonly number[][]): GraphNode[] {
  const waiting = needs.map((list) => list.length);
  const readers: number[][] = nodes.map(() => []);
  needs.forEach((list, index) => list.forEach((need) => readers[need]!.push(index)));
  const ready = waiting.flatMap((count, index) => (count === 0 ? [index] : []));
  const order: GraphNode[] = [];
  for (let at = 0; at < ready.length; at++) {
    order.push(nodes[ready[at]!]!);
    for (const reader of readers[ready[at]!]!) {
      if (--waiting[reader]! === 0) ready.push(reader);
    }
  }
  if (order.length < nodes.length) throw contradiction();
  return order;
}

function contradiction(): OnnxError {
  return new OnnxError(l10n.t('The model’s graph contradicts itself: its nodes run in a circle.'));
}

function addOpset(message: Uint8Array, opsets: Map<string, number>): void {
  let [domain, version] = ['', 0];
  for (const field of fieldsOf(message)) {
    if (field.number === OperatorSet.domain) domain = textOf(field);
    else if (field.number === OperatorSet.version) version = Number(field.integer);
  }
  opsets.set(domain === 'ai.onnx' ? '' : domain, version);
}

function readInput(bytes: Uint8Array): DeclaredInput {
  const input: DeclaredInput = {
    name: nameIn(bytes, ValueInfo.name),
    type: undefined,
    dims: undefined,
  };
  for (const type of fieldsOf(bytes)) {
    if (type.number !== ValueInfo.type) continue;
    for (const tensor of fieldsOf(type.bytes)) {
      if (tensor.number !== Type.tensor) continue;
      for (const field of fieldsOf(tensor.bytes)) {
        if (field.number === TensorType.elementType) input.type = Number(field.integer);
        else if (field.number === TensorType.shape) input.dims = readShape(field.bytes);
      }
    }
  }
  return input;
}

function readShape(bytes: Uint8Array): (number | string)[] {
  const dims: (number | string)[] = [];
  for (const dimension of fieldsOf(bytes)) {
    if (dimension.number !== Shape.dimension) continue;
    let axis: number | string = '';
    for (const field of fieldsOf(dimension.bytes)) {
      if (field.number === Dimension.value) axis = Number(field.integer);
      else if (field.number === Dimension.parameter) axis = textOf(field);
    }
    dims.push(axis);
  }
  return dims;
}
