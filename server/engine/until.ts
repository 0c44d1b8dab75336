/** Waiting that the waiter may give up. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';

/** As `promise`, but rejects with `cancelled` as soon as the signal says so. */
export function until<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(cancelled());
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = (): void => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(settled);
  });
}

export function cancelled(): ChannelError {
  return new ChannelError('cancelled', l10n.t('The computation was cancelled.'));
}
