/** From what enters a softmax back to the product of queries and keys, and what was done to it on the way. */
import type { GraphView } from './graphView';
import { floatOf, integerOf, type GraphNode } from './node';
import { productOf, type Product } from './product';

/** One thing that is done to scores, in the order in which it is done; names are those of values. */
export type ScoreStep =
  | { kind: 'times'; name: string; inverse: boolean }
  | { kind: 'factor'; value: number }
  | { kind: 'plus'; name: string; sign: 1 | -1 }
  /** Where `condition` is not `kept`, the score becomes `fill`. */
  | { kind: 'where'; condition: string; kept: boolean; fill: string }
  /** Keys where the condition is not true are hidden. */
  | { kind: 'keep'; condition: string }
  /** Keys after the query are hidden. */
  | { kind: 'causal' }
  /** Keys more than so many tokens before or after the query are hidden. */
  | { kind: 'window'; reach: number }
  | { kind: 'sinkNumbers'; name: string }
  | { kind: 'atLeast'; value: number | undefined }
  | { kind: 'tanh' }
  /** The same numbers in another shape: that of this value. */
  | { kind: 'view'; name: string }
  /** A column behind the keys'. */
  | { kind: 'sinks'; name: string };

export interface Scores {
  product: Product;
  steps: readonly ScoreStep[];
}

/** Exporters write fewer than twenty steps. */
const MOST_STEPS = 48;

/** Null where the value does not come from such a product. */
export function scoresBefore(view: GraphView, name: string): Scores | null {
  return new Backwards(view).trace(name, 0);
}

class Backwards {
  readonly #view: GraphView;
  readonly #known = new Map<string, Scores | null>();

  constructor(view: GraphView) {
    this.#view = view;
  }

  trace(name: string, depth: number): Scores | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const node = this.#view.maker(name);
    const text = node && depth < MOST_STEPS && this.#view.isText(name);
    const found = text ? this.#through(node, depth + 1) : null;
    this.#known.set(name, found);
    return found;
  }

  #through(node: GraphNode, depth: number): Scores | null {
    const product = productOf(this.#view, node);
    if (product) {
      return {
        product,
        steps: product.factor === 1 ? [] : [{ kind: 'factor', value: product.factor }],
      };
    }
    const [first = ''] = node.inputs;
    const on = (...steps: ScoreStep[]) => this.#after(first, depth, steps);
    switch (node.operator) {
      case 'Cast':
      case 'Identity':
      case 'Dropout':
      case 'QuantizeLinear':
      case 'DequantizeLinear':
        return on();
      case 'Reshape':
      case 'Squeeze':
      case 'Unsqueeze':
        return on({ kind: 'view', name: node.outputs[0]! });
      case 'Expand':
      case 'Slice':
        return this.#sameShape(first, node.outputs[0]!) ? on() : null;
      case 'Tanh':
        return on({ kind: 'tanh' });
      case 'Mul':
      case 'Div':
        return this.#scaled(node, depth);
      case 'Add':
        return this.#sum(node, depth);
      case 'Sub':
        return this.#difference(node, depth);
      case 'Where':
        return this.#chosen(node, depth);
      case 'Max':
      case 'Clip':
        return this.#bounded(node, depth);
      case 'Concat':
        return this.#joined(node, depth);
      default:
        return null;
    }
  }

  #after(name: string, depth: number, steps: readonly ScoreStep[]): Scores | null {
    const before = this.trace(name, depth);
    return before && { product: before.product, steps: [...before.steps, ...steps] };
  }

  #sameShape(a: string, b: string): boolean {
    const [from, to] = [this.#view.dims(a), this.#view.dims(b)];
    return from !== undefined && from.join() === to?.join();
  }

  #scaled({ operator, inputs: [a = '', b = ''] }: GraphNode, depth: number): Scores | null {
    const inverse = operator === 'Div';
    const turns: readonly (readonly [string, string])[] = inverse
      ? [[a, b]]
      : [
          [a, b],
          [b, a],
        ];
    for (const [scores, by] of turns) {
      const before = this.trace(scores, depth);
      if (!before) continue;
      // What an 8-bit product is multiplied with only undoes the rounding of its operands.
      const undone =
        before.product.quantised &&
        this.#view.scalar(by) === undefined &&
        this.#view.isSingle(by) &&
        !before.steps.some(({ kind }) => kind === 'times');
      if (undone) return before;
      return {
        product: before.product,
        steps: [...before.steps, { kind: 'times', name: by, inverse }],
      };
    }
    return null;
  }

  #sum({ inputs }: GraphNode, depth: number): Scores | null {
    const found = inputs.flatMap((name, at) => {
      const other = inputs[1 - at];
      const scores = other
        ? this.#after(name, depth, [{ kind: 'plus', name: other, sign: 1 }])
        : null;
      return scores ? [scores] : [];
    });
    return shortest(found);
  }

  #difference({ inputs: [a = '', b = ''] }: GraphNode, depth: number): Scores | null {
    // The largest score taken off all of a row changes no weight.
    const largest = this.#view.maker(b);
    if (largest?.operator === 'ReduceMax' && largest.inputs[0] === a) return this.trace(a, depth);
    return this.#after(a, depth, [{ kind: 'plus', name: b, sign: -1 }]);
  }

  #chosen({ inputs: [condition = '', a = '', b = ''] }: GraphNode, depth: number): Scores | null {
    const sides = [
      this.#after(a, depth, [{ kind: 'where', condition, kept: true, fill: b }]),
      this.#after(b, depth, [{ kind: 'where', condition, kept: false, fill: a }]),
    ];
    return shortest(sides.filter((side) => side !== null));
  }

  #bounded(node: GraphNode, depth: number): Scores | null {
    if (node.operator === 'Clip') {
      const upper = floatOf(node, 'max') ?? this.#view.scalar(node.inputs[2] ?? '');
      if (upper !== undefined && upper < 1e30) return null;
      const value = floatOf(node, 'min') ?? this.#view.scalar(node.inputs[1] ?? '');
      return this.#after(node.inputs[0] ?? '', depth, [{ kind: 'atLeast', value }]);
    }
    for (const [at, name] of node.inputs.entries()) {
      const value = this.#view.scalar(node.inputs[1 - at] ?? '');
      const found = this.#after(name, depth, [{ kind: 'atLeast', value }]);
      if (found) return found;
    }
    return null;
  }

  #joined(node: GraphNode, depth: number): Scores | null {
    const [scores = '', sinks = ''] = node.inputs;
    const rank = this.#view.dims(scores)?.length;
    const axis = integerOf(node, 'axis') ?? 0;
    const last = rank !== undefined && (axis === -1 || axis === rank - 1);
    if (!last || node.inputs.length !== 2 || this.#view.dims(sinks)?.at(-1) !== 1) return null;
    return this.#after(scores, depth, [{ kind: 'sinks', name: sinks }]);
  }
}

function shortest(found: readonly Scores[]): Scores | null {
  return found.reduce<Scores | null>(
    (best, each) => (best && best.steps.length <= each.steps.length ? best : each),
    null,
  );
}
