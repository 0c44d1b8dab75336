/** Finds attention by its structure: a softmax over keys, queries and keys before it, values after it. */
import * as l10n from '@vscode/l10n';
import type { AttentionKind, FoundLayer, NotShown } from './attention';
import type { GraphView } from './graphView';
import { ORIGIN } from './inputs';
import { integerOf, type GraphNode } from './node';
import { tapPoint } from './operand';
import { readOutAfter, type ReadOut } from './readOut';
import { scoresBefore, type Scores } from './scores';

/** Null where the node has nothing to do with attention. */
export function plainLayer(view: GraphView, node: GraphNode): FoundLayer | NotShown | null {
  if (node.operator !== 'Softmax' || !overLast(view, node)) return null;
  const [input = ''] = node.inputs;
  const [output = ''] = node.outputs;
  const readOut = readOutAfter(view, output);
  if (!readOut) return null;
  const scores = scoresBefore(view, input);
  if (!scores) {
    return {
      where: node.name || output,
      reason: l10n.t('no product of queries and keys leads to its weights'),
    };
  }
  return layerOf(view, node, scores, readOut);
}

function layerOf(
  view: GraphView,
  node: GraphNode,
  { product, steps }: Scores,
  { weights, product: reading }: ReadOut,
): FoundLayer | NotShown {
  const query = tapPoint(view, product.left, { token: 'r', size: 'x', scaled: true });
  const key = tapPoint(view, product.right, { token: 'c', size: 'x', scaled: true });
  const value = tapPoint(view, reading.right, { token: 'x', size: 'c', scaled: false });
  const where = node.name || node.outputs[0]!;
  if (!query || !key || !value) {
    return {
      where,
      reason: l10n.t('the axes of its queries, keys or values cannot be told apart'),
    };
  }
  const together = query.heads % key.heads === 0 && query.heads % value.heads === 0;
  if (!together || query.headSize !== key.headSize || key.tokens !== value.tokens) {
    return { where, reason: l10n.t('its queries, keys and values do not go together') };
  }
  return {
    node,
    kind: kindOf(view, query.name, key.name),
    query,
    key,
    value,
    weights,
    weightsType: view.value(weights)?.type,
    added: [],
    typed: [],
    scores: product.node.outputs[0]!,
    steps,
    factor: query.factor * key.factor,
  };
}

/** By what queries and keys depend on. */
export function kindOf(view: GraphView, query: string, key: string): AttentionKind {
  const origin = (name: string): number => view.value(name)?.origin ?? 0;
  if ((origin(query) & ORIGIN.decoderTokens) === 0) return 'self';
  return (origin(key) & ORIGIN.decoderTokens) === 0 ? 'cross' : 'decoderSelf';
}

/** Before opset 13 all axes from the given one on were flattened, which is the same for the last alone. */
function overLast(view: GraphView, node: GraphNode): boolean {
  const rank = view.dims(node.inputs[0] ?? '')?.length;
  const since13 = (view.model.opsets.get('') ?? 1) >= 13;
  const axis = integerOf(node, 'axis') ?? (since13 ? -1 : 1);
  return axis === -1 || (rank !== undefined && axis === rank - 1);
}
