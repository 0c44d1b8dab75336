import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Arena } from '../../../server/engine/kernel/arena';

const PAGE = 65_536;

function newArena(): Arena {
  return new Arena(new WebAssembly.Memory({ initial: 1, maximum: 100 }), 1000);
}

describe('kernel memory', () => {
  it('never hands out a byte twice, and takes every byte back', () => {
    const steps = fc.array(
      fc.record({ bytes: fc.integer({ min: 0, max: 9000 }), free: fc.option(fc.nat(50)) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const arena = newArena();
        const taken: { at: number; bytes: number }[] = [];
        for (const { bytes, free } of script) {
          const at = arena.allocate(bytes);
          assert.equal(at % 16, 0);
          assert.ok(at >= 1000 && at + bytes <= arena.memory.buffer.byteLength);
          for (const other of taken) {
            assert.ok(at + bytes <= other.at || other.at + other.bytes <= at, 'overlap');
          }
          taken.push({ at, bytes });
          if (free !== null && taken[free]) arena.free(taken.splice(free, 1)[0]!.at);
        }
        for (const { at } of taken) arena.free(at);
        assert.equal(arena.used, 0);
        const whole = arena.memory.buffer.byteLength - 1008;
        assert.equal(arena.allocate(whole), 1008, 'the gaps were not joined');
        assert.equal(arena.memory.buffer.byteLength, whole + 1008);
      }),
    );
  });

  it('grows by what is missing only', () => {
    const arena = newArena();
    arena.allocate(3 * PAGE);
    assert.equal(arena.memory.buffer.byteLength, 4 * PAGE);
  });

  it('refuses what the memory cannot hold, and stays usable', () => {
    const arena = newArena();
    assert.throws(() => arena.allocate(200 * PAGE), RangeError);
    assert.equal(arena.used, 0);
    arena.free(arena.allocate(100));
    assert.equal(arena.used, 0);
  });

  it('ignores addresses that it never handed out', () => {
    const arena = newArena();
    const at = arena.allocate(64);
    arena.free(at + 16);
    arena.free(at);
    arena.free(at);
    assert.equal(arena.allocate(64), at);
  });
});
