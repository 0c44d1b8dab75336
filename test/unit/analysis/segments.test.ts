import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SegmentedText } from '../../../server/analysis/segments';
import { FakeTokenizer } from './fakes';

const text = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '\n', 'longer'),
  maxLength: 3000,
  size: 'max',
});

function tokenizeAll(segmented: SegmentedText): void {
  while (segmented.step());
}

describe('a text tokenized in segments', () => {
  it('has the tokens of the whole text after any edits', () => {
    const edit = fc.record({
      at: fc.nat(),
      removed: fc.nat(5000),
      inserted: text,
      steps: fc.nat(4),
    });
    fc.assert(
      fc.property(text, fc.array(edit, { maxLength: 6 }), (initial, edits) => {
        const tokenizer = new FakeTokenizer();
        const segmented = new SegmentedText(tokenizer, initial);
        let current = initial;
        for (const { at, removed, inserted, steps } of edits) {
          for (let step = 0; step < steps; step++) segmented.step();
          const start = current.length === 0 ? 0 : at % (current.length + 1);
          const end = Math.min(current.length, start + removed);
          current = current.slice(0, start) + inserted + current.slice(end);
          segmented.splice(current, { start, removed: end - start, inserted: inserted.length });
        }
        tokenizeAll(segmented);
        assert.ok(segmented.done);
        assert.deepEqual(segmented.known(), tokenizer.encode(current));
      }),
      { numRuns: 60 },
    );
  });

  it('knows the beginning before the end', () => {
    const segmented = new SegmentedText(new FakeTokenizer(), 'word '.repeat(5000));
    segmented.step();
    const known = segmented.known().ids.length;
    assert.ok(known > 0 && known < 5000);
    assert.equal(segmented.done, false);
  });

  it('tokenizes only what an edit touched', () => {
    const tokenizer = new FakeTokenizer();
    const initial = 'word '.repeat(100_000);
    const segmented = new SegmentedText(tokenizer, initial);
    tokenizeAll(segmented);
    const before = tokenizer.encoded;
    const changed = `${initial.slice(0, 250_000)}x${initial.slice(250_000)}`;
    segmented.splice(changed, { start: 250_000, removed: 0, inserted: 1 });
    tokenizeAll(segmented);
    assert.ok(tokenizer.encoded - before < 20_000);
  });

  it('takes a text without any cut as one segment', () => {
    const segmented = new SegmentedText(new FakeTokenizer(), 'x'.repeat(100_000));
    assert.equal(segmented.step(), true);
    assert.ok(segmented.done);
    assert.equal(segmented.known().ids.length, 25_000);
  });
});
