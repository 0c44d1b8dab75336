/**
 * The one way every handler is called: parameters are checked, cancellation is
 * looked at before and after, errors become codes, and the log says what failed
 * without any text of a document.
 */
import * as l10n from '@vscode/l10n';
import {
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
} from 'vscode-languageserver';
import type * as v from 'valibot';
import type { AskOptions } from '../analysis/answer';
import { throwIfCancelled } from '../analysis/errors';
import { isInternal, responseError, traceOf } from './errorCodes';
import { WorkProgress, progressToken } from './progress';
import { parseParams } from './schemas';

/** Where the session stands: requests are answered only in between. */
export type Phase = 'new' | 'running' | 'shutDown';

export class Runner {
  readonly #connection: Connection;
  phase: Phase = 'new';

  constructor(connection: Connection) {
    this.#connection = connection;
    // What no handler is registered for; before "initialize" that is everything.
    connection.onRequest((method: string) => {
      try {
        this.#checkPhase();
      } catch (error) {
        return responseError(error);
      }
      return new ResponseError(ErrorCodes.MethodNotFound, l10n.t('Nobody answers "{0}".', method));
    });
  }

  /** Registers the handler of a request. */
  onRequest<S extends v.GenericSchema>(
    method: string,
    schema: S,
    handler: (params: v.InferOutput<S>, options: AskOptions) => unknown,
  ): void {
    // Registered by name only: the library would refuse missing or positional params its own way.
    this.#connection.onRequest(method, (...received: unknown[]) => {
      const token = received.pop() as CancellationToken;
      const params = received.length > 1 ? received : received[0];
      return this.#answer(method, token, params, (options) =>
        handler(parseParams(schema, params), options),
      );
    });
  }

  /** Registers the handler of a notification; what cannot be used is logged and dropped. */
  onNotification<S extends v.GenericSchema>(
    method: string,
    schema: S,
    handler: (params: v.InferOutput<S>) => void,
  ): void {
    this.#connection.onNotification(method, (...received: unknown[]) => {
      if (this.phase !== 'running') return;
      try {
        handler(parseParams(schema, received.length > 1 ? received : received[0]));
      } catch (error) {
        const { message } = responseError(error);
        this.log(l10n.t('"{0}" was ignored: {1}', method, message));
        if (isInternal(error)) this.log(traceOf(error));
      }
    });
  }

  log(line: string): void {
    this.#connection.console.info(line);
  }

  async #answer(
    method: string,
    token: CancellationToken,
    params: unknown,
    handle: (options: AskOptions) => unknown,
  ): Promise<unknown> {
    const controller = new AbortController();
    if (token.isCancellationRequested) controller.abort();
    const listening = token.onCancellationRequested(() => controller.abort());
    const progress = new WorkProgress(this.#connection, progressToken(params));
    progress.cancelled.addEventListener('abort', () => controller.abort());
    const { signal } = controller;
    try {
      this.#checkPhase();
      throwIfCancelled(signal);
      const answer = await handle({
        signal,
        onProgress: progress.report,
        onDownload: progress.download,
      });
      throwIfCancelled(signal);
      return answer;
    } catch (error) {
      if (isInternal(error)) this.log(l10n.t('"{0}" failed: {1}', method, traceOf(error)));
      return responseError(error);
    } finally {
      progress.end();
      listening.dispose();
    }
  }

  #checkPhase(): void {
    if (this.phase === 'new')
      throw new ResponseError(
        ErrorCodes.ServerNotInitialized,
        l10n.t('The server waits for "initialize".'),
      );
    if (this.phase === 'shutDown')
      throw new ResponseError(ErrorCodes.InvalidRequest, l10n.t('The server was shut down.'));
  }
}
