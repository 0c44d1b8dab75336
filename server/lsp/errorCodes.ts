/** From the errors of analysis, engine and models to what a client gets. */
import * as l10n from '@vscode/l10n';
import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { ChannelError } from '../../channel/channel';
import { Cancelled, ContentModified, InvalidParams, RequestFailed } from '../analysis/errors';
import { DownloadError } from '../models/hub/downloadError';
import { SeveralForms } from '../models/folder/forms';
import { ModelError } from '../models/modelError';
import { FAILURE_REASONS, type FailureReason } from '../protocol';
import { TokenizerError } from '../tokens/tokenizer';

/** Every error becomes one that a client can act on; unknown ones tell nothing of their text. */
export function responseError(error: unknown): ResponseError<unknown> {
  if (error instanceof ResponseError) return error as ResponseError<unknown>;
  if (error instanceof Cancelled || ChannelError.is(error, 'cancelled'))
    return new ResponseError(LSPErrorCodes.RequestCancelled, l10n.t('The request was cancelled.'));
  if (error instanceof ContentModified)
    return new ResponseError(
      LSPErrorCodes.ContentModified,
      l10n.t('The document changed while this was computed. Ask again.'),
    );
  if (error instanceof InvalidParams)
    return new ResponseError(ErrorCodes.InvalidParams, error.message, { field: error.field });
  if (error instanceof RequestFailed) return failed(error.reason, error.message, error.data);
  if (error instanceof SeveralForms)
    return failed(error.reason, error.message, { candidates: error.candidates });
  const reason = reasonOf(error);
  if (reason && error instanceof Error) return failed(reason, error.message);
  return new ResponseError(
    ErrorCodes.InternalError,
    l10n.t('Something went wrong inside Attention Lens. The log says where.'),
  );
}

function failed(reason: FailureReason, message: string, data = {}): ResponseError<unknown> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message, { ...data, reason });
}

function reasonOf(error: unknown): FailureReason | undefined {
  if (error instanceof ModelError || error instanceof DownloadError) return error.reason;
  if (error instanceof TokenizerError) return 'modelRefused';
  if (!(error instanceof ChannelError)) return undefined;
  if (error.reason === 'closed' || error.reason === 'unknownWindow') return 'engineDown';
  return FAILURE_REASONS.find((reason) => reason === error.reason);
}

/** True for what no caller can have caused or expected. */
export function isInternal(error: unknown): boolean {
  return responseError(error).code === ErrorCodes.InternalError;
}

/**
 * Where an error came from, without its message: messages of JSON and of regular
 * expressions quote what they were given, and the log never holds document text.
 */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s*at /.test(line));
  return [error.name, ...frames].join('\n');
}
