import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { start } from '../protocol/client';

/** Each package by what runs in it; the one for this platform is missing where there is no native engine. */
const packages = [
  ['wasm', process.env.ATTENTION_LENS_VSIX],
  ['native', process.env.ATTENTION_LENS_NATIVE_VSIX],
] as const;

describe('a package on its own, with no dependencies beside it', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'attention-lens-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [backend, file] of packages) {
    if (file === undefined) continue;
    it(`runs its model with the engine "${backend}", and says so`, async () => {
      for (const [name, bytes] of Object.entries(unzipSync(readFileSync(file)))) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), bytes);
      }
      const server = join(folder, 'extension/dist/attention-lens-server.js');
      const client = await start({ server });
      await client.open('file:///a', 'One two three.');
      assert.ok(await client.hover('file:///a', 0, 1));
      const { engine } = await client.status(({ state }) => state === 'ready');
      assert.equal(engine.backend, backend);
      assert.deepEqual(
        engine.passedOver.map(({ reason }) => /no native engine for/.test(reason)),
        backend === 'wasm' ? [true] : [],
      );
      assert.equal(await client.stop(), 0);
    });
  }
});
