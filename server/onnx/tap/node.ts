/** One node of a graph that is being tapped. */
import * as l10n from '@vscode/l10n';
import { attributeMessage, type Attributes } from '../graph';
import { OnnxError } from '../onnxError';
import { fieldsOf, textOf, type Field } from '../readWire';
import { Attribute, ElementType, Graph, Node, Tensor, ValueInfo } from '../schema';
import { MessageWriter } from '../wire';

/** Exporters nest a branch in a branch; nobody nests this deep. */
const MOST_NESTED = 16;

/** ONNX's own operators have the empty domain, or this name for it. */
const OWN_DOMAIN = 'ai.onnx';

export interface GraphNode {
  name: string;
  operator: string;
  /** Empty for ONNX's own operators. */
  domain: string;
  /** In the operator's order; an empty name is an optional one that is not used. */
  inputs: readonly string[];
  outputs: readonly string[];
  /** What its subgraphs read from around them. */
  captured: readonly string[];
  /** Messages by name. */
  attributes: ReadonlyMap<string, Uint8Array>;
}

/** The node in a message. Throws OnnxError where it is none, or its subgraphs are nested too deep. */
export function readNode(bytes: Uint8Array, depth = 0): GraphNode {
  if (depth > MOST_NESTED) {
    throw new OnnxError(l10n.t('The model’s graph is nested deeper than {0} levels.', MOST_NESTED));
  }
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes = new Map<string, Uint8Array>();
  const captured = new Set<string>();
  let [name, operator, domain] = ['', '', ''];
  for (const field of fieldsOf(bytes)) {
    if (field.number === Node.input) inputs.push(textOf(field));
    else if (field.number === Node.output) outputs.push(textOf(field));
    else if (field.number === Node.name) name = textOf(field);
    else if (field.number === Node.opType) operator = textOf(field);
    else if (field.number === Node.domain) domain = textOf(field);
    else if (field.number === Node.attribute) {
      attributes.set(attributeName(field.bytes), field.bytes);
      for (const graph of graphsIn(field.bytes)) {
        for (const read of capturedBy(graph, depth + 1)) captured.add(read);
      }
    }
  }
  if (domain === OWN_DOMAIN) domain = '';
  return { name, operator, domain, inputs, outputs, captured: [...captured], attributes };
}

/** A node of ours with one or more outputs; `domain` is empty for ONNX's own operators. */
export function newNode(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes = {},
  domain = '',
): GraphNode {
  const messages = Object.entries(attributes).map(
    ([name, value]) => [name, attributeMessage(name, value).finish()] as const,
  );
  const name = outputs[0] ?? '';
  return { name, operator, domain, inputs, outputs, captured: [], attributes: new Map(messages) };
}

/** A node that makes int64 [length]. */
export function integersNode(values: readonly number[], output: string): GraphNode {
  const data = BigInt64Array.from(values, BigInt);
  const tensor = new MessageWriter()
    .packedIntegers(Tensor.dims, [values.length])
    .integer(Tensor.dataType, ElementType.int64)
    .bytes(Tensor.rawData, new Uint8Array(data.buffer));
  const value = new MessageWriter()
    .string(Attribute.name, 'value')
    .message(Attribute.tensor, tensor)
    .integer(Attribute.type, TENSOR_ATTRIBUTE)
    .finish();
  return { ...newNode('Constant', [], [output]), attributes: new Map([['value', value]]) };
}

/** The node with other attributes beside its own, and other outputs. */
export function changedNode(
  node: GraphNode,
  outputs: readonly string[],
  attributes: Attributes,
): GraphNode {
  const { attributes: added } = newNode(node.operator, [], [], attributes);
  return { ...node, outputs, attributes: new Map([...node.attributes, ...added]) };
}

/** The node as a message. */
export function writeNode(node: Omit<GraphNode, 'captured'>): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.string(Node.input, input);
  for (const output of node.outputs) message.string(Node.output, output);
  message.string(Node.name, node.name).string(Node.opType, node.operator);
  for (const attribute of node.attributes.values()) message.bytes(Node.attribute, attribute);
  if (node.domain !== '') message.string(Node.domain, node.domain);
  return message;
}

