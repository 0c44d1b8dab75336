import assert from 'node:assert/strict';
import { DEFAULT_SETTINGS, readSettings } from '../../../server/analysis/settings';

describe('settings from a client', () => {
  it('fill in the defaults', () => {
    for (const raw of [undefined, null, {}, { engine: {} }])
      assert.deepEqual(readSettings(raw), { settings: DEFAULT_SETTINGS, problems: [] });
  });

  it('are taken over where they can be used', () => {
    const { settings, problems } = readSettings({
      engine: { threads: 2, memoryLimit: 64 },
      hover: { rows: 3 },
      maxDocumentLength: 5000,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(settings.engine, { backend: 'auto', threads: 2, memoryLimit: 64 });
    assert.deepEqual(settings.hover, { enabled: true, rows: 3 });
    assert.equal(settings.maxDocumentLength, 5000);
    assert.equal(readSettings({ model: 'chapter' }).settings.model, 'chapter');
  });

  it('name each unknown name and each wrong value once, and keep the default', () => {
    const { settings, problems } = readSettings({
      colour: 'red',
      constructor: 1,
      hover: { rows: '5', enabled: 'yes', sound: true },
      engine: 5,
      maxDocumentLength: -1,
    });
    assert.deepEqual(settings, DEFAULT_SETTINGS);
    assert.equal(problems.length, 7);
    for (const name of ['colour', 'constructor', 'hover.rows', 'hover.sound', '"engine"'])
      assert.equal(problems.filter((problem) => problem.includes(name)).length, 1, name);
  });

  it('say when they are no object', () => {
    assert.equal(readSettings('bundled').problems.length, 1);
    assert.equal(readSettings([1]).problems.length, 1);
  });

  it('leave names of others alone', () => {
    assert.deepEqual(readSettings({ overlay: { direction: 'reads' } }, ['overlay']).problems, []);
  });
});
