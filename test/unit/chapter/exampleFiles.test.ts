import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { readNumberDocument } from '../../../server/chapter/numberDocument';
import { runNumberDocument } from '../../../server/chapter/numberPipeline';
import { WORKED_EXAMPLES } from '../../../server/chapter/workedExamples';
import { closeTo } from '../positional/closeTo';

const FOLDER = 'samples/chapter';

describe("the chapter's worked examples as files", () => {
  for (const { fileName, text, section } of WORKED_EXAMPLES) {
    it(`are what the product opens for §${section}`, () =>
      assert.equal(readFileSync(`${FOLDER}/${fileName}`, 'utf8'), text));
  }

  it('give the output that the file beside them tells', () => {
    const readme = readFileSync(`${FOLDER}/README.txt`, 'utf8');
    const told = Number(/the output for 1 is (\d+\.\d+)/.exec(readme)?.[1]);
    const text = readFileSync(`${FOLDER}/chapter-4.1.5-attention.csv`, 'utf8');
    const { context } = runNumberDocument(readNumberDocument(text));
    closeTo(context.subarray(0, 1), [told], 5e-5);
  });

  it('are all named there', () => {
    const readme = readFileSync(`${FOLDER}/README.txt`, 'utf8');
    for (const { fileName } of WORKED_EXAMPLES) assert.ok(readme.includes(fileName), fileName);
  });
});
