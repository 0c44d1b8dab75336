import { ServerFailure, toFailure } from './connection/failure';

/** Edits may overtake a request; more than this many in a row and the person is typing. */
const ATTEMPTS = 3;

/**
 * Asks again when the document changed under the request, as long as `wanted`
 * says that the answer is still of use. Rejects with `ServerFailure`.
 */
export async function retryStale<T>(ask: () => Promise<T>, wanted: () => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const failure = toFailure(error);
      if (!ServerFailure.is(failure, 'stale') || attempt === ATTEMPTS || !wanted()) throw failure;
    }
  }
}
