/** Memory that an operation of the SIMD kernel needs while it runs. */
import { FLOAT_BYTES, LANES, padded } from './packing';
import { HEAD_BYTES } from './simdHead';
import type { Arena } from './arena';

/** Given back as a whole by {@link release}. */
export class Scratch {
  /** float32 [key]: 0, or −∞ where a key is excluded or is padding. */
  readonly bias: number;
  /** float32 [4][padded token]. */
  readonly row: number;
  /** One head's description (assembly/head.ts). */
  readonly head: number;
  readonly #arena: Arena;
  readonly #taken: number[] = [];

  constructor(arena: Arena, tokens: number, excluded: readonly number[]) {
    this.#arena = arena;
    this.row = this.floats(LANES * padded(tokens));
    this.head = this.floats(HEAD_BYTES / FLOAT_BYTES);
    this.bias = this.zeros(padded(tokens));
    const bias = arena.floats().subarray(this.bias / FLOAT_BYTES);
    bias.fill(-Infinity, tokens, padded(tokens));
    for (const key of excluded) bias[key] = -Infinity;
  }

  floats(count: number): number {
    const at = this.#arena.allocate(count * FLOAT_BYTES);
    this.#taken.push(at);
    return at;
  }

  zeros(count: number): number {
    const at = this.floats(count);
    this.#arena.floats().fill(0, at / FLOAT_BYTES, at / FLOAT_BYTES + count);
    return at;
  }

  release(): void {
    for (const at of this.#taken) this.#arena.free(at);
  }
}
