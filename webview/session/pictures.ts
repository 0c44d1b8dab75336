import { LRUCache } from 'lru-cache';
import { Picture } from '../map/picture';
import type { Selection } from '../../server/protocol';
import type { ChannelError } from '../../channel/channel';
import type { HostChannel } from './hostChannel';

/** All heads whose lines can be drawn at once, and a few to go back and forth between. */
const KEPT_PICTURES = 20;

/** The maps looked at lately, by subject. */
export class Pictures {
  readonly #channel: HostChannel;
  readonly #changed: () => void;
  readonly #failed: (error: ChannelError) => void;
  readonly #kept = new LRUCache<string, Picture>({
    max: KEPT_PICTURES,
    dispose: (picture) => picture.stop(),
  });

  constructor(channel: HostChannel, changed: () => void, failed: (error: ChannelError) => void) {
    this.#channel = channel;
    this.#changed = changed;
    this.#failed = failed;
  }

  /**
   * The picture of a subject; a new one has nothing in it yet. Where there is no room for every
   * cell, a value is the largest of its cells, or their mean (differences have no other).
   */
  of(
    subject: string,
    generation: number,
    selection: Selection,
    pool: 'max' | 'mean' = 'max',
  ): Picture {
    const key = `${pool}/${subject}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const picture = new Picture(
      subject,
      selection,
      ({ queries, keys, rows, columns }, signal) =>
        this.#channel.request(
          'region',
          {
            generation,
            selection,
            queries: [...queries],
            keys: [...keys],
            rows,
            columns,
            pool,
          },
          { signal },
        ),
      this.#changed,
      this.#failed,
    );
    this.#kept.set(key, picture);
    return picture;
  }
}
