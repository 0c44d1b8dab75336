/**
 * Builds an ONNX model piece by piece and writes it as bytes. A value is its
 * name; every method that makes one returns it, so that nodes can be nested.
 */
import {
  Attribute,
  AttributeType,
  Dimension,
  ElementType,
  EXTERNAL,
  Graph,
  Model,
  Node,
  OperatorSet,
  Shape,
  StringEntry,
  Tensor,
  TensorType,
  Type,
  ValueInfo,
} from './schema';
import type { ElementTypeName } from './schema';
import { MessageWriter } from './wire';

/** A float is written as `{ float }`, because 1 and 1.0 are one number here but two types there. */
export type AttributeValue =
  number | readonly number[] | { float: number } | { text: string } | { graph: GraphBuilder };
export type Attributes = { readonly [name: string]: AttributeValue };

/** A number, or the name of a dimension that differs from run to run. */
export type Axis = number | string;

/** Where the bytes of an initializer are, outside the graph's own file. */
export interface ExternalRange {
  /** File name, relative to the graph. */
  location: string;
  /** Bytes from the file's beginning. */
  offset: number;
  /** Bytes. */
  length: number;
}

/** The IR version that goes with opset 20 (ONNX 1.15). */
const IR_VERSION = 9;

export class GraphBuilder {
  readonly #nodes: MessageWriter[] = [];
  readonly #initializers: MessageWriter[] = [];
  readonly #inputs: MessageWriter[] = [];
  readonly #outputs: MessageWriter[] = [];
  readonly #constants = new Map<string, string>();
  /** Sets the names of a subgraph's values apart from those around it. */
  readonly #prefix: string;
  #unnamed = 0;

  constructor(
    readonly name: string,
    readonly opset: number,
    prefix = '',
  ) {
    this.#prefix = prefix;
  }

  /** A graph for an attribute of a node in this one; its nodes may read this one's values. */
  subgraph(name: string): GraphBuilder {
    return new GraphBuilder(name, this.opset, `${this.#prefix}${name}/`);
  }

