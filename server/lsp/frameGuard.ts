/**
 * Watches the frames of the base protocol go by. The reader of the library waits for
 * as many bytes as a header promises, and a header can promise more than there will
 * ever be: such a server would look alive and answer nothing.
 */

/** No JavaScript engine of today holds a longer string than about this, so that no JSON is. */
export const MAX_FRAME_BYTES = 2 ** 29;

const SEPARATOR = [13, 10, 13, 10];
const LENGTH = /^content-length:[ \t]*(\d+)[ \t]*$/im;

export class FrameGuard {
  #header = '';
  /** How much of the separator between header and body has been seen. */
  #matched = 0;
  #bodyLeft = 0;

  /** Looks at the next bytes; returns the length of a frame that is too long, once it is announced. */
  accept(bytes: Uint8Array): number | undefined {
    for (let at = 0; at < bytes.length;) {
      if (this.#bodyLeft > 0) {
        const passed = Math.min(this.#bodyLeft, bytes.length - at);
        this.#bodyLeft -= passed;
        at += passed;
        continue;
      }
      const length = this.#acceptHeader(bytes[at++] ?? 0);
      if (length === undefined) continue;
      if (length > MAX_FRAME_BYTES) return length;
      this.#bodyLeft = length;
    }
    return undefined;
  }

  /** The length of the body when this byte ends a header; 0 where the header names none. */
  #acceptHeader(byte: number): number | undefined {
    this.#header += String.fromCharCode(byte);
    this.#matched = byte === SEPARATOR[this.#matched] ? this.#matched + 1 : byte === 13 ? 1 : 0;
    if (this.#matched < SEPARATOR.length) return undefined;
    const length = Number(LENGTH.exec(this.#header)?.[1] ?? 0);
    this.#header = '';
    this.#matched = 0;
    return length;
  }
}
