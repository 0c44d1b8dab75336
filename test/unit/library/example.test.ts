import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const MARK = '<!-- example: library -->';
/** Beside the folders that the example names by relative paths. */
const FILE = 'library-example.tmp.mjs';

/** The fenced block behind the mark in CONTRIBUTING.md. */
function example(): string {
  const text = readFileSync('CONTRIBUTING.md', 'utf8').replaceAll('\r\n', '\n');
  const block = /^```js\n(.*?)^```$/ms.exec(text.slice(text.indexOf(MARK)));
  assert.ok(text.includes(MARK) && block?.[1], `CONTRIBUTING.md has no block behind ${MARK}`);
  return block[1];
}

describe('library', function () {
  this.timeout(120_000);

  it('does what its example in CONTRIBUTING.md shows', async () => {
    writeFileSync(FILE, example());
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [FILE], { timeout: 100_000 });
      const share = /(\d+) % goes to the sink/.exec(stdout);
      assert.ok(share && Number(share[1]) > 0 && Number(share[1]) < 100, stdout);
      const rows = [...stdout.matchAll(/^(\S+) +(\d\.\d{3})$/gm)];
      assert.deepEqual(
        rows.map(([, token]) => token),
        ['[CLS]', 'the', 'lighthouse', 'keeper', 'answered', '.', '[SEP]'],
      );
      const sum = rows.reduce((total, [, , weight]) => total + Number(weight), 0);
      assert.ok(Math.abs(sum - 1) < 0.005, `the row sums to ${sum}`);
    } finally {
      rmSync(FILE, { force: true });
    }
  });

  it('ends by itself once the model is closed, and says what is wrong with a folder', async () => {
    writeFileSync(
      FILE,
      `import { openModel } from './dist/attention-lens.mjs';
       await openModel('models').catch((error) => console.log(error.reason));`,
    );
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [FILE], { timeout: 100_000 });
      assert.equal(stdout.trim(), 'modelMissing');
    } finally {
      rmSync(FILE, { force: true });
    }
  });
});
