/**
 * Reads protocol-buffer messages field by field, as far as ONNX needs them.
 * Format: protobuf.dev, "Encoding".
 */
import * as l10n from '@vscode/l10n';
import { OnnxError } from './onnxError';

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
/** Ten groups of seven bits hold 64. */
const MOST_VARINT_BYTES = 10;

export interface Field {
  number: number;
  /** The value of a varint, as a signed 64-bit integer; 0 for other fields. */
  integer: bigint;
  /** The content of a length-delimited field, a view of the message; empty for other fields. */
  bytes: Uint8Array;
  /** The field as it stands, its tag included; a view of the message. */
  whole: Uint8Array;
}

const EMPTY: Uint8Array = new Uint8Array(0);

/** The fields of a message in order. Throws OnnxError where the message is cut short or no message at all. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let group = 0; group < MOST_VARINT_BYTES; group++) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << BigInt(7 * group);
      if (byte < 0x80) return value;
    }
    throw damaged();
  };
  while (at < message.length) {
    const start = at;
    const tag = Number(varint());
    let integer = 0n;
    let bytes: Uint8Array = EMPTY;
    switch (tag & 7) {
      case VARINT:
        integer = BigInt.asIntN(64, varint());
        break;
      case FIXED_64:
        at += 8;
        break;
      case FIXED_32:
        at += 4;
        break;
      case LENGTH_DELIMITED: {
        const length = Number(varint());
        bytes = message.subarray(at, at + length);
        at += length;
        break;
      }
      default:
        throw damaged();
    }
    if (at > message.length) throw damaged();
    yield { number: Math.floor(tag / 8), integer, bytes, whole: message.subarray(start, at) };
  }
}

/** UTF-8. */
export function textOf({ bytes }: Field): string {
  return new TextDecoder().decode(bytes);
}

function damaged(): OnnxError {
  return new OnnxError(l10n.t('The model’s graph is damaged: it is no whole ONNX file.'));
}