  /** Declares an input of the graph. */
  input(name: string, type: ElementTypeName, shape: readonly Axis[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Declares an existing value as an output of the graph. */
  output(name: string, type: ElementTypeName, shape: readonly Axis[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A tensor whose bytes stay in another file. */
  external(
    name: string,
    type: ElementTypeName,
    shape: readonly number[],
    range: ExternalRange,
  ): string {
    const tensor = tensorHead(name, type, shape);
    const entries = { location: range.location, offset: range.offset, length: range.length };
    for (const [key, value] of Object.entries(entries)) {
      const entry = new MessageWriter().string(StringEntry.key, key);
      tensor.message(Tensor.externalData, entry.string(StringEntry.value, String(value)));
    }
    this.#initializers.push(tensor.integer(Tensor.dataLocation, EXTERNAL));
    return name;
  }

  /** int64 [length]; the same list is stored once. */
  integers(values: readonly number[]): string {
    const bytes = new DataView(new ArrayBuffer(values.length * 8));
    values.forEach((value, index) => bytes.setBigInt64(index * 8, BigInt(value), true));
    return this.#constant(`int64:${values.join(',')}`, 'int64', [values.length], bytes);
  }

  /** float32 []; the same number is stored once. */
  scalar(value: number): string {
    return this.floats([value], []);
  }

  /** float32, row-major; the same numbers are stored once. */
  floats(values: readonly number[], shape: readonly number[]): string {
    const bytes = new DataView(new ArrayBuffer(values.length * 4));
    values.forEach((value, index) => bytes.setFloat32(index * 4, value, true));
    return this.#constant(`float32[${shape.join()}]:${values.join()}`, 'float32', shape, bytes);
  }

  /** Appends a node with one output and returns that output's name. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output = `${this.#prefix}${operator.toLowerCase()}.${this.#unnamed++}`,
  ): string {
    this.#append(operator, inputs, attributes, [output]);
    return output;
  }

  /** Appends a node with `count` outputs and returns their names. */
  nodeOf(
    count: number,
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
  ): string[] {
    const stem = `${this.#prefix}${operator.toLowerCase()}.${this.#unnamed++}`;
    const outputs = Array.from({ length: count }, (_, index) => `${stem}.${index}`);
    this.#append(operator, inputs, attributes, outputs);
    return outputs;
  }

  /** The whole model as the bytes of an `.onnx` file; the same calls give the same bytes. */
  finish(): Uint8Array {
    return new MessageWriter()
      .integer(Model.irVersion, IR_VERSION)
      .string(Model.producerName, 'attention-lens')
      .message(Model.graph, this.message())
      .message(Model.opsetImport, operatorSet(this.opset))
      .finish();
  }

  /** The graph alone. */
  message(): MessageWriter {
    const graph = new MessageWriter();
    for (const node of this.#nodes) graph.message(Graph.node, node);
    graph.string(Graph.name, this.name);
    for (const tensor of this.#initializers) graph.message(Graph.initializer, tensor);
    for (const input of this.#inputs) graph.message(Graph.input, input);
    for (const output of this.#outputs) graph.message(Graph.output, output);
    return graph;
  }

  #append(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: readonly string[],
  ): void {
    const node = new MessageWriter();
    for (const input of inputs) node.string(Node.input, input);
    for (const output of outputs) node.string(Node.output, output);
    node.string(Node.name, outputs[0] ?? '').string(Node.opType, operator);
    for (const [name, value] of Object.entries(attributes)) {
      node.message(Node.attribute, attributeMessage(name, value));
    }
    this.#nodes.push(node);
  }

  #constant(
    key: string,
    type: ElementTypeName,
    shape: readonly number[],
    bytes: DataView<ArrayBuffer>,
  ): string {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `${this.#prefix}constant.${this.#constants.size}`;
    this.#constants.set(key, name);
    const raw = new Uint8Array(bytes.buffer);
    this.#initializers.push(tensorHead(name, type, shape).bytes(Tensor.rawData, raw));
    return name;
  }
}

function tensorHead(name: string, type: ElementTypeName, shape: readonly number[]): MessageWriter {
  return new MessageWriter()
    .packedIntegers(Tensor.dims, shape)
    .integer(Tensor.dataType, ElementType[type])
    .string(Tensor.name, name);
}

function valueInfo(name: string, type: ElementTypeName, shape: readonly Axis[]): MessageWriter {
  const dimensions = new MessageWriter();
  for (const axis of shape) dimensions.message(Shape.dimension, dimension(axis));
  const tensor = new MessageWriter()
    .integer(TensorType.elementType, ElementType[type])
    .message(TensorType.shape, dimensions);
  return new MessageWriter()
    .string(ValueInfo.name, name)
    .message(ValueInfo.type, new MessageWriter().message(Type.tensor, tensor));
}

function dimension(axis: Axis): MessageWriter {
  return typeof axis === 'number'
    ? new MessageWriter().integer(Dimension.value, axis)
    : new MessageWriter().string(Dimension.parameter, axis);
}

/** An attribute of a node as a message. */
export function attributeMessage(name: string, value: AttributeValue): MessageWriter {
  const message = new MessageWriter().string(Attribute.name, name);
  if (typeof value === 'number') {
    message.integer(Attribute.integer, value).integer(Attribute.type, AttributeType.integer);
  } else if ('graph' in value) {
    message.message(Attribute.graph, value.graph.message());
    message.integer(Attribute.type, AttributeType.graph);
  } else if ('float' in value) {
    message.float(Attribute.float, value.float).integer(Attribute.type, AttributeType.float);
  } else if ('text' in value) {
    message.string(Attribute.text, value.text).integer(Attribute.type, AttributeType.text);
  } else {
    for (const item of value) message.integer(Attribute.integers, item);
    message.integer(Attribute.type, AttributeType.integers);
  }
  return message;
}

function operatorSet(version: number): MessageWriter {
  // The empty domain is ONNX's own set of operators.
  return new MessageWriter().string(OperatorSet.domain, '').integer(OperatorSet.version, version);
}
