import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FileCache } from '../../../server/engine/fileCache';

const bytes = new TextEncoder().encode('weights');
const file = {
  path: 'weights.bin',
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
};
const source = { path: '/folder/weights.bin' };

function cacheOf(contents: Uint8Array): { cache: FileCache; reads: string[] } {
  const reads: string[] = [];
  const cache = new FileCache((path) => {
    reads.push(path);
    return Promise.resolve(contents);
  });
  return { cache, reads };
}

describe('checked files', () => {
  it('are read once for all models that name them', async () => {
    const { cache, reads } = cacheOf(bytes);
    assert.equal(await cache.read(file, source), bytes);
    assert.equal(await cache.read({ ...file, path: 'other.bin' }, source), bytes);
    assert.deepEqual(reads, ['/folder/weights.bin']);
  });

  it('are read again once no model needs them', async () => {
    const { cache, reads } = cacheOf(bytes);
    await cache.read(file, source);
    cache.keepOnly([file]);
    await cache.read(file, source);
    assert.equal(reads.length, 1);
    cache.keepOnly([]);
    await cache.read(file, source);
    assert.equal(reads.length, 2);
  });

  it('are not kept when they are damaged', async () => {
    const { cache } = cacheOf(Uint8Array.from(bytes).reverse());
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(cache.read(file, source), { reason: 'modelRefused' });
    }
    assert.equal(await cache.read(file, { bytes }), bytes);
  });

  it('must be given, known or not', async () => {
    const { cache } = cacheOf(bytes);
    await cache.read(file, source);
    await assert.rejects(cache.read(file, undefined), { reason: 'modelMissing' });
  });
});
