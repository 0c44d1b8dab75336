/** Memory of the SIMD kernel: a first-fit free list over one WebAssembly memory. */
import { FLOAT_BYTES } from './packing';

const PAGE = 65_536;
/** SIMD loads are fastest, and never straddle a page, when aligned to their size. */
const ALIGNMENT = 16;

interface Gap {
  at: number;
  bytes: number;
}

/**
 * Hands out ranges of bytes and takes them back. The memory grows only when no
 * gap is large enough, and what is given back is joined with its neighbours, so
 * windows that come and go do not make it grow for ever.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  /** Ascending, never adjacent. */
  readonly #gaps: Gap[];
  readonly #sizes = new Map<number, number>();

  /** Addresses below `reserved` are left alone. */
  constructor(memory: WebAssembly.Memory, reserved: number) {
    this.memory = memory;
    const at = aligned(reserved);
    this.#gaps = [{ at, bytes: memory.buffer.byteLength - at }];
  }

  /** Bytes that are handed out. */
  get used(): number {
    let sum = 0;
    for (const bytes of this.#sizes.values()) sum += bytes;
    return sum;
  }

  /** Address of at least `bytes` bytes. Throws RangeError when the memory cannot grow. */
  allocate(bytes: number): number {
    const size = aligned(Math.max(bytes, 1));
    const gap = this.#gaps.find((each) => each.bytes >= size) ?? this.#grow(size);
    const { at } = gap;
    gap.at += size;
    gap.bytes -= size;
    if (gap.bytes === 0) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    this.#sizes.set(at, size);
    return at;
  }

  /** Takes back what {@link allocate} returned; anything else is ignored. */
  free(at: number): void {
    const bytes = this.#sizes.get(at);
    if (bytes === undefined) return;
    this.#sizes.delete(at);
    const next = this.#gaps.findIndex((gap) => gap.at > at);
    const index = next < 0 ? this.#gaps.length : next;
    this.#gaps.splice(index, 0, { at, bytes });
    this.#join(index);
    this.#join(index - 1);
  }

  /** All memory as floats; good until the next {@link allocate}. */
  floats(): Float32Array {
    return new Float32Array(this.memory.buffer);
  }

  /** As {@link floats}. */
  doubles(): Float64Array {
    return new Float64Array(this.memory.buffer);
  }

  write(values: Float32Array, at: number): void {
    this.floats().set(values, at / FLOAT_BYTES);
  }

  #grow(size: number): Gap {
    const end = this.memory.buffer.byteLength;
    const last = this.#gaps.at(-1);
    const tail = last && last.at + last.bytes === end ? last : undefined;
    const pages = Math.ceil((size - (tail?.bytes ?? 0)) / PAGE);
    this.memory.grow(pages);
    if (tail) {
      tail.bytes += pages * PAGE;
      return tail;
    }
    const gap = { at: end, bytes: pages * PAGE };
    this.#gaps.push(gap);
    return gap;
  }

  /** Joins the gap with the one behind it if they touch. */
  #join(index: number): void {
    const gap = this.#gaps[index];
    const next = this.#gaps[index + 1];
    if (!gap || !next || gap.at + gap.bytes !== next.at) return;
    gap.bytes += next.bytes;
    this.#gaps.splice(index + 1, 1);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
