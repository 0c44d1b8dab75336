/** Which backends to try, in which order. */
import type { BackendChoice, BackendName } from './backend';

/**
 * Those that answer first: they start in a moment and are right on nearly every
 * machine. WASM comes last, as it runs everywhere.
 */
export function startingOrder(
  choice: BackendChoice,
  present: readonly BackendName[],
): BackendName[] {
  if (choice === 'wasm') return ['wasm'];
  return (['native', 'wasm'] as const).filter((name) => present.includes(name));
}

/**
 * A pass of 128 tokens that takes less than this many milliseconds gains nothing that
 * a person sees from the graphics card, whose driver is not worth waking for it.
 */
const WORTH_THE_GPU_MS = 200;

/**
 * Whether the graphics card is to be tried in the place of `running`, whose pass of 128
 * tokens takes `passMs`: when it is asked for, and on the desktop when it may help. In a
 * browser it takes a download, which is not for us to decide.
 */
export function triesGpu(
  choice: BackendChoice,
  present: readonly BackendName[],
  passMs: number,
): boolean {
  if (!present.includes('webgpu')) return false;
  return (
    choice === 'webgpu' ||
    (choice === 'auto' && present.includes('native') && passMs > WORTH_THE_GPU_MS)
  );
}
