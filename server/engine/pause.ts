/** Lets messages in between the steps of a long computation. */

import { cancelled } from './until';

/** How long a computation may keep messages waiting. */
const BREATH_MS = 50;

/**
 * Resolves after every message that is already waiting has been delivered. A message to
 * oneself goes there and back twice: the first may overtake one that waits at another port,
 * not so the second. Timers do it as well, but take milliseconds each time.
 */
export async function pause(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  for (let i = 0; i < 2; i++) {
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  }
  // An open port would keep the process alive.
  port1.close();
}

/** How long whoever has got an answer takes to ask the next question, at most times. */
const LULL_MS = 10;

/** Resolves a moment later, when the next question would have come. */
export function lull(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LULL_MS));
}

/** A checkpoint: lets messages in, then throws `cancelled` if the caller has given up. */
export async function checkpoint(signal: AbortSignal): Promise<void> {
  await pause();
  if (signal.aborted) {
    throw cancelled();
  }
}

/** A {@link checkpoint} that costs nothing when the last one was a moment ago. */
export function breather(signal: AbortSignal, moment = BREATH_MS): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (signal.aborted) throw cancelled();
    if (performance.now() - last < moment) return;
    await checkpoint(signal);
    last = performance.now();
  };
}
