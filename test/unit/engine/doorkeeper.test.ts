import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, it } from 'mocha';
import { Door } from '../../../server/engine/doorkeeper.node';

/** A thread that is inside until it is told to leave, and notes that it has left. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { cell, signs } = workerData;
  Atomics.add(cell, 0, 1);
  parentPort.postMessage('inside');
  Atomics.wait(signs, 0, 0);
  Atomics.store(signs, 1, 1);
  Atomics.sub(cell, 0, 1);
  Atomics.notify(cell, 0);
`;

describe('the door of a thread that runs native code', () => {
  it('lets work in, and its answer or its failure out', async () => {
    const door = new Door();
    assert.equal(await door.through(() => Promise.resolve(7)), 7);
    await assert.rejects(
      door.through(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(door.cell[0], 0);
  });

  it('begins nothing once it is shut', async () => {
    const door = new Door();
    door.shut();
    let begun = false;
    const never = door.through(() => Promise.resolve((begun = true)));
    assert.equal(await Promise.race([never, Promise.resolve('still outside')]), 'still outside');
    assert.equal(begun, false);
  });

  it('is shut only when the other thread is out', async () => {
    const door = new Door();
    const signs = new Int32Array(new SharedArrayBuffer(8));
    const worker = new Worker(THREAD, { eval: true, workerData: { cell: door.cell, signs } });
    await once(worker, 'message');
    Atomics.store(signs, 0, 1);
    Atomics.notify(signs, 0);
    door.shut();
    assert.deepEqual([signs[1], door.cell[0]], [1, -1]);
    await worker.terminate();
  });
});
