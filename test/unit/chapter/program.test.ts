import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { readNumberDocument } from '../../../server/chapter/numberDocument';
import { runNumberDocument } from '../../../server/chapter/numberPipeline';

const { width, stages } = JSON.parse(
  readFileSync('test/reference/program/program.json', 'utf8'),
) as { width: number; stages: Record<string, number[]> };

describe("the chapter's program in NumPy", () => {
  const document = readNumberDocument(readFileSync('samples/chapter/numbers.csv', 'utf8'));
  const tensors: Record<string, unknown> = { ...runNumberDocument(document) };

  it('has the input and the width that the document beside it has', () => {
    const source = readFileSync('samples/chapter/attention.py', 'utf8');
    const numbers = document.tokens.map(({ value }) => value);
    assert.ok(source.includes(`NUMBERS = [${numbers.join(', ')}]\n`));
    assert.ok(source.includes(`WIDTH = ${document.width}`));
    assert.strictEqual(document.width, width);
  });

  for (const [stage, expected] of Object.entries(stages)) {
    it(`computes the same at the stage "${stage}"`, () => {
      const actual = tensors[stage];
      assert.ok(actual instanceof Float64Array && actual.length === expected.length);
      expected.forEach((value, cell) => {
        const error = Math.abs(actual[cell]! - value);
        assert.ok(error <= 1e-12 * Math.max(1, Math.abs(value)), `${stage}[${cell}]: ${error}`);
      });
    });
  }
});
