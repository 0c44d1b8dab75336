/** Thumbnails of all heads, kept by what they show: they outlast their window in the engine. */
import { LRUCache } from 'lru-cache';
import type { OverviewAnswer, OverviewParams } from '../engine/protocol';
import type { ReadyModel } from './modelSlot';
import type { WindowContent } from './windowContent';

/** Some 200 windows of the bundled model, at 64 × 64 cells a head. */
const KEPT_BYTES = 64 * 2 ** 20;

type Asked = Omit<OverviewParams, 'window'>;

export class OverviewStore {
  readonly #byModel = new WeakMap<ReadyModel, LRUCache<string, OverviewAnswer>>();

  /** What is known of the content without the engine. */
  known(ready: ReadyModel, content: WindowContent, asked: Asked): OverviewAnswer | undefined {
    return this.#kept(ready).get(keyOf(content, asked));
  }

  /** `held`: the engine's name of the content. */
  async of(
    ready: ReadyModel,
    content: WindowContent,
    held: string,
    asked: Asked,
    signal: AbortSignal,
  ): Promise<OverviewAnswer> {
    const known = this.known(ready, content, asked);
    if (known) return known;
    const answer = await ready.engine.overview({ window: held, ...asked }, { signal });
    this.#kept(ready).set(keyOf(content, asked), answer);
    return answer;
  }

  #kept(ready: ReadyModel): LRUCache<string, OverviewAnswer> {
    let kept = this.#byModel.get(ready);
    if (!kept) {
      kept = new LRUCache({
        maxSize: KEPT_BYTES,
        sizeCalculation: ({ thumbnails, scales }) => thumbnails.length + scales.byteLength,
      });
      this.#byModel.set(ready, kept);
    }
    return kept;
  }
}

function keyOf({ key, view }: WindowContent, { reading, size }: Asked): string {
  // What two texts have of their own and across is kept under one key.
  return `${reading}/${size}/${view?.('') ?? ''}/${key}`;
}
