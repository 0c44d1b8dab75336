/** Tells a client how far an analysis or a download is. */
import * as l10n from '@vscode/l10n';
import type { Connection, WorkDoneProgressReporter } from 'vscode-languageserver';
import type { OnProgress } from '../analysis/windowStore';
import type { DownloadProgress } from '../models/hub/hub';
import { sizeText } from '../models/hub/size';

/** Downloads come in many small pieces: only every so much of the whole is told. */
const TOLD_STEPS = 500;

/** Progress of one request: begins with the first report, if there is one, and ends once. */
export class WorkProgress {
  readonly #connection: Connection;
  readonly #token: string | number | undefined;
  readonly #cancelled = new AbortController();
  #reporter: Promise<WorkDoneProgressReporter> | undefined;
  #step = -1;

  /** Without a token the client is asked for one, if it can show progress at all. */
  constructor(connection: Connection, token: string | number | undefined) {
    this.#connection = connection;
    this.#token = token;
  }

  /** The person has called the work off where its progress is shown; only without a token of the client's. */
  get cancelled(): AbortSignal {
    return this.#cancelled.signal;
  }

  readonly report: OnProgress = (done, total) => {
    this.#tell(l10n.t('Reading attention'), done / total, l10n.t('layer {0} of {1}', done, total));
  };

  readonly download = ({ bytes, total }: DownloadProgress): void => {
    const share = total === 0 ? 1 : bytes / total;
    const step = Math.floor(share * TOLD_STEPS);
    if (step === this.#step) return;
    this.#step = step;
    const message = l10n.t('{0} of {1}', sizeText(bytes), sizeText(total));
    this.#tell(l10n.t('Downloading the model'), share, message);
  };

  end(): void {
    this.#reporter?.then(
      (reporter) => reporter.done(),
      () => undefined,
    );
  }

  #tell(title: string, share: number, message: string): void {
    this.#reporter ??= this.#begin(title);
    this.#reporter.then(
      (reporter) => reporter.report(Math.round(share * 100), message),
      () => undefined,
    );
  }

  async #begin(title: string): Promise<WorkDoneProgressReporter> {
    const { window } = this.#connection;
    if (this.#token !== undefined) {
      const reporter = window.attachWorkDoneProgress(this.#token);
      reporter.begin(title, 0);
      return reporter;
    }
    const reporter = await window.createWorkDoneProgress();
    reporter.begin(title, 0, undefined, true);
    reporter.token.onCancellationRequested(() => this.#cancelled.abort());
    return reporter;
  }
}

/** The request's own token for progress, if it has a usable one. */
export function progressToken(params: unknown): string | number | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const token: unknown = Reflect.get(params, 'workDoneToken');
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}
