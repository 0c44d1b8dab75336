const comparisons = new Map<string, number>();

/**
 * Orders two combining characters by canonical combining class. The host does not
 * tell classes, but it swaps two marks that are out of order.
 */
export function compareClasses(a: string, b: string): number {
  if (a === b) return 0;
  const pair = a + b;
  let order = comparisons.get(pair);
  if (order === undefined) {
    const swapped = b + a;
    if (pair.normalize('NFD') === swapped) order = 1;
    else order = swapped.normalize('NFD') === pair ? -1 : 0;
    comparisons.set(pair, order);
  }
  return order;
}
