import { INITIAL_SELECTION, type EncodingChange, type Selection } from '../../server/protocol';
import type { PanelDocumentMap, PanelState, PanelStatistics } from '../protocol';
import { Gathering } from './gathering';
import type { HostChannel } from './hostChannel';
import { encodingKey, selectionKey } from './lens';
import { Lookup } from './lookup';

/** How long the engine works for an answer before what is there is shown, in milliseconds. */
const WITHIN_MS = 250;

/** What is known of the file as a whole; each asked for where it is shown. */
export class WholeFile {
  /** Its windows, and which of them the engine holds. */
  readonly windows: Lookup<PanelDocumentMap>;
  /** All its windows on one axis. */
  readonly map: Gathering<PanelDocumentMap>;
  readonly statistics: Gathering<PanelStatistics & { pending: number }>;
  readonly #channel: HostChannel;

  constructor(channel: HostChannel, changed: () => void) {
    this.#channel = channel;
    this.windows = new Lookup(changed);
    this.map = new Gathering(changed);
    this.statistics = new Gathering(changed);
  }

  /** Asks which windows there are, whenever that may have changed. */
  wantWindows(state: PanelState, snapshot: string): void {
    const { generation } = state;
    // Only the list of windows is of interest: nothing is to be computed for it.
    const what = { selection: { ...INITIAL_SELECTION }, size: 1, within: 0, fill: false };
    this.windows.want(`${snapshot}/${progressOf(state)}`, (signal) =>
      this.#channel.request('documentMap', { generation, ...what }, { signal }),
    );
  }

  wantMap(state: PanelState, snapshot: string, selection: Selection, size: number): void {
    const { generation } = state;
    const what = { selection, size, within: WITHIN_MS, fill: true };
    const subject = `${snapshot}/${selectionKey(selection)}/${size}`;
    this.map.want(subject, progressOf(state), (signal) =>
      this.#channel.request('documentMap', { generation, ...what }, { signal }),
    );
  }

  wantStatistics(state: PanelState, snapshot: string, encoding: EncodingChange | null): void {
    const { generation } = state;
    const what = { encoding, scope: 'document', within: WITHIN_MS, fill: true } as const;
    const subject = `${snapshot}/${encodingKey(encoding)}`;
    this.statistics.want(subject, progressOf(state), async (signal) => {
      const answer = await this.#channel.request('statistics', { generation, ...what }, { signal });
      return { ...answer, pending: answer.coverage?.pending ?? 0 };
    });
  }
}

/** Changes whenever more of the file may be known. */
function progressOf({ status, document }: PanelState): string {
  const known = status?.documents.find(({ uri }) => uri === document?.uri);
  return `${known?.windows}/${known?.analysed}/${known?.summaries}`;
}
