/** Failures as the page is told them. */
import { ChannelError } from '../../channel/channel';
import { STALE } from '../../webview/protocol';
import { toFailure } from '../connection/failure';

/** What was asked about is not what is looked at any more; the page waits for the next state. */
export function stale(): ChannelError {
  return new ChannelError(STALE, 'The document changed meanwhile.');
}

/** Whatever a request rejected with, by its reason and with its sentence. */
export function pageFailure(error: unknown): ChannelError {
  if (error instanceof ChannelError) return error;
  const { reason, message } = toFailure(error);
  return new ChannelError(reason, message);
}
