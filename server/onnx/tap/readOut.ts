/** From a softmax on to the product of weights and values. */
import type { GraphView } from './graphView';
import { productOf, type Product } from './product';
import { countOf } from './tensor';

export interface ReadOut {
  /** The weights as they enter the product. */
  weights: string;
  product: Product;
}

/** What weights go through on their way: masks of heads, casts, a rounding to 8 bits. */
const PASSED = new Set(
  (
    'Cast Identity Dropout Where Mul Div Add Reshape Squeeze Unsqueeze Slice QuantizeLinear ' +
    'DequantizeLinear DynamicQuantizeLinear'
  ).split(' '),
);
const ROUNDING = new Set(['QuantizeLinear', 'DynamicQuantizeLinear']);

const MOST_STEPS = 16;

/** Null where nothing that depends on the text is weighted. */
export function readOutAfter(view: GraphView, softmax: string): ReadOut | null {
  let open = [{ name: softmax, weights: softmax }];
  for (let step = 0; step < MOST_STEPS && open.length > 0; step++) {
    const next: typeof open = [];
    for (const { name, weights } of open) {
      for (const node of view.readers(name)) {
        const product = node.inputs[0] === name ? productOf(view, node) : null;
        if (product) return { weights, product };
        if (!PASSED.has(node.operator)) continue;
        const [output = ''] = node.outputs;
        const rounded = ROUNDING.has(node.operator) || node.operator === 'DequantizeLinear';
        const kept = !rounded && isWeights(view, softmax, output);
        next.push({ name: output, weights: kept ? output : weights });
      }
    }
    open = next;
  }
  return null;
}

/** At least nearly as many numbers: a column of sinks may have been cut off. */
function isWeights(view: GraphView, softmax: string, name: string): boolean {
  const [from, to] = [view.dims(softmax), view.dims(name)];
  if (!from || !to) return false;
  return countOf(to) <= countOf(from) && 2 * countOf(to) > countOf(from);
}
