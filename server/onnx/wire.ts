/**
 * Writes protocol-buffer messages, as far as ONNX needs them: varints,
 * length-delimited fields and 32-bit floats.
 * Format: protobuf.dev, "Encoding".
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** One message that grows field by field; fields come out in the order they were written. */
export class MessageWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** An int32, int64 or enum. Negative numbers take ten bytes, as the format says. */
  integer(field: number, value: number | bigint): this {
    this.#tag(field, VARINT);
    return this.#append(varint(value));
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#tag(field, FIXED_32);
    return this.#append(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, LENGTH_DELIMITED);
    this.#append(varint(value.length));
    return this.#append(value);
  }

  /** UTF-8. */
  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  /** A repeated integer field in packed form. */
  packedIntegers(field: number, values: readonly (number | bigint)[]): this {
    return this.bytes(field, concatenate(values.map(varint)));
  }

  /** A field that is encoded already, its tag included. */
  raw(field: Uint8Array): this {
    return this.#append(field);
  }

  /** The message's bytes so far. */
  finish(): Uint8Array {
    return concatenate(this.#chunks, this.#length);
  }

  #tag(field: number, wireType: number): void {
    this.#append(varint(field * 8 + wireType));
  }

  #append(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}

/** Base-128, least significant group first; negative values as 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function concatenate(
  chunks: readonly Uint8Array[],
  length = chunks.reduce((sum, chunk) => sum + chunk.length, 0),
): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
