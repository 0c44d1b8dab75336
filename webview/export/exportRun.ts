import { ChannelError } from '../../channel/channel';
import type { Theme } from '../color/theme';
import type { ExportKind } from '../protocol';
import type { Session } from '../session/session';
import { t } from '../text';
import { STALE } from '../protocol';
import type { Exportable, MaybeExportable } from './exportable';
import { exportView } from './exporter';

/** One export at a time, and what became of the last one. */
export class ExportRun {
  readonly #session: Session;
  readonly #changed: () => void;
  #running: AbortController | null = null;
  /** 0 … 1 while an export runs. */
  progress: number | null = null;
  /** Why the last export failed, one sentence. */
  failure: string | null = null;

  constructor(session: Session, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
  }

  /** Exports what `find` finds, as soon as it is there. */
  async start(
    find: () => MaybeExportable,
    kind: ExportKind,
    theme: Theme,
    table?: string,
  ): Promise<void> {
    await this.#do(async (signal) => {
      const exportable = await this.#found(find, signal);
      await exportView({
        session: this.#session,
        ...{ exportable, kind, theme, table, signal },
        progress: (share) => this.#tell(share),
      });
    });
  }

  /** Has the host put everything into a bundle. */
  async startBundle(): Promise<void> {
    const { channel, saved, chosen, currentTokens } = this.#session;
    await this.#do(async (signal) => {
      if (!currentTokens)
        throw new ChannelError('notYet', t('There is nothing to export here yet.'));
      const { generation } = currentTokens;
      const pair = chosen && { query: chosen.query, key: chosen.key };
      await channel.request('saveBundle', { generation, saved, chosen: pair }, { signal });
    });
  }

  async #do(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.cancel();
    this.failure = null;
    const run = (this.#running = new AbortController());
    this.#tell(0);
    try {
      await work(run.signal);
    } catch (error) {
      if (this.#running === run) this.#fail(error);
    } finally {
      if (this.#running === run) {
        this.#running = null;
        this.#tell(null);
      }
    }
  }

  async #found(find: () => MaybeExportable, signal: AbortSignal): Promise<Exportable> {
    for (;;) {
      const found = find();
      if (signal.aborted) throw new ChannelError('cancelled', 'The export was given up.');
      if (found === null)
        throw new ChannelError('notYet', t('There is nothing to export here yet.'));
      if (found !== 'notYet') return found;
      await new Promise(requestAnimationFrame);
    }
  }

  cancel(): void {
    this.#running?.abort();
    this.#running = null;
    this.#tell(null);
  }

  forget(): void {
    this.failure = null;
    this.#changed();
  }

  #fail(error: unknown): void {
    if (!(error instanceof ChannelError)) throw error;
    if (error.reason === 'cancelled' || error.reason === 'closed') return;
    this.failure =
      error.reason === STALE
        ? t('The text changed while it was exported. Export it again.')
        : error.message;
  }

  #tell(progress: number | null): void {
    this.progress = progress;
    this.#changed();
  }
}
