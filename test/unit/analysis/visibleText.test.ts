import assert from 'node:assert/strict';
import fc from 'fast-check';
import { codeSpan, visibleText } from '../../../server/analysis/visibleText';

describe('text of a document in a hover', () => {
  it('shows what would be invisible', () => {
    assert.equal(visibleText(' a\tb\nc\u00a0'), '·a→b↵c·');
    assert.equal(visibleText('\u202eevil\u0000\ud800'), '⟨U+202E⟩evil⟨U+0000⟩⟨U+D800⟩');
    assert.equal(visibleText('\u{1f468}\u200d\u{1f4bb}'), '\u{1f468}\u200d\u{1f4bb}');
  });

  it('cuts long tokens', () => {
    assert.equal(visibleText('x'.repeat(1_000_000)), `${'x'.repeat(24)}…`);
    assert.equal(visibleText('x'.repeat(24)), 'x'.repeat(24));
  });

  it('does not turn around what follows a word that is written from right to left', () => {
    assert.equal(codeSpan('עולם'), '`עולם`\u200e');
    assert.equal(codeSpan('مرحبا'), '`مرحبا`\u200e');
    assert.equal(codeSpan('keeper'), '`keeper`');
  });

  it('never lets text out of its code span', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('`', '|', '\\', '\n', '<', '[', ']', '(', '*', ' ', 'a', '\u202e'),
      maxLength: 40,
    });
    fc.assert(
      fc.property(nasty, (text) => {
        const span = codeSpan(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        assert.ok(span.endsWith(fence));
        const inside = span.slice(fence.length, span.length - fence.length);
        const runs = inside.match(/`+/g) ?? [];
        assert.ok(runs.every((run) => run.length < fence.length));
        assert.ok(!/[\n\r\u202e]/.test(span));
        // A pipe ends a table cell unless an odd number of backslashes precedes it.
        for (const { 0: run } of inside.matchAll(/\\*\|/g)) assert.equal(run.length % 2, 0);
      }),
    );
  });
});
