/** Tells a client how far an analysis is. */
import * as l10n from '@vscode/l10n';
import type { Connection, WorkDoneProgressReporter } from 'vscode-languageserver';
import type { OnProgress } from '../analysis/windowStore';

/** Progress of one request: begins with the first report, if there is one, and ends once. */
export class AnalysisProgress {
  readonly #connection: Connection;
  readonly #token: string | number | undefined;
  #reporter: Promise<WorkDoneProgressReporter> | undefined;

  /** Without a token the client is asked for one, if it can show progress at all. */
  constructor(connection: Connection, token: string | number | undefined) {
    this.#connection = connection;
    this.#token = token;
  }

  readonly report: OnProgress = (done, total) => {
    const message = l10n.t('layer {0} of {1}', done, total);
    this.#reporter ??= this.#begin();
    this.#reporter.then(
      (reporter) => reporter.report(Math.round((done / total) * 100), message),
      () => undefined,
    );
  };

  end(): void {
    this.#reporter?.then(
      (reporter) => reporter.done(),
      () => undefined,
    );
  }

  async #begin(): Promise<WorkDoneProgressReporter> {
    const { window } = this.#connection;
    const reporter =
      this.#token === undefined
        ? await window.createWorkDoneProgress()
        : window.attachWorkDoneProgress(this.#token);
    reporter.begin(l10n.t('Reading attention'), 0);
    return reporter;
  }
}

/** The request's own token for progress, if it has a usable one. */
export function progressToken(params: unknown): string | number | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const token: unknown = Reflect.get(params, 'workDoneToken');
  return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}
