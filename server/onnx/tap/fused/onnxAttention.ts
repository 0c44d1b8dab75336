/** ONNX's own operator Attention, since opset 23. */
import type { FoundLayer, NotShown } from '../attention';
import { kindOf } from '../findLayers';
import type { GraphView } from '../graphView';
import { changedNode, integerOf, type GraphNode } from '../node';
import type { TapPoint } from '../operand';
import type { AxisLabel } from '../product';
import type { ScoreStep } from '../scores';
import { ElementType } from '../../schema';
import { isUsed, mergedPoint, plainPoint, scaleSteps, shapeless, unusualForm } from './heads';

/** `qk_matmul_output_mode`: the weights, after the softmax. */
const AFTER_SOFTMAX = 3;

export function onnxAttentionLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown {
  const [q = '', k = '', v = '', mask, pastKey] = node.inputs;
  if (isUsed(view, pastKey) || node.inputs[6]) return unusualForm(node);
  const shared = integerOf(node, 'kv_num_heads');
  const query = pointOf(view, q, integerOf(node, 'q_num_heads'), 'r', 'x');
  const key = pointOf(view, k, shared, 'c', 'x');
  const value = pointOf(view, v, shared, 'x', 'c');
  if (!query || !key || !value) return shapeless(node);
  const weights = `${node.outputs[0]}.weights`;
  const outputs = [0, 1, 2].map((at) => node.outputs[at] ?? '');
  const causal = integerOf(node, 'is_causal') === 1;
  return {
    node,
    kind: kindOf(view, q, k),
    query,
    key,
    value,
    weights,
    weightsType: query.type,
    added: [],
    replacement: changedNode(node, [...outputs, weights], {
      qk_matmul_output_mode: AFTER_SOFTMAX,
    }),
    typed: [],
    scores: query.heads,
    steps: [
      ...scaleSteps(node, query.headSize),
      ...(causal ? [{ kind: 'causal' } as const] : []),
      ...maskSteps(view, mask),
    ],
    factor: 1,
  };
}

function maskSteps(view: GraphView, mask: string | undefined): ScoreStep[] {
  if (!mask) return [];
  return view.value(mask)?.type === ElementType.bool
    ? [{ kind: 'keep', condition: mask }]
    : [{ kind: 'plus', name: mask, sign: 1 }];
}

function pointOf(
  view: GraphView,
  name: string,
  heads: number | undefined,
  token: AxisLabel,
  size: AxisLabel,
): TapPoint | null {
  const dims = view.dims(name);
  const type = view.value(name)?.type;
  if (dims?.length === 4) {
    const [, count, tokens, headSize] = dims as [number, number, number, number];
    return plainPoint({ name, heads: count, headSize, tokens, type }, token, size);
  }
  if (dims?.length !== 3 || !heads || dims[2]! % heads !== 0) return null;
  return mergedPoint({ name, heads, headSize: dims[2]! / heads, tokens: dims[1]!, type }, token);
}
