import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FRESH, readSaved } from '../../../webview/session/saved';

describe('saved state', () => {
  it('is fresh for a new panel', () => {
    assert.deepEqual(readSaved(undefined), FRESH);
    assert.deepEqual(readSaved(null), FRESH);
  });

  it('comes back as it was saved', () => {
    const saved = {
      view: 'overview',
      page: 'errata',
      scale: 'linear' as const,
      zoom: { k: 3, x: 0.2, y: 0.5 },
      lines: { count: 50, sink: false, row: null, at: 0.25 },
      share: 0.9,
      directions: 'reads' as const,
      finder: {
        statistic: 'entropy',
        order: 'lowest' as const,
        top: null,
        scope: 'document' as const,
      },
      whole: true,
      asSeen: true,
      compare: {
        first: { kind: 'heads' as const, layer: 3, head: null },
        second: { kind: 'position' as const, encoding: { mode: 'scaled' as const, scale: 0.5 } },
        show: 'difference' as const,
      },
      document: 'file:///a.md',
      window: 4,
      own: null,
      selection: { layer: 2, head: null, reading: 'withoutSink' },
    };
    assert.deepEqual(readSaved(JSON.parse(JSON.stringify(saved))), saved);
  });

  it('keeps the parts that make sense', () => {
    const saved = readSaved({
      view: 7,
      scale: 'log',
      zoom: { k: 0, x: 0, y: 0 },
      window: -1,
      document: 'x',
    });
    assert.deepEqual(saved, { ...FRESH, document: 'x' });
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => {
        const saved = readSaved(raw);
        assert.equal(typeof saved.view, 'string');
        assert.ok(saved.zoom.k >= 1);
      }),
    );
  });
});
