/** com.microsoft's GroupQueryAttention, which turns queries and keys by itself. */
import type { FoundLayer, NotShown } from '../attention';
import type { GraphView } from '../graphView';
import { changedNode, integerOf, integersNode, newNode, type GraphNode } from '../node';
import {
  plainPoint,
  isUsed,
  MICROSOFT,
  mergedPoint,
  scaleSteps,
  shapeless,
  unusualForm,
} from './heads';
import type { ScoreStep } from '../scores';

/** `qk_output`: the weights, after the softmax. */
const AFTER_SOFTMAX = 2;

export function groupQueryLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown {
  const [q = '', k, , pastKey, , , , , , , bias, sinks] = node.inputs;
  const heads = integerOf(node, 'num_heads') ?? 0;
  const groups = integerOf(node, 'kv_num_heads') ?? 0;
  const dims = view.dims(q);
  const odd = integerOf(node, 'smooth_softmax') === 1 || isUsed(view, pastKey);
  if (odd || heads < 1 || groups < 1 || heads % groups !== 0) return unusualForm(node);
  if (dims?.length !== 3) return shapeless(node);
  const [, tokens, width] = dims as [number, number, number];
  const headSize = width / (k ? heads : heads + 2 * groups);
  if (!Number.isInteger(headSize)) return shapeless(node);
  const stem = node.outputs[0] ?? node.name;
  const [key, value, weights] = [
    node.outputs[1] || `${stem}.present_key`,
    node.outputs[2] || `${stem}.present_value`,
    `${stem}.weights`,
  ];
  const type = view.value(q)?.type;
  const query = turnedQuery(node, stem, { heads, headSize, packed: !k });
  return {
    node,
    kind: 'self',
    query: mergedPoint({ name: query.name, heads, headSize, tokens, type }, 'r'),
    key: plainPoint({ name: key, heads: groups, headSize, tokens, type }, 'c', 'x'),
    value: plainPoint({ name: value, heads: groups, headSize, tokens, type }, 'x', 'c'),
    weights,
    weightsType: type,
    added: query.nodes,
    replacement: changedNode(node, [node.outputs[0] ?? '', key, value, weights], {
      qk_output: AFTER_SOFTMAX,
    }),
    typed: [],
    scores: heads,
    steps: [...scaleSteps(node, headSize), ...maskSteps(node), ...addedSteps(bias, sinks)],
    factor: 1,
  };
}

function addedSteps(bias: string | undefined, sinks: string | undefined): ScoreStep[] {
  return [
    ...(bias ? [{ kind: 'plus', name: bias, sign: 1 } as const] : []),
    ...(sinks ? [{ kind: 'sinkNumbers', name: sinks } as const] : []),
  ];
}

/** It sees no later token, and with a window so many keys, the query itself among them. */
function maskSteps(node: GraphNode): ScoreStep[] {
  const window = integerOf(node, 'local_window_size') ?? -1;
  return [
    { kind: 'causal' },
    ...(window > 0 ? [{ kind: 'window', reach: window - 1 } as const] : []),
  ];
}

/** The queries cut out of what holds all three, and turned as the node turns them. */
function turnedQuery(
  node: GraphNode,
  stem: string,
  { heads, headSize, packed }: { heads: number; headSize: number; packed: boolean },
): { name: string; nodes: GraphNode[] } {
  const nodes: GraphNode[] = [];
  let name = node.inputs[0]!;
  const local = (what: string): string => `${stem}.${what}`;
  if (packed) {
    const bounds = [0, heads * headSize, 2].map((value, at) => {
      const bound = local(`bound${at}`);
      nodes.push(integersNode([value], bound));
      return bound;
    });
    nodes.push(newNode('Slice', [name, ...bounds], [local('query')]));
    name = local('query');
  }
  if (integerOf(node, 'do_rotary') !== 1) return { name, nodes };
  const [cos = '', sin = '', given] = node.inputs.slice(7, 10);
  const positions = given || local('first_position');
  if (!given) nodes.push(integersNode([0], positions));
  nodes.push(
    newNode(
      'RotaryEmbedding',
      [name, positions, cos, sin],
      [local('turned')],
      { interleaved: integerOf(node, 'rotary_interleaved') ?? 0, ...partOf(node, heads) },
      MICROSOFT,
    ),
  );
  return { name: local('turned'), nodes };
}

/** Only part of a head turns: then the node must be told how many heads there are. */
function partOf(
  node: GraphNode,
  heads: number,
): { num_heads?: number; rotary_embedding_dim?: number } {
  const part = integerOf(node, 'rotary_embedding_dim') ?? 0;
  return part > 0 ? { num_heads: heads, rotary_embedding_dim: part } : {};
}
