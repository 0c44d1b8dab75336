import assert from 'node:assert/strict';
import { percent, percentTick, place, significant, tokenText } from '../../../webview/format';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

describe('numbers', () => {
  it('are percent with one decimal for weights', () => {
    assert.equal(plain(percent(0.1824)), '18.2 %');
    assert.equal(plain(percent(1)), '100.0 %');
    assert.equal(plain(percent(0)), '0.0 %');
  });

  it('do not print as zero what is not', () => {
    assert.equal(plain(percent(0.0003)), '< 0.1 %');
    assert.equal(plain(percent(0.0005)), '0.1 %');
  });

  it('are short in a legend', () => {
    assert.equal(plain(percentTick(0.001)), '0.1 %');
    assert.equal(plain(percentTick(0.8234)), '82 %');
    assert.equal(plain(percentTick(0)), '0 %');
    assert.equal(plain(percentTick(1)), '100 %');
    assert.equal(plain(percentTick(5e-7)), '5e-5 %');
  });

  it('have three digits otherwise, and places count from one', () => {
    assert.equal(significant(4.4567), '4.46');
    assert.equal(significant(0.97612), '0.976');
    assert.equal(place(3, 11), '4:12');
  });
});

describe('token text', () => {
  it('shows white space', () => {
    assert.equal(tokenText(' word'), '·word');
    assert.equal(tokenText('\u0120word'), '·word');
    assert.equal(tokenText('\u2581word'), '·word');
    assert.equal(tokenText('\n'), '↵');
    assert.equal(tokenText('a\tb'), 'a⇥b');
  });

  it('shows what hides or turns its neighbours around', () => {
    assert.equal(tokenText('\u001b[31m'), '⟨U+001B⟩[31m');
    assert.equal(tokenText('a\u202eb'), 'a⟨U+202E⟩b');
  });

  it('is short', () => {
    const long = tokenText('灯'.repeat(100_000));
    assert.equal(long, `${'灯'.repeat(64)}…`);
    assert.equal([...tokenText('😀'.repeat(65))].length, 65);
  });

  it('changes nothing else', () => {
    for (const text of ['word', '##ing', '[CLS]', '灯塔', 'עולם', '<b>&amp;', 'a'.repeat(64), ''])
      assert.equal(tokenText(text), text);
  });
});
