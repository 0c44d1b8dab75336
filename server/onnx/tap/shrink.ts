/**
 * The structure of an ONNX file without its weights: large tensors become external data
 * that point at where they lie in the file itself, and are neither read nor copied.
 */
import * as l10n from '@vscode/l10n';
import { OnnxError } from '../onnxError';
import { EXTERNAL, Graph, Model, StringEntry, Tensor } from '../schema';
import { MessageWriter } from '../wire';
import { buffered, bytesAt, type ByteSource } from './byteSource';

/** Tensors of fewer bytes stay where they are: constants of shapes and masks, and norms. */
const LARGE = 1024;

/** A graph of ten thousand nodes has some megabytes. */
const MOST_BYTES = 64 * 2 ** 20;

const LENGTH_DELIMITED = 2;

/** Fields that hold a tensor's numbers as they lie in memory, least significant byte first. */
const PACKED: ReadonlySet<number> = new Set([Tensor.rawData, Tensor.floatData, Tensor.doubleData]);

interface Place {
  number: number;
  wireType: number;
  start: number;
  /** Of a length-delimited field's content, or of a varint's bytes. */
  content: number;
  end: number;
}

/**
 * The model as a small message of the same meaning, whose large tensors are ranges of
 * `location`. Throws OnnxError where it is no whole ONNX file or its structure alone is
 * too large.
 */
export function shrink(file: ByteSource, location: string): Uint8Array {
  const source = buffered(file);
  const model = new MessageWriter();
  const budget = new Budget();
  let graphs = 0;
  for (const field of places(source, 0, source.length)) {
    if (field.number === Model.graph && field.wireType === LENGTH_DELIMITED) {
      graphs++;
      model.message(Model.graph, shrinkGraph(source, field, location, budget));
    } else model.raw(budget.copy(source, field));
  }
  if (graphs !== 1) throw new OnnxError(l10n.t('The model’s file holds no graph.'));
  return model.finish();
}

function shrinkGraph(
  source: ByteSource,
  { content, end }: Place,
  location: string,
  budget: Budget,
): MessageWriter {
  const graph = new MessageWriter();
  for (const field of places(source, content, end)) {
    const tensor = field.number === Graph.initializer && field.wireType === LENGTH_DELIMITED;
    const moved = tensor ? moveTensor(source, field, location, budget) : null;
    if (moved) graph.message(Graph.initializer, moved);
    else graph.raw(budget.copy(source, field));
  }
  return graph;
}

/** Null where the tensor is to stay as it is. */
function moveTensor(
  source: ByteSource,
  { content, end }: Place,
  location: string,
  budget: Budget,
): MessageWriter | null {
  if (end - content < LARGE) return null;
  const fields = [...places(source, content, end)];
  const data = fields.filter(({ number }) => PACKED.has(number));
  const [numbers] = data;
  if (!numbers || data.length !== 1) return null;
  if (numbers.wireType !== LENGTH_DELIMITED || numbers.end - numbers.content < LARGE) return null;
  const tensor = new MessageWriter();
  for (const field of fields) {
    const kept = field !== numbers && field.number !== Tensor.dataLocation;
    if (kept) tensor.raw(budget.copy(source, field));
  }
  const range = { location, offset: numbers.content, length: numbers.end - numbers.content };
  for (const [key, value] of Object.entries(range)) {
    const entry = new MessageWriter().string(StringEntry.key, key);
    tensor.message(Tensor.externalData, entry.string(StringEntry.value, String(value)));
  }
  return tensor.integer(Tensor.dataLocation, EXTERNAL);
}

/** Counts what is copied, before it is. */
class Budget {
  #left = MOST_BYTES;

  copy(source: ByteSource, { start, end }: Place): Uint8Array {
    this.#left -= end - start;
    if (this.#left < 0) {
      throw new OnnxError(
        l10n.t('The model’s graph has more than {0} MB without its weights.', MOST_BYTES / 2 ** 20),
      );
    }
    // A copy, which the slice of a Buffer is not: the source may use its block again.
    return new Uint8Array(bytesAt(source, start, end - start));
  }
}

/** The fields of the message in [start, end) by their places; contents are not looked at. */
function* places(source: ByteSource, start: number, end: number): Generator<Place> {
  for (let at = start; at < end;) {
    const tag = varintAt(source, at, end);
    const content = tag.end;
    const wireType = tag.value % 8;
    const size = sizeOf(source, wireType, content, end);
    const place = { number: Math.floor(tag.value / 8), wireType, start: at, ...size };
    if (place.end > end || place.end <= at) throw damaged();
    yield place;
    at = place.end;
  }
}

function sizeOf(
  source: ByteSource,
  wireType: number,
  at: number,
  end: number,
): Pick<Place, 'content' | 'end'> {
  switch (wireType) {
    case 0:
      return { content: at, end: varintAt(source, at, end).end };
    case 1:
      return { content: at, end: at + 8 };
    case LENGTH_DELIMITED: {
      const length = varintAt(source, at, end);
      return { content: length.end, end: length.end + length.value };
    }
    case 5:
      return { content: at, end: at + 4 };
    default:
      throw damaged();
  }
}

/** Ten groups of seven bits hold 64; numbers above 2⁵³ lose their last bits, and are too large for anything here. */
function varintAt(source: ByteSource, at: number, end: number): { value: number; end: number } {
  const bytes = bytesAt(source, at, Math.min(10, end - at));
  let value = 0;
  for (let group = 0; group < bytes.length; group++) {
    const byte = bytes[group]!;
    value += (byte & 0x7f) * 2 ** (7 * group);
    if (byte < 0x80) return { value, end: at + group + 1 };
  }
  throw damaged();
}

function damaged(): OnnxError {
  return new OnnxError(l10n.t('The model’s graph is damaged: it is no whole ONNX file.'));
}
