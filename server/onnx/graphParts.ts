/** An ONNX model taken apart as far as it must be to put some of its nodes into another graph. */
import * as l10n from '@vscode/l10n';
import { OnnxError } from './onnxError';
import { fieldsOf, textOf, type Field } from './readWire';
import { Attribute, Graph, Model, Node, Tensor, TensorType, Type, ValueInfo } from './schema';

export interface NodePart {
  operator: string;
  /** Everything it reads, its subgraphs included. */
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: readonly Field[];
  /** The node as a message. */
  bytes: Uint8Array;
}

/** A value that the graph declares; `elementType` as in `TensorProto.DataType`, undefined where it is no tensor. */
export interface Declared {
  elementType: number | undefined;
  bytes: Uint8Array;
}

export interface GraphParts {
  /** Fields of the model beside its graph, as they stand. */
  model: readonly Uint8Array[];
  name: string;
  /** In an order in which they can run. */
  nodes: readonly NodePart[];
  initializers: ReadonlyMap<string, Declared>;
  inputs: ReadonlyMap<string, Declared>;
  outputs: ReadonlyMap<string, Declared>;
  /** What is said of values inside. */
  inside: ReadonlyMap<string, Declared>;
}

/** Throws OnnxError where the bytes are no model, or one with parts that are not known here. */
export function takeApart(file: Uint8Array): GraphParts {
  const model: Uint8Array[] = [];
  let graph: Uint8Array | undefined;
  for (const field of fieldsOf(file)) {
    if (field.number === Model.graph) graph = field.bytes;
    else model.push(field.whole);
  }
  if (!graph) throw new OnnxError(l10n.t('The model’s file holds no graph.'));
  return { model, ...partsOf(graph) };
}

function partsOf(graph: Uint8Array): Omit<GraphParts, 'model'> {
  const nodes: NodePart[] = [];
  const initializers = new Map<string, Declared>();
  const declared = {
    [Graph.input]: new Map<string, Declared>(),
    [Graph.output]: new Map<string, Declared>(),
    [Graph.valueInfo]: new Map<string, Declared>(),
  };
  let name = '';
  for (const field of fieldsOf(graph)) {
    const { number, bytes } = field;
    if (number === Graph.node) nodes.push(nodePart(bytes));
    else if (number === Graph.name) name = textOf(field);
    else if (number === Graph.initializer) {
      initializers.set(nameIn(bytes, Tensor.name), { elementType: tensorType(bytes), bytes });
    } else if (number === Graph.sparseInitializer) {
      throw new OnnxError(
        l10n.t('The model’s graph holds sparse weights, which are not supported.'),
      );
    } else if (number === Graph.input || number === Graph.output || number === Graph.valueInfo) {
      declared[number].set(nameIn(bytes, ValueInfo.name), { elementType: valueType(bytes), bytes });
    }
  }
  const [inputs, outputs] = [declared[Graph.input], declared[Graph.output]];
  return { name, nodes, initializers, inputs, outputs, inside: declared[Graph.valueInfo] };
}

function nodePart(bytes: Uint8Array): NodePart {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes: Field[] = [];
  let operator = '';
  for (const field of fieldsOf(bytes)) {
    if (field.number === Node.input) inputs.push(textOf(field));
    else if (field.number === Node.output) outputs.push(textOf(field));
    else if (field.number === Node.opType) operator = textOf(field);
    else if (field.number === Node.attribute) {
      attributes.push(field);
      inputs.push(...readBySubgraphs(field.bytes));
    }
  }
  // A name left empty stands for an optional input or output that is not used.
  const named = (names: string[]) => names.filter((each) => each !== '');
  return { operator, inputs: named(inputs), outputs: named(outputs), attributes, bytes };
}

/** Every name that nodes of an attribute's graphs read; those that they make themselves do no harm. */
function readBySubgraphs(attribute: Uint8Array): string[] {
  const names: string[] = [];
  for (const { number, bytes } of fieldsOf(attribute)) {
    if (number !== Attribute.graph && number !== Attribute.graphs) continue;
    for (const field of fieldsOf(bytes)) {
      if (field.number === Graph.node) names.push(...nodePart(field.bytes).inputs);
      // A branch may hand a value from outside straight on.
      if (field.number === Graph.output) names.push(nameIn(field.bytes, ValueInfo.name));
    }
  }
  return names;
}

function nameIn(message: Uint8Array, number: number): string {
  for (const field of fieldsOf(message)) if (field.number === number) return textOf(field);
  return '';
}

/** The element type of a `TensorProto`. */
export function tensorType(tensor: Uint8Array): number | undefined {
  for (const { number, integer } of fieldsOf(tensor)) {
    if (number === Tensor.dataType) return Number(integer);
  }
  return undefined;
}

/** The element type of a `ValueInfoProto`; undefined where it is no tensor. */
export function valueType(valueInfo: Uint8Array): number | undefined {
  for (const type of fieldsOf(valueInfo)) {
    if (type.number !== ValueInfo.type) continue;
    for (const tensor of fieldsOf(type.bytes)) {
      if (tensor.number !== Type.tensor) continue;
      for (const { number, integer } of fieldsOf(tensor.bytes)) {
        if (number === TensorType.elementType) return Number(integer);
      }
    }
  }
  return undefined;
}
