import assert from 'node:assert/strict';
import { controls } from '../../../client/chapter/controls';
import { readChapterSettings } from '../../../server/chapter/settings';
import { english } from './english';
import { CHAPTER } from './panelFakes';

describe("the Chapter model's controls", () => {
  const list = controls(CHAPTER, english);

  it('are all there, each with the value in use', () => {
    assert.equal(list.length, Object.keys(CHAPTER).length);
    assert.deepEqual(
      list.map(({ shown }) => shown),
      ['sinusoidal', '1', 'usual: s · PE', 'scaled dot product', '8', 'off', 'as the formula'],
    );
  });

  it('offer values that the model takes, and mark the one in use', () => {
    for (const { label, values } of list) {
      if (values === 'scale') continue;
      assert.equal(values.filter(({ current }) => current).length, 1, label);
      for (const { change, current } of values) {
        const settings = readChapterSettings(change, CHAPTER);
        assert.deepEqual(settings, { ...CHAPTER, ...change });
        assert.equal(JSON.stringify(settings) === JSON.stringify(CHAPTER), current, label);
      }
    }
  });
});
