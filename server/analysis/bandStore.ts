/** What windows weigh among themselves, pooled, kept by what it shows: it outlasts them in the engine. */
import { LRUCache } from 'lru-cache';
import type { Selection } from '../protocol';
import { windowBlocks } from './band';
import { ownedTokens } from './documentWindows';
import type { ReadyModel } from './modelSlot';
import { headsOf } from './selection';
import type { Summary } from './summary';

/** Several selections of a long document: a window takes a few kilobytes there. */
const KEPT_BYTES = 64 * 2 ** 20;

export class BandStore {
  readonly #byModel = new WeakMap<ReadyModel, LRUCache<string, Float32Array>>();

  /** float32 [owned block, block] of each window: keys summed over a block, queries averaged. */
  summary(ready: ReadyModel, selection: Selection, grain: number): Summary<Float32Array> {
    const kept = this.#kept(ready);
    const heads = headsOf(selection);
    const about = `${JSON.stringify(heads)}/${grain}`;
    type Place = Parameters<Summary<Float32Array>['known']>[0]['place'];
    const keyOf = (place: Place, key: string): string =>
      `${about}/${ownedTokens(place).join()}/${key}`;
    return {
      ready,
      encoding: selection.encoding,
      known: ({ place }, { key }) => kept.get(keyOf(place, key)),
      compute: async ({ place }, { key }, window, signal) => {
        const { groups, spans, queries } = windowBlocks(place, grain);
        const [rows, columns] = [queries[1] - queries[0], spans.length];
        const asked = { groups, queries, keys: [0, columns] as [number, number], rows, columns };
        const values =
          rows === 0
            ? new Float32Array(0)
            : (await ready.engine.region({ ...heads, window, ...asked, pool: 'mean' }, { signal }))
                .values;
        kept.set(keyOf(place, key), values);
        return values;
      },
    };
  }

  #kept(ready: ReadyModel): LRUCache<string, Float32Array> {
    let kept = this.#byModel.get(ready);
    if (!kept) {
      kept = new LRUCache({
        maxSize: KEPT_BYTES,
        sizeCalculation: ({ byteLength }) => Math.max(1, byteLength),
      });
      this.#byModel.set(ready, kept);
    }
    return kept;
  }
}
