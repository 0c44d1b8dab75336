/** com.microsoft's MultiHeadAttention. */
import type { FoundLayer, NotShown } from '../attention';
import { kindOf } from '../findLayers';
import type { GraphView } from '../graphView';
import { changedNode, integerOf, integersNode, newNode, type GraphNode } from '../node';
import type { ScoreStep } from '../scores';
import { countOf } from '../tensor';
import { isUsed, mergedPoint, plainPoint, scaleSteps, shapeless, unusualForm } from './heads';
import type { TapPoint } from '../operand';

export function multiHeadLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown {
  const [q = '', k, v, bias, padding, added, pastKey] = node.inputs;
  const heads = integerOf(node, 'num_heads') ?? 0;
  const [queryDims, keyDims, valueDims] = [q, k, v].map((name) => view.dims(name ?? ''));
  const packed = !k || !v || keyDims?.length === 5 || queryDims?.length !== 3;
  if (packed || heads < 1 || isUsed(view, pastKey)) return unusualForm(node);
  if (!keyDims || !valueDims) return shapeless(node);
  if (hidesPadding(view, padding, tokensOf(keyDims))) return unusualForm(node);
  const type = view.value(q)?.type;
  const parts = partsOf(node, bias, [queryDims[2]!, widthOf(keyDims), widthOf(valueDims)]);
  const width = (dims: readonly number[]): number => widthOf(dims) / heads;
  const headSize = width(queryDims);
  if (!Number.isInteger(headSize) || headSize !== width(keyDims)) return shapeless(node);
  const names = [q, k, v].map((name, at) => parts.names[at] ?? name);
  const point = (at: number, dims: readonly number[], token: string, size: string): TapPoint => {
    const tokens = tokensOf(dims);
    const heading = { name: names[at]!, heads, headSize: width(dims), tokens, type };
    return dims.length === 4 ? plainPoint(heading, token, size) : mergedPoint(heading, token);
  };
  const scores = `${node.outputs[0]}.scores`;
  const weights = `${node.outputs[0]}.weights`;
  return {
    node,
    kind: kindOf(view, q, k),
    query: point(0, queryDims, 'r', 'x'),
    key: point(1, keyDims, 'c', 'x'),
    value: point(2, valueDims, 'x', 'c'),
    weights,
    weightsType: type,
    added: [...parts.nodes, newNode('Softmax', [scores], [weights], { axis: -1 })],
    replacement: changedNode(
      node,
      [0, 1, 2].map((at) => node.outputs[at] ?? '').concat(scores),
      {},
    ),
    typed: [scores],
    scores: heads,
    steps: [...scaleSteps(node, headSize), ...maskSteps(node, added)],
    factor: 1,
  };
}

export function maskSteps(node: GraphNode, added: string | undefined): ScoreStep[] {
  return [
    ...(integerOf(node, 'unidirectional') === 1 ? [{ kind: 'causal' } as const] : []),
    ...(added ? [{ kind: 'plus', name: added, sign: 1 } as const] : []),
  ];
}

/** Whether padding may hide a key of a text that has none: not where it is 1 throughout, or the number of `tokens`. */
export function hidesPadding(
  view: GraphView,
  padding: string | undefined,
  tokens: number,
): boolean {
  if (!padding) return false;
  const value = view.value(padding);
  if (!value?.data || !value.dims) return true;
  if (countOf(value.dims) === 1 && tokens > 1) return value.data[0] !== tokens;
  return value.data.some((each) => each !== 1);
}

function tokensOf(dims: readonly number[]): number {
  return dims[dims.length === 4 ? 2 : 1]!;
}

function widthOf(dims: readonly number[]): number {
  return dims.length === 4 ? dims[1]! * dims[3]! : dims[2]!;
}

/** What is added to queries, keys and values, one after the other in one row; keys of another text have none. */
function partsOf(
  node: GraphNode,
  bias: string | undefined,
  widths: readonly number[],
): { names: (string | undefined)[]; nodes: GraphNode[] } {
  if (!bias) return { names: [], nodes: [] };
  const nodes: GraphNode[] = [];
  let start = 0;
  const names = widths.map((width, at) => {
    const local = (what: string): string => `${node.outputs[0]}.${what}${at}`;
    nodes.push(
      integersNode([start], local('start')),
      integersNode([start + width], local('end')),
      newNode('Slice', [bias, local('start'), local('end')], [local('bias')]),
      newNode('Add', [node.inputs[at]!, local('bias')], [local('part')]),
    );
    start += width;
    return local('part');
  });
  return { names, nodes };
}
