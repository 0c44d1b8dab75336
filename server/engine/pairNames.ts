/** What the windows of a pair of texts are called. */

const CROSS = ':cross';

/** The name of the attention across two texts; under `window` is that of the decoder to its own. */
export function crossWindow(window: string): string {
  return window + CROSS;
}

/** The name that was given to both together. */
export function pairName(window: string): string {
  return window.endsWith(CROSS) ? window.slice(0, -CROSS.length) : window;
}
