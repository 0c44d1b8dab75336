import assert from 'node:assert';

/** Fails unless both have the same length and no two numbers differ by more than `tolerance`. */
export function closeTo(
  actual: ArrayLike<number>,
  expected: ArrayLike<number | null>,
  tolerance: number,
): void {
  assert.equal(actual.length, expected.length);
  for (let index = 0; index < actual.length; index++) {
    const wanted = expected[index] ?? -Infinity;
    const found = actual[index]!;
    const near = found === wanted || Math.abs(found - wanted) <= tolerance;
    assert.ok(near, `at ${index}: ${found} is not ${wanted} within ${tolerance}`);
  }
}
