/** com.microsoft's Attention, which makes queries, keys and values from one input by itself. */
import type { FoundLayer, NotShown } from '../attention';
import type { GraphView } from '../graphView';
import { floatOf, integerOf, integersNode, integersOf, newNode, type GraphNode } from '../node';
import { isUsed, mergedPoint, MICROSOFT, scaleSteps, shapeless, unusualForm } from './heads';
import { hidesPadding, maskSteps } from './multiHead';

/**
 * The node has no output for its weights: the same projections go to a MultiHeadAttention
 * beside it, which has one.
 */
export function projectedLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown {
  const [input = '', weight = '', bias, mask, past, added] = node.inputs;
  const heads = integerOf(node, 'num_heads') ?? 0;
  const [inputDims, weightDims] = [view.dims(input), view.dims(weight)];
  const odd = integerOf(node, 'do_rotary') === 1 || isUsed(view, past) || heads < 1;
  if (odd) return unusualForm(node);
  if (inputDims?.length !== 3 || weightDims?.length !== 2) return shapeless(node);
  if (hidesPadding(view, mask, inputDims[1]!)) return unusualForm(node);
  const third = weightDims[1]! / 3;
  const widths = integersOf(node, 'qkv_hidden_sizes') ?? [third, third, third];
  const headSize = widths[0]! / heads;
  if (!widths.every((width) => Number.isInteger(width / heads))) return shapeless(node);
  const { names, nodes } = projections(node, input, weight, bias, widths);
  const [tokens, type] = [inputDims[1]!, view.value(input)?.type];
  const point = (at: number, token: string) =>
    mergedPoint({ name: names[at]!, heads, headSize: widths[at]! / heads, tokens, type }, token);
  const stem = node.outputs[0]!;
  const [scores, weights] = [`${stem}.scores`, `${stem}.weights`];
  const scale = floatOf(node, 'scale');
  const beside = newNode(
    'MultiHeadAttention',
    [...names, '', '', added ?? ''],
    [`${stem}.beside`, '', '', scores],
    {
      num_heads: heads,
      unidirectional: integerOf(node, 'unidirectional') ?? 0,
      ...(scale === undefined ? {} : { scale: { float: scale } }),
    },
    MICROSOFT,
  );
  return {
    node,
    kind: 'self',
    query: point(0, 'r'),
    key: point(1, 'c'),
    value: point(2, 'x'),
    weights,
    weightsType: type,
    added: [...nodes, beside, newNode('Softmax', [scores], [weights], { axis: -1 })],
    typed: [scores],
    scores: heads,
    steps: [...scaleSteps(node, headSize), ...maskSteps(node, added)],
    factor: 1,
  };
}

function projections(
  node: GraphNode,
  input: string,
  weight: string,
  bias: string | undefined,
  widths: readonly number[],
): { names: string[]; nodes: GraphNode[] } {
  const stem = node.outputs[0]!;
  const nodes = [newNode('MatMul', [input, weight], [`${stem}.product`])];
  let joined = `${stem}.product`;
  if (bias) {
    nodes.push(newNode('Add', [joined, bias], [`${stem}.projected`]));
    joined = `${stem}.projected`;
  }
  nodes.push(integersNode([2], `${stem}.axis`));
  let start = 0;
  const names = widths.map((width, at) => {
    const local = (what: string): string => `${stem}.${what}${at}`;
    nodes.push(
      integersNode([start], local('start')),
      integersNode([start + width], local('end')),
      newNode('Slice', [joined, local('start'), local('end'), `${stem}.axis`], [local('part')]),
    );
    start += width;
    return local('part');
  });
  return { names, nodes };
}
