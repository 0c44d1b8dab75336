/** Products of two values that both depend on the text, with what each axis of them stands for. */
import type { GraphView } from './graphView';
import { floatOf, integerOf, textAttribute, type GraphNode } from './node';

/**
 * What an axis stands for. `b0`, `b1` …: axes that both have, such as batch and head; `r`:
 * rows of the result; `c`: its columns; `x`: what is summed over.
 */
export type AxisLabel = string;

export interface Operand {
  name: string;
  labels: readonly AxisLabel[];
}

export interface Product {
  node: GraphNode;
  left: Operand;
  right: Operand;
  /** What the sum is multiplied with. */
  factor: number;
  /** Whether its operands were rounded to 8 bits. */
  quantised: boolean;
}

/** Null where the node is no product, or one with weights. */
export function productOf(view: GraphView, node: GraphNode): Product | null {
  const { operator, inputs } = node;
  const [a, b] = inputs;
  if (!a || !b || !view.isText(a) || !view.isText(b)) return null;
  switch (operator) {
    case 'MatMul':
      return matrices(view, node, 1, false, false);
    case 'MatMulInteger':
      return matrices(view, node, 1, false, false);
    case 'FusedMatMul':
    case 'FusedGemm':
      return fused(view, node);
    case 'Einsum':
      return einsum(view, node);
    default:
      return null;
  }
}

function fused(view: GraphView, node: GraphNode): Product | null {
  if (integerOf(node, 'transBatchA') === 1 || integerOf(node, 'transBatchB') === 1) return null;
  const turned = (name: string): boolean => integerOf(node, name) === 1;
  return matrices(view, node, floatOf(node, 'alpha') ?? 1, turned('transA'), turned('transB'));
}

function matrices(
  view: GraphView,
  node: GraphNode,
  factor: number,
  leftTurned: boolean,
  rightTurned: boolean,
): Product | null {
  const [a, b] = node.inputs as [string, string];
  const [leftRank, rightRank] = [view.dims(a)?.length, view.dims(b)?.length];
  if (!leftRank || leftRank < 2 || leftRank > 5 || rightRank !== leftRank) return null;
  const shared = Array.from({ length: leftRank - 2 }, (_, axis) => `b${axis}`);
  const quantised = node.operator === 'MatMulInteger';
  return {
    node,
    left: { name: a, labels: [...shared, ...(leftTurned ? ['x', 'r'] : ['r', 'x'])] },
    right: { name: b, labels: [...shared, ...(rightTurned ? ['c', 'x'] : ['x', 'c'])] },
    factor,
    quantised,
  };
}

function einsum(view: GraphView, node: GraphNode): Product | null {
  const equation = (textAttribute(node, 'equation') ?? '').replace(/\s/g, '');
  const match = /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)$/.exec(equation);
  if (!match || node.inputs.length !== 2) return null;
  const [left, right, out] = match.slice(1).map((part) => [...part]) as [
    string[],
    string[],
    string[],
  ];
  const labels = new Map<string, AxisLabel>();
  let shared = 0;
  for (const letter of out) {
    const [inLeft, inRight] = [left.includes(letter), right.includes(letter)];
    if (inLeft && inRight) labels.set(letter, `b${shared++}`);
    else if (labelled(labels, inLeft ? 'r' : 'c')) return null;
    else labels.set(letter, inLeft ? 'r' : 'c');
  }
  const summed = left.filter((letter) => right.includes(letter) && !out.includes(letter));
  if (summed.length !== 1) return null;
  labels.set(summed[0]!, 'x');
  const named = (letters: string[]) => letters.map((letter) => labels.get(letter));
  const [l, r] = [named(left), named(right)];
  if (l.includes(undefined) || r.includes(undefined)) return null;
  if (named(out).join() !== [...sharedNames(shared), 'r', 'c'].join()) return null;
  return {
    node,
    left: { name: node.inputs[0]!, labels: l as string[] },
    right: { name: node.inputs[1]!, labels: r as string[] },
    factor: 1,
    quantised: false,
  };
}

function labelled(labels: ReadonlyMap<string, string>, label: string): boolean {
  return [...labels.values()].includes(label);
}

function sharedNames(count: number): string[] {
  return Array.from({ length: count }, (_, axis) => `b${axis}`);
}
