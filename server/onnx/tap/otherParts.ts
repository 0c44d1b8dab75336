/** Parts of a graph that work on the text and are no attention, by their operators. */
import * as l10n from '@vscode/l10n';
import type { NotShown } from './attention';
import { ElementType } from '../schema';
import type { GraphView } from './graphView';
import type { GraphNode } from './node';

interface Kind {
  operators: readonly string[];
  /** Of numbers only, not of positions or of a mask. */
  ofNumbers: boolean;
  reason: () => string;
}

const KINDS: readonly Kind[] = [
  {
    operators: ['Scan', 'Loop', 'CumSum'],
    ofNumbers: true,
    reason: () =>
      l10n.t(
        'they hand a state on from token to token (a state-space or linear-attention layer), so that tokens have no weights for each other',
      ),
  },
  {
    operators: ['LSTM', 'GRU', 'RNN'],
    ofNumbers: false,
    reason: () =>
      l10n.t('they are recurrent layers, in which tokens have no weights for each other'),
  },
  {
    operators: ['TopK'],
    ofNumbers: true,
    reason: () =>
      l10n.t('they are routers, which pick networks for each token and are no attention'),
  },
  {
    operators: ['Conv'],
    ofNumbers: false,
    reason: () => l10n.t('they are convolutions, whose weights do not depend on the text'),
  },
];

const FLOATS: readonly (number | undefined)[] = [
  ElementType.float32,
  ElementType.float16,
  ElementType.float64,
  ElementType.bfloat16,
];

/** Each kind of them together, in the order of their first node. */
export function otherParts(view: GraphView): NotShown[] {
  const counts = new Map<Kind, { operator: string; count: number }>();
  for (const node of view.model.nodes) {
    const kind = KINDS.find((each) => isOf(view, node, each));
    if (!kind) continue;
    const known = counts.get(kind);
    counts.set(kind, {
      operator: known?.operator ?? node.operator,
      count: (known?.count ?? 0) + 1,
    });
  }
  return [...counts].map(([{ reason }, { operator, count }]) => ({
    where: l10n.t('nodes of the kind "{0}" ({1})', operator, count),
    reason: reason(),
  }));
}

function isOf(view: GraphView, node: GraphNode, { operators, ofNumbers }: Kind): boolean {
  if (!operators.includes(node.operator)) return false;
  const ofText = [...node.inputs, ...node.captured].filter((name) => view.isText(name));
  if (!ofNumbers) return ofText.length > 0;
  return ofText.some((name) => FLOATS.includes(view.value(name)?.type));
}
