/** A layer in the memory of the SIMD kernel, in float32 or float16. */
import { fromFloat16Bits } from '../../onnx/float16';
import { keyCount, keyHeadOf } from './kernel';
import { BLOCK, FLOAT_BYTES, HALF_BYTES, padded } from './packing';
import { writeHead, type RuleAddresses } from './simdHead';
import type { Arena } from './arena';
import type { Head, LayerShape, StoredLayer } from './kernel';
import type { Scratch } from './scratch';

/** Addresses of a layer in the kernel's memory; 0 where it has no such thing. */
export interface LayerAddresses extends RuleAddresses {
  query: number;
  keys: number;
}

/** Reads halves and writes as many floats, as assembly/halves.ts does. */
export type FromHalves = (source: number, target: number, count: number) => void;

export abstract class SimdLayer implements StoredLayer {
  readonly shape: LayerShape;
  protected readonly at: LayerAddresses;
  protected readonly arena: Arena;
  #released = false;

  constructor(shape: LayerShape, at: LayerAddresses, arena: Arena) {
    this.shape = shape;
    this.at = at;
    this.arena = arena;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    // Freeing 0, which is no address of the arena's, does nothing.
    for (const address of Object.values<number>({ ...this.at })) this.arena.free(address);
  }

  queryVector(head: number, token: number): Float32Array {
    const { tokens, headSize } = this.shape;
    const from = (head * tokens + token) * headSize;
    return this.numbersAt(this.at.query, from, headSize, 1);
  }

  /** Keys lie in blocks of {@link BLOCK}, dimension by dimension. */
  keyVector(head: number, token: number): Float32Array {
    const { headSize } = this.shape;
    const blocks = padded(keyCount(this.shape)) / BLOCK;
    const block = keyHeadOf(this.shape, head) * blocks + Math.floor(token / BLOCK);
    return this.numbersAt(
      this.at.keys,
      block * headSize * BLOCK + (token % BLOCK),
      headSize,
      BLOCK,
    );
  }

  /** Describes one head to the assembly, with the masks of an operation that reads `queries` of it. */
  describe(
    { head, keysOnly }: Pick<Head, 'head' | 'keysOnly'>,
    queries: readonly [number, number],
    scratch: Scratch,
  ): void {
    const keyHead = keyHeadOf(this.shape, head);
    const floats = this.floatsOf(head, keyHead, queries, scratch);
    const zeros = this.shape.cap === undefined ? 0 : scratch.nothing;
    const sink = (keysOnly ? undefined : this.shape.sinks?.[head]) ?? -Infinity;
    const addresses = { ...floats, bias: scratch.bias, sink, zeros };
    writeHead(this.arena, scratch.head, this.shape, head, addresses, this.at);
  }

  /** So many numbers, `step` apart, of those that are kept from an address on. */
  protected abstract numbersAt(
    address: number,
    from: number,
    count: number,
    step: number,
  ): Float32Array;

  /** Where the head's queries (those that are asked for, at least) and its packed keys lie in float32. */
  protected abstract floatsOf(
    head: number,
    keyHead: number,
    queries: readonly [number, number],
    scratch: Scratch,
  ): { query: number; keys: number };
}

export class FloatLayer extends SimdLayer {
  protected numbersAt(address: number, from: number, count: number, step: number): Float32Array {
    const first = address / FLOAT_BYTES + from;
    const all = this.arena.floats();
    return Float32Array.from({ length: count }, (_, at) => all[first + at * step]!);
  }

  protected floatsOf(head: number, keyHead: number): { query: number; keys: number } {
    const { tokens, headSize } = this.shape;
    return {
      query: this.at.query + head * tokens * headSize * FLOAT_BYTES,
      keys: this.at.keys + keyHead * padded(keyCount(this.shape)) * headSize * FLOAT_BYTES,
    };
  }
}

/** Half the memory; a head is brought to float32 for the time of an operation. */
export class HalfLayer extends SimdLayer {
  readonly #fromHalves: FromHalves;

  constructor(shape: LayerShape, at: LayerAddresses, arena: Arena, fromHalves: FromHalves) {
    super(shape, at, arena);
    this.#fromHalves = fromHalves;
  }

  protected numbersAt(address: number, from: number, count: number, step: number): Float32Array {
    const first = address / HALF_BYTES + from;
    const all = new Uint16Array(this.arena.memory.buffer);
    return fromFloat16Bits(Uint16Array.from({ length: count }, (_, at) => all[first + at * step]!));
  }

  protected floatsOf(
    head: number,
    keyHead: number,
    [from, to]: readonly [number, number],
    scratch: Scratch,
  ): { query: number; keys: number } {
    const { tokens, headSize } = this.shape;
    const { query, keys } = scratch.roomForHead(headSize);
    if (!scratch.holdsKeys(this, keyHead)) {
      const count = padded(keyCount(this.shape)) * headSize;
      this.#fromHalves(this.at.keys + keyHead * count * HALF_BYTES, keys, count);
    }
    const first = (head * tokens + from) * headSize;
    this.#fromHalves(
      this.at.query + first * HALF_BYTES,
      query + from * headSize * FLOAT_BYTES,
      (to - from) * headSize,
    );
    return { query, keys };
  }
}
