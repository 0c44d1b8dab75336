import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { toFloat16Bits, fromFloat16Bits } from '../../../server/onnx/float16';
import { readSafetensors } from '../../../server/onnx/safetensors';
import { transformerTaps } from '../../../server/onnx/transformer/names';
import { CHECKPOINT_CASES, referenceWeights } from '../models/checkpointFolder.node';
import { GraphSession } from '../models/graphSession.node';
import { FOLDER, LOCATION, openCheckpoint, positionFeeds } from './checkpoint.node';

/** A way to store numbers in two bytes. */
interface Storage {
  dtype: 'F16' | 'BF16';
  bits: (values: Float32Array) => Uint16Array;
  floats: (bits: Uint16Array) => Float32Array;
  /** How far weights may be from those of the float32 checkpoint. */
  tolerance: number;
}

const STORAGES: readonly Storage[] = [
  { dtype: 'F16', bits: toFloat16Bits, floats: fromFloat16Bits, tolerance: 5e-3 },
  { dtype: 'BF16', bits: toBfloat16Bits, floats: fromBfloat16Bits, tolerance: 2e-2 },
];

/**
 * Where rounding the stored numbers to bfloat16 alone moves weights further than the tolerance (T5 and
 * GPT-Neo do not scale their scores, and YaRN makes them larger): these are held to what float32 gives
 * for the rounded numbers.
 */
const ROUNDING_SHOWS = new Set(['t5', 'mt5', 'umt5', 'gpt-neo', 'modernbert', 'llama-yarn']);

/** The same numbers computed by another order of operations. */
const SAME = 1e-5;

describe('Checkpoints stored in two bytes a number', function () {
  this.timeout(120_000);

  for (const { name, ids } of CHECKPOINT_CASES)
    for (const storage of STORAGES) {
      const { dtype, tolerance } = storage;
      const rounded = dtype === 'BF16' && ROUNDING_SHOWS.has(name);
      const what = rounded
        ? `float32 gives for its rounded numbers, to ${SAME}`
        : `its float32 original has, to ${tolerance}`;
      it(`give ${name} in ${dtype} the weights that ${what}`, async () => {
        const original = new Uint8Array(readFileSync(`${FOLDER}/${name}/${LOCATION}`));
        const own = await weightsOf(name, ids, stored(original, storage));
        const expected = rounded
          ? await weightsOf(name, ids, roundedOf(original, storage))
          : referenceWeights(name);
        assert.equal(own.length, expected.length);
        const worst = own.reduce(
          (most, weight, at) => Math.max(most, Math.abs(weight - expected[at]!)),
          0,
        );
        assert.ok(worst <= (rounded ? SAME : tolerance), `${worst}`);
      });
    }
});

/** float32 [layer, head, query, key], as the graph of these weights has them. */
async function weightsOf(
  name: string,
  ids: readonly number[],
  file: Uint8Array,
): Promise<Float32Array> {
  const { spec, graph, weights } = openCheckpoint(name, { weights: Uint8Array.from(file) });
  const session = await GraphSession.open(graph, LOCATION, weights);
  const names = spec.layers.map((_, layer) => transformerTaps(layer).weights);
  const outputs = await session.run([...ids], names, { floats: positionFeeds(spec, ids.length) });
  await session.close();
  return Float32Array.from(names.flatMap((output) => [...outputs[output]!]));
}

/** The file with its float32 tensors in two bytes a number. */
function stored(file: Uint8Array, { dtype, bits }: Storage): Uint8Array {
  return rewritten(file, dtype, (values) => new Uint8Array(bits(values).buffer));
}

/** The file with its float32 tensors as they are after being stored so. */
function roundedOf(file: Uint8Array, { bits, floats }: Storage): Uint8Array {
  return rewritten(file, 'F32', (values) => new Uint8Array(floats(bits(values)).buffer));
}

function rewritten(
  file: Uint8Array,
  dtype: string,
  write: (values: Float32Array) => Uint8Array,
): Uint8Array {
  const header: { [name: string]: object } = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, tensor] of readSafetensors(file)) {
    const bytes = Uint8Array.from(file.subarray(tensor.offset, tensor.offset + tensor.length));
    const isFloat = tensor.dtype === 'F32';
    const part = isFloat ? write(new Float32Array(bytes.buffer)) : bytes;
    header[name] = {
      dtype: isFloat ? dtype : tensor.dtype,
      shape: tensor.shape,
      data_offsets: [end, (end += part.length)],
    };
    parts.push(part);
  }
  const head = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(head.length), true);
  return new Uint8Array(Buffer.concat([length, head, ...parts]));
}

/** Rounded to the nearest, ties to even. */
function toBfloat16Bits(values: Float32Array): Uint16Array {
  const words = new Uint32Array(Float32Array.from(values).buffer);
  return Uint16Array.from(words, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16);
}

function fromBfloat16Bits(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half * 0x10000).buffer);
}
