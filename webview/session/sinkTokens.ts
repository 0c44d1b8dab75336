import type { PanelRow } from '../protocol';
import { Lookup } from './lookup';
import type { Session } from './session';

const NONE: ReadonlySet<number> = new Set();

/** Which tokens are the window's sink: any row of it says so. */
export class SinkTokens {
  readonly #session: () => Session;
  readonly #row: Lookup<PanelRow>;
  #made: { from: readonly unknown[]; tokens: ReadonlySet<number> } | null = null;

  constructor(session: () => Session, changed: () => void) {
    this.#session = session;
    this.#row = new Lookup<PanelRow>(changed);
  }

  /** Template tokens and, as soon as it is known, the sink; the same set as long as nothing changes. */
  get tokens(): ReadonlySet<number> {
    const session = this.#session();
    const tokens = session.currentTokens ?? session.tokens;
    if (!tokens) return NONE;
    const { generation } = tokens;
    const selection = { ...session.selection, merge: 'tokens' as const };
    if (tokens === session.currentTokens)
      this.#row.want(session.snapshot, (signal) =>
        session.channel.request(
          'row',
          { generation, selection, token: 0, direction: 'reads' },
          { signal },
        ),
      );
    const row = this.#row.value;
    const sink = row?.generation === generation ? row.sink?.tokens : undefined;
    if (this.#made?.from[0] !== tokens.special || this.#made.from[1] !== sink)
      this.#made = {
        from: [tokens.special, sink],
        tokens: new Set([...tokens.special, ...(sink ?? [])]),
      };
    return this.#made.tokens;
  }
}
