/**
 * Seeded pseudo-random numbers, the same in every JavaScript engine and in NumPy:
 * mulberry32 (Tommy Ettinger, 2017, public domain). Its state grows by a constant,
 * so that number i needs no earlier one and array code can make them all at once.
 */

/** Added to the state before each number. */
const INCREMENT = 0x6d2b79f5;

/** The next uniform number in [0, 1), a multiple of 2⁻³². */
export type Generator = () => number;

/** A generator that starts at `seed`, of which the lower 32 bits count. */
export function seededGenerator(seed: number): Generator {
  let state = seed >>> 0;
  return () => {
    state = (state + INCREMENT) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in a random order (Fisher–Yates, from the last place down). */
export function shuffled<T>(items: readonly T[], next: Generator): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(next() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
