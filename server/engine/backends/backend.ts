/** What can compute a model's graph. */

/**
 * `wasm`: ONNX Runtime's WebAssembly, which runs everywhere. `native`: its own
 * code for this processor, on the desktop. `webgpu`: the graphics card.
 */
export type BackendName = 'wasm' | 'native' | 'webgpu';

/** What a person asks for; `auto` is the fastest that is there and gives the right numbers. */
export type BackendChoice = 'auto' | BackendName;

/** A backend that was wanted, and the sentence that says why it is not used. */
export interface PassedOver {
  backend: BackendName;
  reason: string;
}

/** More threads than this gain little on one window and take the processor away from the editor. */
const MOST_NATIVE_THREADS = 4;

/**
 * Threads for a backend on a machine with `cores`: what is asked for, or if that is
 * 0, half the cores up to four for native code and one for WebAssembly, whose
 * threads cost more than they bring as soon as anything else runs.
 */
export function threadsFor(backend: BackendName, asked: number, cores: number): number {
  if (asked > 0) return asked;
  if (backend !== 'native') return 1;
  return Math.min(MOST_NATIVE_THREADS, Math.max(1, Math.floor(cores / 2)));
}
