import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HttpFailure } from '../../../../server/models/hub/http';
import { nodeHttpGet } from '../../../../server/models/hub/httpGet.node';
import { retryAfterMs } from '../../../../server/models/hub/refusal';
import { cutAfter, status } from '../../../hub/fakeHub';
import { COMMIT, HubSession, SOURCE } from './session';

describe('what the hub refuses', () => {
  let session: HubSession;
  beforeEach(async () => (session = await HubSession.start()));
  afterEach(() => session.stop());

  const fails = (message: RegExp, source = SOURCE): Promise<void> =>
    assert.rejects(session.fetch(source), {
      name: 'DownloadError',
      reason: 'downloadFailed',
      message,
    });

  it('a model or a revision that is not there is named', async () => {
    await fails(/no public model ann\/nothing/, { ...SOURCE, name: 'nothing' });
    session.token = 'mine';
    await fails(/no model ann\/nothing that the token/, { ...SOURCE, name: 'nothing' });
    await fails(/no revision "v9"/, { ...SOURCE, revision: 'v9' });
  });

  it('a gated model says what to do, with and without a token', async () => {
    session.model.token = 'let-in';
    session.model.gated = true;
    await fails(/Set Hugging Face Token/);
    session.token = 'another';
    await fails(/ask for access/);
    session.token = 'let-in';
    assert.ok(await session.fetch());
  });

  it('the token goes to the hub itself and nowhere else', async () => {
    session.token = 'hf_secret';
    await session.fetch();
    for (const { host, headers } of session.server.asked)
      assert.equal(headers.authorization, host === 'hub' ? 'Bearer hf_secret' : undefined);
    assert.ok(session.server.paths('store').length > 0);
  });

  it('a short wait is waited for, a long one is told', async () => {
    session.server.faults.push(
      { at: 'revision/main', fault: status(429, { 'retry-after': '7' }) },
      { at: 'revision/main', fault: status(503) },
    );
    await session.fetch();
    assert.deepEqual(session.clock.waits, [7000, 2000]);
    await session.hub.remove({ ...SOURCE, commit: COMMIT });
    session.server.faults.push({ at: 'revision', fault: status(429, { 'retry-after': '3600' }) });
    await fails(/try again in 3600 seconds/);
  });

  it('gives up after five failures in a row that bring nothing', async () => {
    for (let time = 0; time < 5; time++)
      session.server.faults.push({ at: 'revision/main', fault: status(500) });
    await fails(/problem of its own \(status 500\)/);
    assert.deepEqual(session.clock.waits, [1000, 2000, 4000, 8000]);
  });

  it('a line that is cut often, but brings something each time, arrives', async () => {
    const bytes = session.file('model.safetensors');
    for (let time = 0; time < 12; time++)
      session.server.faults.push({ at: 'safetensors?signed', fault: cutAfter(20_000, bytes) });
    await session.fetch();
    assert.ok(session.clock.waits.every((wait) => wait === 1000));
  });

  it('goes nowhere but by https', async () => {
    for (const elsewhere of ['http://example.org', 'ftp://example.org', 'http://user:pw@127.0.0.1']) {
      session.server.elsewhere = elsewhere;
      await fails(/not reached by https/);
    }
    session.server.elsewhere = session.server.endpoint;
    session.server.faults.length = 0;
    await fails(/.+/);
  });

  it('does not run in circles', async () => {
    for (let time = 0; time < 20; time++)
      session.server.faults.push({
        at: '/api/',
        fault: (request, response) => {
          response.writeHead(307, { location: request.url ?? '' }).end();
          return true;
        },
      });
    await fails(/in circles/);
    assert.equal(session.server.asked.length, 8);
  });

  it('a host that speaks of other things is no hub', async () => {
    session.server.faults.push({
      at: '/api/',
      fault: (_request, response) => {
        response.end('<html>Sign in to the hotel’s network</html>');
        return true;
      },
    });
    await assert.rejects(session.fetch(), { name: 'ModelError', reason: 'modelRefused' });
  });

  it('an address that is no https host is refused before anything is asked', async () => {
    for (const endpoint of ['http://example.org', 'https://a:b@example.org', 'huggingface.co', '']) {
      session.endpoint = endpoint;
      await fails(/must begin with https/);
    }
  });

  it('a storage folder that cannot be written is named', async () => {
    writeFileSync(join(session.storage, 'hub'), 'a file');
    await fails(/folder .*attention-lens-hub-.* cannot be written/);
  });

  it('a disk that is full is named, and what is there is kept', async () => {
    const bytes = session.file('model.safetensors');
    session.server.faults.push({ at: 'safetensors?signed', fault: cutAfter(90_000, bytes) });
    let full = true;
    session.get = (request, signal, onBytes) => {
      const resumes = request.headers.range !== undefined;
      return resumes && full
        ? Promise.reject(new HttpFailure('ENOSPC'))
        : nodeHttpGet()(request, signal, onBytes);
    };
    await fails(/disk .* is full/);
    full = false;
    await session.fetch();
    const ranges = session.server.asked.map(({ headers }) => headers.range);
    assert.ok(ranges.includes('bytes=90000-'));
  });

  it('names that would leave the folder are refused', async () => {
    for (const name of ['..', '.', 'a/b', 'a\\b', '', 'a..b', 'x'.repeat(97)])
      await assert.rejects(session.fetch({ ...SOURCE, name }), { reason: 'modelNotSupported' });
    assert.deepEqual(session.server.asked, []);
  });

  it('reads both forms of Retry-After', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    assert.equal(retryAfterMs({ 'retry-after': '12' }, now), 12_000);
    assert.equal(retryAfterMs({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, now), 9000);
    assert.equal(retryAfterMs({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, now), 0);
    assert.equal(retryAfterMs({ 'retry-after': 'soon' }, now), null);
    assert.equal(retryAfterMs({}, now), null);
  });
});
