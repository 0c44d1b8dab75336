import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fuzz } from '../fuzz/fuzz';

/** As many as a minute of a slow machine takes; `npm run fuzz` runs as many as one likes. */
const RUNS = { onnx: 100, safetensors: 200, tokenizer: 200, config: 200 } as const;

describe('Damaged files of a model', function () {
  this.timeout(240_000);

  for (const target of ['onnx', 'safetensors', 'tokenizer', 'config'] as const) {
    it(`are taken or refused in a sentence, without crash, hang or hunger: ${target}`, async () => {
      const { broken } = await fuzz(target, RUNS[target], 1);
      assert.deepEqual(broken, []);
    });
  }
});
