/** Writes a bundle: the file that `readBundle` reads. */
import { writeNpy, type NpyType } from '../../archive/npy';
import { pack, type PackedFile } from '../../archive/pack';
import { toFloat16Bits } from '../../server/onnx/float16';
import type { Token } from '../../server/protocol';
import { PARTS } from './bundle';
import type { BundleManifest } from './manifest';
import type { BundleStatistics } from './parts';

/** An array as it is to be stored: float32, float16 as bits, or bytes. */
export interface WrittenArray {
  shape: readonly number[];
  values: Float32Array | Uint16Array | Uint8Array;
}

type MapPart = 'weights' | 'valueWeighted' | 'rollout' | 'shown' | 'thumbnails' | 'scales';

/** What goes into a bundle; see `Bundle`. */
export interface BundleContent {
  manifest: BundleManifest;
  text: string;
  tokens: readonly Token[];
  words: readonly number[];
  statistics: BundleStatistics | null;
  arrays: { readonly [part in MapPart]?: WrittenArray };
}

/** The file's bytes. `progress` hears 0 … 1; `signal` gives it up. */
export function writeBundle(
  { manifest, text, tokens, words, statistics, arrays }: BundleContent,
  signal?: AbortSignal,
  progress?: (share: number) => void,
): Promise<Uint8Array> {
  const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
  const json = (value: unknown): Uint8Array => encode(`${JSON.stringify(value)}\n`);
  const files: PackedFile[] = [
    { name: PARTS.manifest, bytes: encode(`${JSON.stringify(manifest, null, 2)}\n`) },
    { name: PARTS.text, bytes: encode(text) },
    { name: PARTS.tokens, bytes: json({ tokens, words }) },
    ...(statistics ? [{ name: PARTS.statistics, bytes: json(statistics) }] : []),
    ...Object.entries(arrays).map(([part, array]) => ({
      name: PARTS[part as MapPart],
      bytes: arrayFile(array),
    })),
  ];
  return pack(files, new Date(manifest.created), signal, progress);
}

/** float32 as float16 bits, or as they are. */
export function stored(values: Float32Array, halved: boolean): Float32Array | Uint16Array {
  return halved ? toFloat16Bits(values) : values;
}

function arrayFile({ shape, values }: WrittenArray): Uint8Array {
  const type: NpyType =
    values instanceof Float32Array ? '<f4' : values instanceof Uint16Array ? '<f2' : '|u1';
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return writeNpy(type, shape, data);
}
