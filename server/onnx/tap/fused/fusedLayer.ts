/** Nodes that are the whole of attention. */
import * as l10n from '@vscode/l10n';
import type { FoundLayer, NotShown } from '../attention';
import type { GraphView } from '../graphView';
import type { GraphNode } from '../node';
import { groupQueryLayer } from './groupQuery';
import { multiHeadLayer } from './multiHead';
import { onnxAttentionLayer } from './onnxAttention';
import { projectedLayer } from './projected';

/** Kinds of attention, and of what stands in its place, that cannot be taken apart; by operator. */
const UNKNOWN: ReadonlySet<string> = new Set(
  (
    'QAttention QOrderedAttention PackedAttention PackedMultiHeadAttention ' +
    'DecoderMaskedSelfAttention DecoderMaskedMultiHeadAttention DecoderAttention ' +
    'SparseAttention LongformerAttention QOrderedLongformerAttention PagedAttention ' +
    'LinearAttention'
  ).split(' '),
);

/** Null where the node is none. */
export function fusedLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown | null {
  const { domain, operator } = node;
  const found = domain === '' ? onnxLayer(view, node) : contributedLayer(view, node);
  if (found !== undefined) return found;
  return UNKNOWN.has(operator)
    ? {
        where: node.name || node.outputs[0] || operator,
        reason: l10n.t('the operator {0} does not give its queries and keys away', operator),
      }
    : null;
}

function onnxLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown | undefined {
  return node.operator === 'Attention' ? onnxAttentionLayer(view, node) : undefined;
}

function contributedLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown | undefined {
  if (node.domain !== 'com.microsoft') return undefined;
  switch (node.operator) {
    case 'Attention':
      return projectedLayer(view, node);
    case 'MultiHeadAttention':
      return multiHeadLayer(view, node);
    case 'GroupQueryAttention':
      return groupQueryLayer(view, node);
    default:
      return undefined;
  }
}
