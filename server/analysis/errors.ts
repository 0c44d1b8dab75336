/**
 * Why the analysis refuses something. The LSP adapter turns these into error
 * codes; other users read `reason` and `field`.
 */
import type { FailureReason } from '../protocol';

/** A parameter that is wrong; `field` names it as the protocol writes it. */
export class InvalidParams extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
    this.name = 'InvalidParams';
  }
}

/** A request that cannot be fulfilled; `message` says why and what to do. */
export class RequestFailed extends Error {
  constructor(
    readonly reason: FailureReason,
    message: string,
    readonly data: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'RequestFailed';
  }
}

/** The document changed (or was closed) while an answer about it was computed. */
export class ContentModified extends Error {
  constructor() {
    super('The document changed while this was computed. Ask again.');
    this.name = 'ContentModified';
  }
}

/** The asker no longer wants the answer. */
export class Cancelled extends Error {
  constructor() {
    super('The request was cancelled.');
    this.name = 'Cancelled';
  }
}

/** Throws {@link Cancelled} when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Cancelled();
}

/**
 * The value of `promise`, or the rejection of whichever signal fires first:
 * `cancelled` means {@link Cancelled}, `modified` means {@link ContentModified}.
 */
export function unlessAborted<T>(
  promise: Promise<T>,
  cancelled: AbortSignal,
  modified?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onCancel = (): void => (stop(), reject(new Cancelled()));
    const onModify = (): void => (stop(), reject(new ContentModified()));
    const stop = (): void => {
      cancelled.removeEventListener('abort', onCancel);
      modified?.removeEventListener('abort', onModify);
    };
    if (cancelled.aborted) return onCancel();
    if (modified?.aborted) return onModify();
    cancelled.addEventListener('abort', onCancel);
    modified?.addEventListener('abort', onModify);
    promise.then(
      (value) => (stop(), resolve(value)),
      (error: unknown) => (
        stop(),
        reject(error instanceof Error ? error : new Error(String(error)))
      ),
    );
  });
}
