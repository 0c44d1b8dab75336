import assert from 'node:assert';
import { ChapterError } from '../../../server/chapter/chapterError';
import { DEFAULT_SETTINGS, readChapterSettings } from '../../../server/chapter/settings';

describe("the Chapter model's settings", () => {
  it('keep what is not given', () => {
    const causal = readChapterSettings({ causal: true });
    assert.deepEqual(causal, { ...DEFAULT_SETTINGS, causal: true });
    assert.deepEqual(readChapterSettings({ heads: 2 }, causal), { ...causal, heads: 2 });
    assert.deepEqual(readChapterSettings({ heads: undefined }), DEFAULT_SETTINGS);
  });

  it('refuse what no control offers, naming it', () => {
    const wrong: [object, RegExp][] = [
      [{ heads: 3 }, /"heads" cannot be 3/],
      [{ similarity: 'cosine' }, /"similarity" cannot be "cosine"/],
      [{ scale: 0 }, /scale must be a number above 0/],
      [{ scale: -2 }, /scale must be a number above 0/],
      [{ scale: NaN }, /scale must be a number above 0/],
      [{ causal: 'yes' }, /"causal" cannot be "yes"/],
    ];
    for (const [given, message] of wrong) {
      assert.throws(
        () => readChapterSettings(given),
        (error: unknown) => {
          assert.ok(error instanceof ChapterError && error.reason === 'settings');
          assert.match(error.message, message);
          return true;
        },
      );
    }
    assert.throws(() => readChapterSettings(null), ChapterError);
    assert.throws(() => readChapterSettings('sinusoidal'), ChapterError);
  });
});
