/** One line of a list of weights. */
export interface Ranked {
  token: number;
  weight: number;
}

/** The strongest weights first, without the tokens named; equal ones in the order of the text. */
export function strongest(
  weights: ArrayLike<number>,
  count: number,
  without: ReadonlySet<number>,
): Ranked[] {
  return Array.from(weights, (weight, token) => ({ token, weight }))
    .filter(({ token, weight }) => weight > 0 && !without.has(token))
    .sort((a, b) => b.weight - a.weight || a.token - b.token)
    .slice(0, count);
}
