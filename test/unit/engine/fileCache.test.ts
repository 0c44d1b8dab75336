import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FileCache } from '../../../server/engine/fileCache';
import { memorySource } from '../../../server/onnx/tap/byteSource';
import type { ModelFile } from '../../../server/models/manifest';

const SOURCE = { path: '/folder/weights.bin' };

function described(bytes: Uint8Array): ModelFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path: 'weights.bin', bytes: bytes.length, sha256 };
}

/** A disk with one file on it, wherever it is looked for, that counts how often it was hashed. */
function disk() {
  const state = { bytes: new TextEncoder().encode('weights'), stamp: '1', hashed: 0, there: true };
  const cache = new FileCache(() => {
    if (!state.there) throw new Error('ENOENT');
    const { bytes, stamp } = state;
    return {
      ...memorySource(bytes),
      stamp,
      read: (offset, length) => {
        if (!state.there) throw new Error('ENOENT');
        return state.stamp === stamp ? bytes.subarray(offset, offset + length) : new Uint8Array(0);
      },
      sha256: () => {
        state.hashed++;
        return Promise.resolve(described(bytes).sha256);
      },
    };
  });
  return { state, cache, file: described(state.bytes) };
}

describe('checked files', () => {
  it('are hashed once for all models that name them', async () => {
    const { state, cache, file } = disk();
    const opened = await cache.open(file, SOURCE);
    assert.deepEqual(opened.read(2, 3), state.bytes.subarray(2, 5));
    assert.equal(await cache.open({ ...file, path: 'other.bin' }, SOURCE), opened);
    assert.equal(state.hashed, 1);
  });

  it('are hashed again once no model needs them', async () => {
    const { state, cache, file } = disk();
    await cache.open(file, SOURCE);
    cache.keepOnly([file]);
    await cache.open(file, SOURCE);
    assert.equal(state.hashed, 1);
    cache.keepOnly([]);
    await cache.open(file, SOURCE);
    assert.equal(state.hashed, 2);
  });

  it('need not be hashed in the state in which whoever names them has hashed them', async () => {
    const { state, cache, file } = disk();
    await cache.open(file, { ...SOURCE, stamp: '1' });
    assert.equal(state.hashed, 0);
    cache.keepOnly([]);
    await cache.open(file, { ...SOURCE, stamp: '0' });
    assert.equal(state.hashed, 1, 'written to since');
  });

  it('are not taken over when they are damaged', async () => {
    const { state, cache, file } = disk();
    state.bytes = Uint8Array.from(state.bytes).reverse();
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(cache.open(file, SOURCE), { reason: 'modelRefused' });
    }
    const bytes = Uint8Array.from(state.bytes).reverse();
    assert.deepEqual((await cache.open(file, { bytes })).read(0, bytes.length), bytes);
  });

  it('must be given, known or not', async () => {
    const { cache, file } = disk();
    await cache.open(file, SOURCE);
    await assert.rejects(cache.open(file, undefined), { reason: 'modelMissing' });
  });

  it('say that they have changed or gone when they are read later', async () => {
    const { state, cache, file } = disk();
    const opened = await cache.open(file, SOURCE, { own: true });
    state.stamp = '2';
    assert.throws(() => opened.read(0, 1), {
      reason: 'modelRefused',
      message: /has changed since/,
    });
    state.there = false;
    assert.throws(() => opened.read(0, 1), { reason: 'modelMissing', message: /still there/ });
  });

  it('are looked for where they are now', async () => {
    const { state, cache, file } = disk();
    await cache.open(file, SOURCE);
    state.stamp = '2';
    const again = await cache.open(file, SOURCE);
    assert.deepEqual(again.read(0, 7), state.bytes, 'the same content, written again');
    await cache.open(file, { path: '/elsewhere/weights.bin' });
    assert.equal(state.hashed, 3);
  });
});
