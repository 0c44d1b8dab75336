/** Makes one flat graph of a foreign one: calls and branches are replaced by what they do for a text without a past. */
import * as l10n from '@vscode/l10n';
import { OnnxError } from '../onnxError';
import { evaluate } from './evaluate/evaluator';
import type { Value } from './evaluate/value';
import { inlineFunctions } from './localFunction';
import { inOrder, MOST_NODES, readGraph, type TapModel } from './model';
import { graphsIn, type GraphNode } from './node';
import type { ReadExternal, StoredTensor } from './tensor';

/** Branches inside of branches. */
const MOST_ROUNDS = 8;

/**
 * The model with its functions inlined and each `If` whose condition is known for
 * `inputs` replaced by the branch that is taken. Throws OnnxError for graphs that no
 * exporter would write.
 */
export function prepare(
  model: TapModel,
  inputs: ReadonlyMap<string, Value>,
  readExternal?: ReadExternal,
): TapModel {
  let nodes = inOrder(inlineFunctions(model.nodes, model.functions, MOST_NODES));
  let current: TapModel = { ...model, nodes };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (!nodes.some(({ operator }) => operator === 'If')) break;
    const values = evaluate(current, { inputs, readExternal });
    const flat = inlineBranches(current, values);
    if (!flat) break;
    nodes = inOrder(inlineFunctions(flat.nodes, model.functions, MOST_NODES));
    current = { ...flat, nodes };
  }
  return current;
}

/** Null where no condition is known. */
function inlineBranches(model: TapModel, values: ReadonlyMap<string, Value>): TapModel | null {
  const initializers = new Map(model.initializers);
  const taken = new Set([...initializers.keys(), ...model.nodes.flatMap(({ outputs }) => outputs)]);
  const nodes: GraphNode[] = [];
  let found = 0;
  for (const node of model.nodes) {
    const condition = node.operator === 'If' ? values.get(node.inputs[0] ?? '')?.data : undefined;
    if (condition?.length !== 1) nodes.push(node);
    else nodes.push(...branchOf(node, condition[0] !== 0, { taken, initializers, at: found++ }));
  }
  return found === 0 ? null : { ...model, nodes, initializers };
}

interface Surroundings {
  /** Names of values outside; those of the branch are added. */
  taken: Set<string>;
  initializers: Map<string, StoredTensor>;
  at: number;
}

function branchOf(
  node: GraphNode,
  holds: boolean,
  { taken, initializers, at }: Surroundings,
): GraphNode[] {
  const attribute = node.attributes.get(holds ? 'then_branch' : 'else_branch');
  const [bytes] = attribute ? graphsIn(attribute) : [];
  if (!bytes)
    throw new OnnxError(l10n.t('The model’s graph is damaged: it is no whole ONNX file.'));
  const branch = readGraph(bytes);
  const own = [...branch.initializers.keys(), ...branch.nodes.flatMap(({ outputs }) => outputs)];
  const clashing = new Set(own.filter((name) => taken.has(name)));
  if (clashing.size > 0 && branch.nodes.some(({ captured }) => captured.length > 0)) {
    throw new OnnxError(
      l10n.t('The model’s graph has branches that share names, which is not supported.'),
    );
  }
  const renamed = (name: string): string => (clashing.has(name) ? `branch${at}/${name}` : name);
  for (const [name, tensor] of branch.initializers) {
    initializers.set(renamed(name), { ...tensor, name: renamed(name) });
  }
  for (const name of own) taken.add(renamed(name));
  return [
    ...branch.nodes.map((inner) => ({
      ...inner,
      inputs: inner.inputs.map(renamed),
      outputs: inner.outputs.map(renamed),
    })),
    ...node.outputs.flatMap((name, index): GraphNode[] =>
      name === '' ? [] : [identity(renamed(branch.outputs[index] ?? ''), name)],
    ),
  ];
}

function identity(from: string, to: string): GraphNode {
  return {
    name: to,
    operator: 'Identity',
    domain: '',
    inputs: [from],
    outputs: [to],
    captured: [],
    attributes: new Map(),
  };
}
