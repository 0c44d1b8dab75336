/** Reads a bundle, which may come from a stranger: whatever is wrong with it has a reason. */
import { ArchiveError } from '../../archive/archiveError';
import { readDirectory, type ArchiveEntry } from '../../archive/directory';
import { readNpy, type NpyArray } from '../../archive/npy';
import { unpack } from '../../archive/unpack';
import { PARTS, type Bundle, type BundleMaps } from './bundle';
import { BundleError, MOST_UNPACKED } from './bundleError';
import { readManifest, type BundleManifest } from './manifest';
import { readStatistics, readText, readTokens } from './parts';
import { StoredMaps } from './storedMaps';

const MOST_PARTS = 64;
/** Of a part that is read as text. */
const MOST_TEXT = 2 ** 26;

type Part = (typeof PARTS)[keyof typeof PARTS];

/**
 * The bundle in a file's bytes. Rejects with {@link BundleError}, whose sentence says what is
 * wrong; never holds much more than `MOST_UNPACKED` bytes, whatever the file says.
 */
export async function readBundle(file: Uint8Array, signal?: AbortSignal): Promise<Bundle> {
  try {
    return await new Reader(file, signal).read();
  } catch (error) {
    throw error instanceof ArchiveError ? BundleError.of(error) : error;
  }
}

class Reader {
  readonly #file: Uint8Array;
  readonly #signal: AbortSignal | undefined;
  readonly #entries: ReadonlyMap<string, ArchiveEntry>;

  constructor(file: Uint8Array, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#signal = signal;
    this.#entries = readDirectory(file, { entries: MOST_PARTS, bytes: MOST_UNPACKED });
  }

  async read(): Promise<Bundle> {
    const manifest = readManifest(await this.#textOf(PARTS.manifest, 'badManifest'));
    const text = readText(await this.#bytesOf(PARTS.text));
    const { tokens, words } = readTokens(await this.#json(PARTS.tokens), text, manifest);
    const statistics = this.#entries.has(PARTS.statistics)
      ? readStatistics(await this.#json(PARTS.statistics), manifest)
      : null;
    return { manifest, text, tokens, words, statistics, maps: await this.#maps(manifest) };
  }

  async #maps({ model, heads, window }: BundleManifest): Promise<BundleMaps> {
    const { tokens } = window;
    const perHead = [...(heads ? [heads.length] : [model.layers, model.heads]), tokens, tokens];
    const maps = {
      weights: await this.#map(PARTS.weights, perHead, true),
      valueWeighted: await this.#map(PARTS.valueWeighted, perHead, true),
      rollout: await this.#map(PARTS.rollout, [model.layers, tokens, tokens], true),
      // The largest of several heads may sum to more.
      shown: await this.#map(PARTS.shown, [tokens, tokens], false),
      thumbnails: await this.#thumbnails(model),
    };
    if (!maps.weights && !maps.shown) throw new BundleError('incomplete', PARTS.weights);
    return maps;
  }

  async #map(part: Part, shape: readonly number[], sums: boolean): Promise<StoredMaps | null> {
    const array = await this.#array(part);
    if (!array) return null;
    return StoredMaps.of(array, shape, { name: part, sums, signal: this.#signal });
  }

  async #thumbnails({ layers, heads }: BundleManifest['model']): Promise<BundleMaps['thumbnails']> {
    const [images, scales] = [await this.#array(PARTS.thumbnails), await this.#array(PARTS.scales)];
    if (!images || !scales) return null;
    const size = images.shape.at(-1) ?? 0;
    if (images.type !== '|u1' || images.shape.join() !== [layers, heads, size, size].join())
      throw new BundleError('badNumbers', PARTS.thumbnails);
    if (scales.type !== '<f4' || scales.shape.join() !== [layers, heads].join())
      throw new BundleError('badNumbers', PARTS.scales);
    const floats = new Float32Array(scales.data.buffer);
    if (!floats.every((scale) => scale >= 0 && scale <= 1.001))
      throw new BundleError('badNumbers', PARTS.scales);
    return { size, bytes: images.data, scales: floats };
  }

  async #array(part: Part): Promise<NpyArray | null> {
    if (!this.#entries.has(part)) return null;
    const array = readNpy(await this.#bytesOf(part, MOST_UNPACKED));
    if (array) return array;
    throw new BundleError('badNumbers', part);
  }

  async #json(part: Part): Promise<unknown> {
    const text = await this.#textOf(part, 'badTokens');
    try {
      return JSON.parse(text);
    } catch {
      throw new BundleError('damaged', part);
    }
  }

  async #textOf(part: Part, reason: 'badManifest' | 'badTokens'): Promise<string> {
    const bytes = await this.#bytesOf(part);
    try {
      return readText(bytes);
    } catch {
      throw new BundleError(reason, part);
    }
  }

  async #bytesOf(part: Part, most = MOST_TEXT): Promise<Uint8Array> {
    const entry = this.#entries.get(part);
    if (!entry) throw new BundleError('incomplete', part);
    if (entry.size > most) throw new BundleError('tooLarge', part);
    return unpack(this.#file, entry, this.#signal);
  }
}
