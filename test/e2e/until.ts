/** Waiting for states that no selector describes. */

/** Long enough for a cold start of the model on a busy machine. */
const limitMs = 60_000;
const stepMs = 50;

/** Asks again until there is an answer other than undefined. Throws an error that names what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + limitMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
  throw new Error(`Waited in vain for ${what}.`);
}
