/** Takes out of large weight files what one graph needs of them, and nothing else. */
import { fieldsOf, type Field } from './readWire';
import { Graph, Model, StringEntry, Tensor } from './schema';
import { bytesAt, type ByteSource } from './tap/byteSource';
import { externalLength, noRange, readTensor } from './tap/tensor';
import { MessageWriter } from './wire';

/** The name under which a packed graph knows its weights. */
export const PACKED = 'weights';

/** Wide enough for any element type, and for the processor's vectors. */
const ALIGNMENT = 64;

export interface PackedGraph {
  /** As given, but that its external data are ranges of {@link PACKED}. */
  graph: Uint8Array;
  weights: Uint8Array;
}

/** `files`: the graph's external data by location. Throws OnnxError where a range is not in its file. */
export function packWeights(
  graph: Uint8Array,
  files: { [location: string]: ByteSource },
): PackedGraph {
  const packer = new Packer(files);
  const packed = packer.model(graph);
  return { graph: packed, weights: packer.weights() };
}

interface Range {
  source: ByteSource;
  offset: number;
  length: number;
  /** Where it comes to lie. */
  at: number;
}

class Packer {
  readonly #files: { [location: string]: ByteSource };
  readonly #ranges: Range[] = [];
  #length = 0;

  constructor(files: { [location: string]: ByteSource }) {
    this.#files = files;
  }

  model(message: Uint8Array): Uint8Array {
    return rewritten(message, ({ number, bytes }) =>
      number === Model.graph ? this.#graph(bytes) : null,
    );
  }

  /** Read one after the other: at no time is more than this in memory. */
  weights(): Uint8Array {
    const all = new Uint8Array(this.#length);
    for (const { source, offset, length, at } of this.#ranges)
      all.set(bytesAt(source, offset, length), at);
    return all;
  }

  /** Graphs inside nodes have no external data: the runtime takes none there. */
  #graph(message: Uint8Array): Uint8Array {
    return rewritten(message, ({ number, bytes }) =>
      number === Graph.initializer ? this.#tensor(bytes) : null,
    );
  }

  #tensor(message: Uint8Array): Uint8Array {
    const tensor = readTensor(message);
    const source = tensor.external && this.#files[tensor.external.location];
    if (!tensor.external || !source) return message;
    const { offset, location } = tensor.external;
    const length = externalLength(tensor) ?? source.length - offset;
    if (length < 0 || offset + length > source.length) throw noRange(tensor.name, location);
    const at = Math.ceil(this.#length / ALIGNMENT) * ALIGNMENT;
    this.#ranges.push({ source, offset, length, at });
    this.#length = at + length;
    return moved(message, { location: PACKED, offset: at, length });
  }
}

/** The same tensor in another place. */
function moved(
  message: Uint8Array,
  place: { location: string; offset: number; length: number },
): Uint8Array {
  const tensor = new MessageWriter();
  for (const { number, whole } of fieldsOf(message))
    if (number !== Tensor.externalData) tensor.raw(whole);
  for (const [key, value] of Object.entries(place)) {
    const entry = new MessageWriter().string(StringEntry.key, key);
    tensor.message(Tensor.externalData, entry.string(StringEntry.value, String(value)));
  }
  return tensor.finish();
}

/** The message with the content of some fields replaced; null leaves a field as it stands. */
function rewritten(message: Uint8Array, replace: (field: Field) => Uint8Array | null): Uint8Array {
  const copy = new MessageWriter();
  let changed = false;
  for (const field of fieldsOf(message)) {
    const content = replace(field);
    if (content === null || content === field.bytes) copy.raw(field.whole);
    else {
      copy.bytes(field.number, content);
      changed = true;
    }
  }
  return changed ? copy.finish() : message;
}
