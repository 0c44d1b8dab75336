import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutAfter, instead, status } from '../../../hub/fakeHub';
import { COMMIT, HubSession, ID, SOURCE } from './session';

const WEIGHTS = 'model.safetensors';
const NEEDED = ['config.json', WEIGHTS, 'tokenizer.json', 'tokenizer_config.json'];

describe('a download from the hub', () => {
  let session: HubSession;
  beforeEach(async () => (session = await HubSession.start()));
  afterEach(() => session.stop());

  const rangesOf = (path: string): (string | undefined)[] =>
    session.server.asked
      .filter((each) => each.host === 'store' && each.path.includes(path))
      .map(({ headers }) => headers.range);

  function checkFolder(folder: string): void {
    assert.deepEqual(readdirSync(folder).sort(), NEEDED);
    for (const name of NEEDED)
      assert.deepEqual(new Uint8Array(readFileSync(join(folder, name))), session.file(name));
  }

  it('brings the files that are needed, and no others, to the commit’s folder', async () => {
    const folder = await session.fetch();
    assert.equal(folder, join(session.storage, 'hub', 'ann', 'tiny-bert', COMMIT));
    checkFolder(folder);
    const parent = join(session.storage, 'hub', 'ann', 'tiny-bert');
    assert.deepEqual(readdirSync(parent).sort(), [COMMIT, 'revisions']);
  });

  it('asks with host, size and licence after the listing, and before anything else', async () => {
    const bytes = NEEDED.reduce((sum, name) => sum + session.file(name).length, 0);
    session.consent = 'no';
    await assert.rejects(session.fetch(), { name: 'DownloadError', reason: 'consentRequired' });
    const { host } = new URL(session.server.endpoint);
    assert.deepEqual(session.questions, [
      {
        step: 'download',
        model: `hf:${ID}`,
        host,
        bytes,
        files: NEEDED.length,
        licence: 'apache-2.0',
      },
    ]);
    assert.deepEqual(session.server.paths('hub'), [`/api/models/${ID}/revision/main?blobs=true`]);
    assert.deepEqual(readdirSync(session.storage), []);
  });

  it('asks nobody anything for settings before the person has agreed', async () => {
    session.consent = 'no';
    const fetching = session.fetch(SOURCE, { wantedBy: 'settings' });
    await assert.rejects(fetching, { reason: 'consentRequired' });
    assert.deepEqual(session.server.asked, []);
    assert.equal(session.questions[0]?.step, 'lookUp');
    session.consent = 'yes';
    await session.fetch(SOURCE, { wantedBy: 'settings' });
    assert.deepEqual(
      session.questions.map(({ step }) => step),
      ['lookUp', 'lookUp', 'download'],
    );
  });

  it('fails where there is nobody to ask', async () => {
    session.consent = 'cannotAsk';
    await assert.rejects(session.fetch(), { reason: 'consentRequired', message: /cannot ask/ });
  });

  it('opens what is there without any request, by revision and by commit', async () => {
    const folder = await session.fetch();
    await session.server.stop();
    session.questions.length = 0;
    assert.equal(await session.fetch(), folder);
    assert.equal(await session.fetch({ ...SOURCE, revision: COMMIT }), folder);
    assert.equal(await session.fetch({ ...SOURCE, revision: 'main' }), folder);
    assert.deepEqual(session.questions, []);
    session.server.models.clear();
    await assert.rejects(session.fetch({ ...SOURCE, revision: 'v2' }), {
      reason: 'downloadFailed',
      message: /ECONNREFUSED/,
    });
    // The test's end stops it once more.
    const fresh = await HubSession.start();
    Object.assign(session, { server: fresh.server });
  });

  it('takes another revision of the same commit without a question', async () => {
    const folder = await session.fetch();
    session.model.revisions['refs/pr/1'] = COMMIT;
    session.questions.length = 0;
    assert.equal(await session.fetch({ ...SOURCE, revision: 'refs/pr/1' }), folder);
    assert.deepEqual(session.questions, []);
    const [stored] = await session.hub.list();
    assert.deepEqual(stored?.revisions, ['main', 'refs/pr/1']);
  });

  it('goes on where a line was cut, with the tag of what came', async () => {
    const bytes = session.file(WEIGHTS);
    const tag = { etag: '"one"' };
    session.server.faults.push(
      { at: 'safetensors?signed', fault: cutAfter(70_000, bytes, tag) },
      { at: 'safetensors?signed', fault: cutAfter(50_000, bytes, tag) },
      { at: 'safetensors?signed', fault: cutAfter(60_000, bytes, { etag: 'W/"weak"' }) },
    );
    // The right tag is another one, so the last answer is the whole file once more.
    checkFolder(await session.fetch());
    const asked = session.server.asked.filter(({ path }) => path.includes('safetensors?signed'));
    assert.deepEqual(
      asked.map(({ headers }) => [headers.range, headers['if-range']]),
      [
        [undefined, undefined],
        ['bytes=70000-', '"one"'],
        ['bytes=120000-', '"one"'],
        ['bytes=180000-', '"one"'],
      ],
    );
  });

  it('goes on after the person has stopped it', async () => {
    const stop = new AbortController();
    session.server.faults.push({
      at: 'safetensors?signed',
      fault: (_request, response) => {
        const bytes = session.file(WEIGHTS);
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 100_000));
        return true;
      },
    });
    const stopped = session.fetch(SOURCE, {
      signal: stop.signal,
      onProgress: ({ bytes }) => {
        if (bytes >= 100_000 + 5000) stop.abort();
      },
    });
    await assert.rejects(stopped, { name: 'HttpFailure', code: 'aborted' });
    const [left] = await session.hub.list();
    assert.equal(left?.complete, false);
    checkFolder(await session.fetch());
    assert.deepEqual(rangesOf(WEIGHTS), [undefined, 'bytes=100000-']);
    assert.deepEqual(
      (await session.hub.list()).map(({ complete }) => complete),
      [true],
    );
  });

  it('begins again where there are no ranges', async () => {
    session.server.ranges = false;
    session.server.faults.push({
      at: 'safetensors?signed',
      fault: cutAfter(90_000, session.file(WEIGHTS)),
    });
    checkFolder(await session.fetch());
  });

  it('begins again where the part is another one, or the range is refused', async () => {
    const bytes = session.file(WEIGHTS);
    session.server.faults.push(
      { at: 'safetensors?signed', fault: cutAfter(90_000, bytes) },
      {
        at: 'safetensors?signed',
        fault: (_request, response) => {
          const range = `bytes 5-${bytes.length - 1}/${bytes.length}`;
          response.writeHead(206, { 'content-range': range }).end(bytes.subarray(5));
          return true;
        },
      },
      { at: 'safetensors?signed', fault: cutAfter(10_000, bytes) },
      { at: 'safetensors?signed', fault: status(416) },
    );
    checkFolder(await session.fetch());
  });

  it('tries a file with another hash once more, then says so and keeps nothing of it', async () => {
    const wrong = session.file(WEIGHTS).slice();
    wrong[7] = (wrong[7] ?? 0) ^ 1;
    session.server.faults.push({ at: 'safetensors?signed', fault: instead(wrong) });
    checkFolder(await session.fetch());
    await session.hub.remove({ ...SOURCE, commit: COMMIT });
    for (const at of ['config.json', 'config.json'])
      session.server.faults.push({ at: `resolve/${COMMIT}/${at}`, fault: instead(session.file(at).toReversed()) });
    await assert.rejects(session.fetch(), { reason: 'downloadFailed', message: /config\.json/ });
    const kept = readdirSync(join(session.storage, 'hub', 'ann', 'tiny-bert'), { recursive: true });
    assert.ok(!kept.some((name) => String(name).includes('config.json.part')));
  });

  it('does not take more than was announced', async () => {
    const more = new Uint8Array(session.file(WEIGHTS).length + 1);
    session.server.faults.push({ at: 'safetensors?signed', fault: instead(more) });
    await assert.rejects(session.fetch(), { reason: 'downloadFailed', message: /more than it/ });
  });

  it('tells how far it is, up to the whole', async () => {
    await session.fetch();
    const counts = session.progress.map(({ bytes }) => bytes);
    assert.deepEqual(counts, counts.toSorted((one, other) => one - other));
    const last = session.progress.at(-1);
    assert.equal(last?.bytes, last?.total);
  });

  it('takes no damage from two servers at once', async () => {
    const other = session.another();
    const options = { signal: new AbortController().signal, wantedBy: 'person' } as const;
    const [one, two] = await Promise.all([session.fetch(), other.folder(SOURCE, options)]);
    assert.equal(one, two);
    checkFolder(one);
    const parent = join(session.storage, 'hub', 'ann', 'tiny-bert');
    assert.deepEqual(readdirSync(parent).sort(), [COMMIT, 'revisions']);
  });

  it('lists and deletes', async () => {
    const folder = await session.fetch();
    const bytes = NEEDED.reduce((sum, name) => sum + session.file(name).length, 0);
    assert.deepEqual(await session.hub.list(), [
      { owner: 'ann', name: 'tiny-bert', commit: COMMIT, revisions: ['main'], bytes, complete: true },
    ]);
    await session.hub.remove({ ...SOURCE, commit: COMMIT });
    assert.deepEqual(await session.hub.list(), []);
    assert.ok(!existsSync(folder));
    assert.deepEqual(readdirSync(join(session.storage, 'hub')), []);
    await session.hub.remove({ ...SOURCE, commit: COMMIT });
  });
});
