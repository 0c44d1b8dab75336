import { INITIAL_SELECTION } from '../../server/protocol';
import type { PageChannel } from '../panel/pages';

/** Serves a page that has nothing to show but why. */
export function refusedHost(
  channel: PageChannel,
  message: string,
  strings: { [key: string]: string },
): void {
  const state = {
    ...{ generation: 1, status: null, document: null, chapter: null, progress: null },
    ...{ selection: { ...INITIAL_SELECTION }, locked: false, stale: false, problem: { message } },
  };
  channel.handle('hello', () => ({ state, strings }));
  channel.handle('viewShown', () => undefined);
}
