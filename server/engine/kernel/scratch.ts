/** Memory that an operation of the SIMD kernel needs while it runs. */
import { DOUBLE_BYTES, FLOAT_BYTES, HALVES, LANES, padded } from './packing';
import { HEAD_BYTES } from './simdHead';
import { keyCount, type LayerShape } from './kernel';
import type { Arena } from './arena';

/** Given back as a whole by {@link release}. */
export class Scratch {
  /** float32 [key]: what is added to scores, 0 unless set; −∞ where a key is excluded or is padding. */
  readonly bias: number;
  /** float32 [4][padded key]. */
  readonly row: number;
  /** One head's description (assembly/head.ts). */
  readonly head: number;
  readonly #arena: Arena;
  readonly #taken: number[] = [];
  readonly #queries: number;
  readonly #keys: number;
  readonly #excluded: readonly number[];
  #set: Float32Array | undefined;
  #room: { query: number; keys: number } | undefined;
  #nothing: number | undefined;
  #keysOf: { layer: unknown; keyHead: number } | undefined;

  constructor(
    arena: Arena,
    shape: Pick<LayerShape, 'tokens' | 'keys'>,
    excluded: readonly number[],
  ) {
    this.#arena = arena;
    this.#queries = shape.tokens;
    this.#keys = keyCount(shape);
    this.row = this.floats(LANES * padded(this.#keys));
    this.head = this.floats(HEAD_BYTES / FLOAT_BYTES);
    this.bias = this.zeros(padded(this.#keys));
    this.#excluded = excluded;
    this.#mask();
  }

  /** Has `bias` [key] added to the scores of the head that comes next; nothing without it. */
  setBias(bias?: Float32Array): void {
    if (bias === this.#set) return;
    this.#set = bias;
    const floats = this.#arena.floats();
    const at = this.bias / FLOAT_BYTES;
    if (bias) floats.set(bias, at);
    else floats.fill(0, at, at + this.#keys);
    this.#mask();
  }

  /** Room for one head in float32, which the next head may overwrite. */
  roomForHead(headSize: number): { query: number; keys: number } {
    this.#room ??= {
      query: this.floats((this.#queries + LANES) * headSize + HALVES),
      keys: this.floats(padded(this.#keys) * headSize + HALVES),
    };
    return this.#room;
  }

  /** float32 [padded key] of zeros. */
  get nothing(): number {
    return (this.#nothing ??= this.zeros(padded(this.#keys)));
  }

  /** Whether the room holds these keys already; from now on it counts as if it did. */
  holdsKeys(layer: unknown, keyHead: number): boolean {
    const held = this.#keysOf?.layer === layer && this.#keysOf?.keyHead === keyHead;
    this.#keysOf = { layer, keyHead };
    return held;
  }

  floats(count: number): number {
    const at = this.#arena.allocate(count * FLOAT_BYTES);
    this.#taken.push(at);
    return at;
  }

  /** With what they begin with, if that is given. */
  doubles(count: number, values?: Float64Array): number {
    const at = this.floats((count * DOUBLE_BYTES) / FLOAT_BYTES);
    if (values) this.#arena.doubles().set(values, at / DOUBLE_BYTES);
    return at;
  }

  zeros(count: number): number {
    const at = this.floats(count);
    this.#arena.floats().fill(0, at / FLOAT_BYTES, at / FLOAT_BYTES + count);
    return at;
  }

  #mask(): void {
    const bias = this.#arena.floats().subarray(this.bias / FLOAT_BYTES);
    bias.fill(-Infinity, this.#keys, padded(this.#keys));
    for (const key of this.#excluded) bias[key] = -Infinity;
  }

  release(): void {
    for (const at of this.#taken) this.#arena.free(at);
  }
}
