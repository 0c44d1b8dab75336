import assert from 'node:assert/strict';
import { ServerFailure } from '../../../client/connection/failure';
import { isInside, readExtensionFile } from '../../../client/connection/readFile';

const place = (text: string): { scheme: string; authority: string; path: string } => {
  const { protocol, host, pathname } = new URL(text);
  return { scheme: protocol.slice(0, -1), authority: host, path: decodeURIComponent(pathname) };
};
const at = (path: string, scheme = 'https', authority = 'host'): ReturnType<typeof place> => ({
  scheme,
  authority,
  path,
});
const folder = at('/ext/attention-lens/');

describe('reading files for the web server', () => {
  it('stays inside the extension', () => {
    assert.ok(isInside(at('/ext/attention-lens/models/a/model.onnx'), folder));
    assert.ok(isInside(at('/ext/attention-lens/dist/../models/a'), folder));
    for (const outside of [
      at('/ext/attention-lens'),
      at('/ext/attention-lens-evil/a'),
      at('/ext/attention-lens/../secret'),
      at('/ext/attention-lens/models/../../other/a'),
      at('/../../ext/attention-lens/a'),
      at('/ext/attention-lens/a', 'file'),
      at('/ext/attention-lens/a', 'https', 'elsewhere'),
    ])
      assert.ok(!isInside(outside, folder), JSON.stringify(outside));
  });

  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
  const reader = { parse: place, read: () => Promise.resolve(bytes.subarray(0)) };
  const read = (offset?: number, length?: number): ReturnType<typeof readExtensionFile> =>
    readExtensionFile({ uri: 'https://host/ext/attention-lens/a', offset, length }, folder, reader);

  it('gives the asked part in a buffer of its size', async () => {
    const { bytes: part } = await read(10, 5);
    assert.ok(part instanceof Uint8Array);
    assert.deepEqual([...part], [10, 11, 12, 13, 14]);
    assert.equal(part.buffer.byteLength, 5);
  });

  it('clamps to the file', async () => {
    assert.equal((await read()).bytes.length, 100);
    assert.equal((await read(95, 50)).bytes.length, 5);
    assert.equal((await read(500, 5)).bytes.length, 0);
    assert.equal((await read(-5, 5)).bytes.length, 5);
  });

  it('refuses any other place', async () => {
    const refused = readExtensionFile({ uri: 'https://host/etc/passwd' }, folder, reader);
    await assert.rejects(refused, (error) => ServerFailure.is(error, 'cannotReadFiles'));
  });
});
