import assert from 'node:assert/strict';
import { start } from './client';

describe('the errata', function () {
  this.timeout(60_000);

  it('come in the reader’s language with numbers in them', async () => {
    for (const [locale, title, output] of [
      ['en', /softmax/, /14\.4519/],
      ['zh-cn', /[\u4e00-\u9fff]/, /14\.4519/],
    ] as const) {
      const client = await start({ initialize: { locale } });
      const { errata } = await client.request('attentionLens/errata', {});
      assert.deepEqual(
        errata.map(({ number }) => number),
        Array.from({ length: 13 }, (_, index) => index + 1),
      );
      assert.match(errata[0]?.title ?? '', title);
      assert.match(errata[4]?.right ?? '', output);
      for (const { printed, right, reason } of errata)
        for (const text of [printed, right, reason]) assert.doesNotMatch(text, /\{\d\}|NaN/);
      assert.equal(await client.stop(), 0);
    }
  });
});
