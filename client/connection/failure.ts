import type { FailureReason } from '../../server/protocol';

/** Error codes of LSP 3.18 and JSON-RPC that the client decides on. */
export const CONTENT_MODIFIED = -32801;
export const REQUEST_CANCELLED = -32800;
export const REQUEST_FAILED = -32803;
export const INVALID_PARAMS = -32602;

/** `cancelled`, `stale`, a reason of the public protocol, or `internal` for all else. */
export type Reason = FailureReason | 'cancelled' | 'stale' | 'invalidParams' | 'internal';

/** Why the server did not answer; `message` is a sentence for the person. */
export class ServerFailure extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    /** Of `severalCandidates`: the models that can be chosen instead. */
    readonly candidates: readonly string[] = [],
  ) {
    super(message);
    this.name = 'ServerFailure';
  }

  static is(error: unknown, reason?: Reason): error is ServerFailure {
    return error instanceof ServerFailure && (reason === undefined || error.reason === reason);
  }
}

/** What the log may hold of a failure: a sentence about a document's content may quote it. */
export function forLog({ reason, message }: ServerFailure): string {
  return reason === 'badDocument' ? reason : message;
}

/** Whatever a request rejected with, as a failure. */
export function toFailure(error: unknown): ServerFailure {
  if (error instanceof ServerFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && (error.name === 'Canceled' || error.name === 'AbortError'))
    return new ServerFailure('cancelled', message);
  switch (property(error, 'code')) {
    case CONTENT_MODIFIED:
      return new ServerFailure('stale', message);
    case REQUEST_CANCELLED:
      return new ServerFailure('cancelled', message);
    case INVALID_PARAMS:
      return new ServerFailure('invalidParams', message);
    case REQUEST_FAILED: {
      const data = property(error, 'data');
      const reason = property(data, 'reason');
      const candidates = property(data, 'candidates');
      return new ServerFailure(
        typeof reason === 'string' ? (reason as FailureReason) : 'internal',
        message,
        Array.isArray(candidates) ? candidates.filter((each) => typeof each === 'string') : [],
      );
    }
    default:
      return new ServerFailure('internal', message);
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
