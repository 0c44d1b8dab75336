/** The few assertions that a suite in a web worker needs; `node:assert` is not there. */

export function ok(value: unknown, message: string): asserts value {
  if (!value) throw new Error(message);
}

export function equal<T>(actual: T, expected: T, message = ''): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${message} expected ${right}, got ${left}`.trim());
}

export async function rejects(work: PromiseLike<unknown>, reason: string): Promise<void> {
  try {
    await work;
  } catch (error) {
    equal((error as { reason?: unknown }).reason, reason, 'reason:');
    return;
  }
  throw new Error(`expected a failure with reason "${reason}"`);
}

/** Waits for a state, by asking for it again whenever VS Code had a turn. */
export async function until(holds: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
