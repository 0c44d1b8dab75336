/** Lets messages in between the steps of a long computation. */

import { cancelled } from './until';

/** How long a computation may keep messages waiting. */
const BREATH_MS = 50;

/**
 * Resolves after every message that is already waiting has been delivered. Two
 * timers in a row: Node may fire the first before it looks at its ports.
 */
export async function pause(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** A checkpoint: lets messages in, then throws `cancelled` if the caller has given up. */
export async function checkpoint(signal: AbortSignal): Promise<void> {
  await pause();
  if (signal.aborted) {
    throw cancelled();
  }
}

/** A {@link checkpoint} that costs nothing when the last one was a moment ago. */
export function breather(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATH_MS) return;
    await checkpoint(signal);
    last = performance.now();
  };
}