/** Everything a node reads: each once, without unused optional inputs. */
export function readsOf({ inputs, captured }: GraphNode): string[] {
  return [...new Set([...inputs, ...captured])].filter((name) => name !== '');
}

/** The graphs among an attribute's values. */
export function graphsIn(attribute: Uint8Array): Uint8Array[] {
  return [...fieldsOf(attribute)]
    .filter(({ number }) => number === Attribute.graph || number === Attribute.graphs)
    .map(({ bytes }) => bytes);
}

/** What a subgraph reads and does not make. */
function capturedBy(graph: Uint8Array, depth: number): Set<string> {
  const [read, made] = [new Set<string>(), new Set<string>()];
  for (const field of fieldsOf(graph)) {
    if (field.number === Graph.node) {
      const node = readNode(field.bytes, depth);
      for (const name of readsOf(node)) read.add(name);
      for (const name of node.outputs) made.add(name);
    } else if (field.number === Graph.output) read.add(nameIn(field.bytes, ValueInfo.name));
    else if (field.number === Graph.input) made.add(nameIn(field.bytes, ValueInfo.name));
    else if (field.number === Graph.initializer) made.add(nameIn(field.bytes, Tensor.name));
  }
  return new Set([...read].filter((name) => !made.has(name)));
}

/** AttributeProto.AttributeType of a tensor. */
const TENSOR_ATTRIBUTE = 4;

function attributeName(attribute: Uint8Array): string {
  return nameIn(attribute, Attribute.name);
}

/** The text of the first field of that number, or ''. */
export function nameIn(message: Uint8Array, number: number): string {
  for (const field of fieldsOf(message)) if (field.number === number) return textOf(field);
  return '';
}

function fieldOf(node: GraphNode, name: string, number: number): Field | undefined {
  const message = node.attributes.get(name);
  return message && [...fieldsOf(message)].find((field) => field.number === number);
}

export function integerOf(node: GraphNode, name: string): number | undefined {
  const field = fieldOf(node, name, Attribute.integer);
  return field && Number(field.integer);
}

export function floatOf(node: GraphNode, name: string): number | undefined {
  const field = fieldOf(node, name, Attribute.float);
  if (!field) return undefined;
  const { whole } = field;
  return new DataView(whole.buffer, whole.byteOffset + whole.length - 4, 4).getFloat32(0, true);
}

export function textAttribute(node: GraphNode, name: string): string | undefined {
  const field = fieldOf(node, name, Attribute.text);
  return field && textOf(field);
}

/** A `TensorProto`. */
export function tensorOf(node: GraphNode, name: string): Uint8Array | undefined {
  return fieldOf(node, name, Attribute.tensor)?.bytes;
}

export function integersOf(node: GraphNode, name: string): number[] | undefined {
  const message = node.attributes.get(name);
  if (!message) return undefined;
  return repeatedIntegers(message, Attribute.integers);
}

/** float32 numbers. */
export function floatsOf(node: GraphNode, name: string): number[] | undefined {
  const message = node.attributes.get(name);
  if (!message) return undefined;
  const values: number[] = [];
  for (const { number, bytes, whole } of fieldsOf(message)) {
    if (number !== Attribute.floats) continue;
    const numbers = bytes.length > 0 ? bytes : whole.subarray(-4);
    const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.length);
    for (let at = 0; at + 4 <= numbers.length; at += 4) values.push(view.getFloat32(at, true));
  }
  return values;
}

/** A repeated integer field, packed or not. */
export function repeatedIntegers(message: Uint8Array, number: number): number[] {
  const values: number[] = [];
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    if (field.bytes.length === 0 && (field.whole[0]! & 7) === 0) values.push(Number(field.integer));
    else values.push(...packedIntegers(field.bytes));
  }
  return values;
}

function* packedIntegers(bytes: Uint8Array): Generator<number> {
  let [value, shift] = [0n, 0n];
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    if (byte >= 0x80) {
      shift += 7n;
      if (shift > 63n)
        throw new OnnxError(l10n.t('The model’s graph is damaged: it is no whole ONNX file.'));
      continue;
    }
    yield Number(BigInt.asIntN(64, value));
    [value, shift] = [0n, 0n];
  }
}
