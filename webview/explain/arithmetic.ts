/** The arithmetic of one weight, brought into an order and a precision in which it can be read. */

/** What one dimension adds. */
export interface Term {
  dimension: number;
  product: number;
}

/** The largest terms first, whatever their sign; equal ones in the order of the dimensions. */
export function bySize(products: ArrayLike<number>): Term[] {
  return Array.from(products, (product, dimension) => ({ dimension, product })).sort(
    (a, b) => Math.abs(b.product) - Math.abs(a.product) || a.dimension - b.dimension,
  );
}

/** One term as it is printed, in units of the last printed digit, and the sum up to it. */
export interface PrintedTerm {
  term: number;
  sum: number;
}

/**
 * Terms rounded to `digits` decimals so that what is printed adds up to what is printed: each
 * running sum is rounded by itself, and a term is what lies between two of them. It differs from
 * its own rounding by one unit of the last digit at most.
 */
export function addingUp(terms: readonly number[], digits: number): PrintedTerm[] {
  const unit = 10 ** digits;
  let exact = 0;
  let before = 0;
  return terms.map((term) => {
    exact += term;
    // Plus 0: a sum of almost nothing is no −0.
    const sum = Math.round(exact * unit) + 0;
    const printed = { term: (sum - before) / unit, sum: sum / unit };
    before = sum;
    return printed;
  });
}

/**
 * d where the scale is 1/√d for a whole d, as Vaswani et al. (2017) scale; null for any other
 * scale (1 is none at all).
 */
export function rootDivisor(scale: number): number | null {
  const d = Math.round(1 / scale ** 2);
  return d > 1 && Math.abs(1 / Math.sqrt(d) - scale) < 1e-6 * scale ? d : null;
}

/** A number with so many decimals and a true minus. */
export function decimals(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A number to be added to another: its sign, a space, its size. */
export function addend(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'} ${Math.abs(value).toFixed(digits)}`;
}

/** Heads with the largest weights for one pair. */
export interface RankedHead {
  layer: number;
  head: number;
  weight: number;
}

/** `weights`: [layer, head], NaN for layers that are left out; the largest first, at most `count`. */
export function strongestHeads(
  weights: ArrayLike<number>,
  heads: number,
  count: number,
): RankedHead[] {
  return Array.from(weights, (weight, at) => ({
    layer: Math.floor(at / heads),
    head: at % heads,
    weight,
  }))
    .filter(({ weight }) => !Number.isNaN(weight))
    .sort((a, b) => b.weight - a.weight || a.layer - b.layer || a.head - b.head)
    .slice(0, count);
}
