/** What fused attention nodes have in common. */
import * as l10n from '@vscode/l10n';
import type { NotShown } from '../attention';
import type { GraphView } from '../graphView';
import { floatOf, type GraphNode } from '../node';
import { MERGED, type TapPoint } from '../operand';
import type { AxisLabel } from '../product';
import type { ScoreStep } from '../scores';

export const MICROSOFT = 'com.microsoft';

export interface HeadsOf {
  name: string;
  heads: number;
  headSize: number;
  tokens: number;
  type: number | undefined;
}

/** [1, token, head · size] */
export function mergedPoint(
  { name, heads, headSize, tokens, type }: HeadsOf,
  token: AxisLabel,
): TapPoint {
  return { name, labels: ['b0', token, MERGED], factor: 1, heads, headSize, tokens, type };
}

/** [1, head, token, size] */
export function plainPoint(
  { name, heads, headSize, tokens, type }: HeadsOf,
  token: AxisLabel,
  size: AxisLabel,
): TapPoint {
  return { name, labels: ['b0', 'b1', token, size], factor: 1, heads, headSize, tokens, type };
}

/** The scale of a node, with what is usual where it says none (Vaswani et al. 2017), and its soft cap. */
export function scaleSteps(node: GraphNode, headSize: number): ScoreStep[] {
  const given = floatOf(node, 'scale');
  const scale = given === undefined || given === 0 ? 1 / Math.sqrt(headSize) : given;
  const cap = floatOf(node, 'softcap') ?? 0;
  const scaled: ScoreStep = { kind: 'factor', value: scale };
  if (cap <= 0) return [scaled];
  return [
    scaled,
    { kind: 'factor', value: 1 / cap },
    { kind: 'tanh' },
    { kind: 'factor', value: cap },
  ];
}

export function whereOf(node: GraphNode): string {
  return node.name || node.outputs[0] || node.operator;
}

export function shapeless(node: GraphNode): NotShown {
  return {
    where: whereOf(node),
    reason: l10n.t('the axes of its queries, keys or values cannot be told apart'),
  };
}

export function unusualForm(node: GraphNode): NotShown {
  return {
    where: whereOf(node),
    reason: l10n.t('this form of the operator {0} is not known here', node.operator),
  };
}

/** Whether an optional input is used and is more than nothing: a past of no tokens is nothing. */
export function isUsed(view: GraphView, name: string | undefined): boolean {
  if (!name) return false;
  const dims = view.dims(name);
  return dims === undefined || !dims.includes(0);
}
