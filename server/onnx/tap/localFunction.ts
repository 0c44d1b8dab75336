/** Functions that a model defines for itself, and how a call of one becomes the nodes of its body. */
import * as l10n from '@vscode/l10n';
import { OnnxError } from '../onnxError';
import { fieldsOf, textOf } from '../readWire';
import { Attribute, FunctionBody } from '../schema';
import { MessageWriter } from '../wire';
import { nameIn, readNode, type GraphNode } from './node';

export interface LocalFunction {
  name: string;
  domain: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** Attributes that a call leaves out have these values, messages by name. */
  defaults: ReadonlyMap<string, Uint8Array>;
  nodes: readonly GraphNode[];
}

/** Calls inside of calls: exporters write five or so. */
const MOST_NESTED = 32;

export function readFunction(bytes: Uint8Array): LocalFunction {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const nodes: GraphNode[] = [];
  const defaults = new Map<string, Uint8Array>();
  let [name, domain] = ['', ''];
  for (const field of fieldsOf(bytes)) {
    if (field.number === FunctionBody.name) name = textOf(field);
    else if (field.number === FunctionBody.domain) domain = textOf(field);
    else if (field.number === FunctionBody.input) inputs.push(textOf(field));
    else if (field.number === FunctionBody.output) outputs.push(textOf(field));
    else if (field.number === FunctionBody.node) nodes.push(readNode(field.bytes));
    else if (field.number === FunctionBody.attributeDefault) {
      defaults.set(nameIn(field.bytes, Attribute.name), field.bytes);
    }
  }
  return { name, domain, inputs, outputs, defaults, nodes };
}

/**
 * The nodes with every call replaced by what it calls; names inside a body get the call's
 * number in front. Throws OnnxError where functions call each other without end, a body has
 * branches, or more than `most` nodes come out.
 */
export function inlineFunctions(
  nodes: readonly GraphNode[],
  functions: ReadonlyMap<string, LocalFunction>,
  most: number,
): GraphNode[] {
  if (functions.size === 0) return [...nodes];
  const flat: GraphNode[] = [];
  let calls = 0;
  const expand = (list: readonly GraphNode[], depth: number): void => {
    for (const node of list) {
      const called = functions.get(`${node.domain}:${node.operator}`);
      if (!called) flat.push(node);
      else if (depth < MOST_NESTED) expand(bodyOf(node, called, `call${calls++}/`), depth + 1);
      else throw endless(called);
      if (flat.length > most || calls > most) throw endless(called ?? node);
    }
  };
  expand(nodes, 0);
  return flat;
}

function bodyOf(call: GraphNode, called: LocalFunction, prefix: string): GraphNode[] {
  const names = new Map<string, string>();
  called.inputs.forEach((name, at) => names.set(name, call.inputs[at] ?? ''));
  called.outputs.forEach((name, at) => {
    const given = call.outputs[at];
    if (given) names.set(name, given);
  });
  const renamed = (name: string): string => (name === '' ? '' : (names.get(name) ?? prefix + name));
  return called.nodes.map((node) => {
    if (node.captured.length > 0) {
      throw new OnnxError(
        l10n.t('The model’s function "{0}" has branches, which are not supported.', called.name),
      );
    }
    return {
      ...node,
      name: prefix + node.name,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
      attributes: new Map(
        [...node.attributes].flatMap(([name, value]) => {
          const given = attributeFor(value, call, called);
          return given ? [[name, given] as const] : [];
        }),
      ),
    };
  });
}

/** An attribute that refers to one of the call's takes its value; undefined where that has none. */
function attributeFor(
  attribute: Uint8Array,
  call: GraphNode,
  { defaults }: LocalFunction,
): Uint8Array | undefined {
  const reference = nameIn(attribute, Attribute.reference);
  if (reference === '') return attribute;
  const value = call.attributes.get(reference) ?? defaults.get(reference);
  if (!value) return undefined;
  const message = new MessageWriter().string(Attribute.name, nameIn(attribute, Attribute.name));
  for (const field of fieldsOf(value))
    if (field.number !== Attribute.name) message.raw(field.whole);
  return message.finish();
}

function endless({ name }: { name: string }): OnnxError {
  return new OnnxError(l10n.t('The model’s function "{0}" calls others without end.', name));
}
