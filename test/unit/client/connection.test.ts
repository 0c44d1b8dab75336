import assert from 'node:assert/strict';
import { forLog, ServerFailure, toFailure } from '../../../client/connection/failure';
import { RestartPolicy } from '../../../client/connection/restartPolicy';
import { retryStale } from '../../../client/retry';

const responseError = (code: number, data?: unknown): Error =>
  Object.assign(new Error('A sentence.'), { code, data });

describe('failures of the server', () => {
  it('keep their sentence and get a reason to decide on', () => {
    const reasons = [
      [responseError(-32801), 'stale'],
      [responseError(-32800), 'cancelled'],
      [responseError(-32602), 'invalidParams'],
      [responseError(-32803, { reason: 'engineDown' }), 'engineDown'],
      [responseError(-32803), 'internal'],
      [new Error('A sentence.'), 'internal'],
    ] as const;
    for (const [error, reason] of reasons) {
      const failure = toFailure(error);
      assert.equal(failure.reason, reason);
      assert.equal(failure.message, 'A sentence.');
    }
    assert.equal(toFailure('text').message, 'text');
  });
});

describe('what the log holds of a failure', () => {
  it('is its sentence, unless that may quote a document', () => {
    assert.equal(forLog(new ServerFailure('engineDown', 'It is down.')), 'It is down.');
    assert.equal(forLog(new ServerFailure('badDocument', '"secret" is no number.')), 'badDocument');
  });
});

describe('a request that the document overtook', () => {
  it('is asked again while it is wanted, a few times', async () => {
    let asked = 0;
    const ask = (): Promise<number> =>
      ++asked < 3 ? Promise.reject(new ServerFailure('stale', '')) : Promise.resolve(asked);
    assert.equal(await retryStale(ask, () => true), 3);
    asked = -100;
    await assert.rejects(
      retryStale(ask, () => true),
      (error) => ServerFailure.is(error, 'stale'),
    );
    assert.equal(asked, -97);
  });

  it('is not asked again when nobody wants it or it failed otherwise', async () => {
    let asked = 0;
    const fail = (reason: 'stale' | 'engineDown'): Promise<never> => {
      asked++;
      return Promise.reject(new ServerFailure(reason, ''));
    };
    await assert.rejects(
      retryStale(
        () => fail('stale'),
        () => false,
      ),
    );
    await assert.rejects(
      retryStale(
        () => fail('engineDown'),
        () => true,
      ),
    );
    assert.equal(asked, 2);
  });
});

describe('restarting a server that ended by itself', () => {
  it('happens once, and not twice within a minute', () => {
    let now = 0;
    const policy = new RestartPolicy(() => now);
    assert.equal(policy.allows(), true);
    now += RestartPolicy.quietMs;
    assert.equal(policy.allows(), false);
    now += RestartPolicy.quietMs + 1;
    assert.equal(policy.allows(), true);
    policy.reset();
    assert.equal(policy.allows(), true);
  });
});
