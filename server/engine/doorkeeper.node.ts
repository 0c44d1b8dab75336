/**
 * Keeps a thread from being ended while it is inside native code. When ONNX Runtime's
 * binding comes back into a thread that is being torn down, it ends the whole process:
 * the thread's owner waits at the door until it is out, a layer's time at most.
 */
import type { OpenSession, Session } from './session';

/** How long the owner waits; what takes longer hangs, and goes down with whatever it takes along. */
const PATIENCE_MS = 3000;

/** How many are inside; below 0 nobody comes in any more. */
const CELL = 0;
const SHUT = -1;

/** One door, seen from both threads through the same shared memory. */
export class Door {
  readonly cell: Int32Array;

  constructor(cell = new Int32Array(new SharedArrayBuffer(4))) {
    this.cell = cell;
  }

  /** Does `work` inside; once the door is shut, nothing is begun and nothing comes back. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#enter()) return new Promise<never>(() => undefined);
    try {
      return await work();
    } finally {
      Atomics.sub(this.cell, CELL, 1);
      Atomics.notify(this.cell, CELL);
    }
  }

  /** Waits until nobody is inside, and lets nobody in again. Blocks the thread that calls it. */
  shut(): void {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const inside = Atomics.compareExchange(this.cell, CELL, 0, SHUT);
      const rest = end - performance.now();
      if (inside <= 0 || rest <= 0) return;
      Atomics.wait(this.cell, CELL, inside, rest);
    }
  }

  #enter(): boolean {
    for (;;) {
      const inside = Atomics.load(this.cell, CELL);
      if (inside < 0) return false;
      if (Atomics.compareExchange(this.cell, CELL, inside, inside + 1) === inside) return true;
    }
  }
}

/** The same sessions, whose native ones are inside the door whenever they work. */
export function behind(door: Door, openSession: OpenSession): OpenSession {
  return async (source) => {
    const { backend = 'wasm' } = source;
    if (backend === 'wasm') return openSession(source);
    return guarded(door, await door.through(() => openSession(source)));
  };
}

function guarded(door: Door, session: Session): Session {
  const { backend, threads, version, outputs } = session;
  return {
    backend,
    threads,
    version,
    outputs,
    run: (feeds, names) => door.through(() => session.run(feeds, names)),
    release: () => door.through(() => session.release()),
  };
}
