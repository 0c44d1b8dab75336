import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeChoices, isQuestion, type Question } from '../../../client/position/choices';
import { changeLabel } from '../../../client/position/label';
import { LARGEST_SCALE } from '../../../server/positional/ranges';
import { ENCODING_MODES, type EncodingChange, type Model } from '../../../server/protocol';
import { english } from './english';

const model = {
  contextLength: 8,
  heads: 1,
  position: { kind: 'alibi', slopes: [0.5] },
  encodingModes: [...ENCODING_MODES],
} satisfies Pick<Model, 'contextLength' | 'heads' | 'position' | 'encodingModes'>;

const choicesOf = (current: EncodingChange | null) => changeChoices(model, current, english);

function question(mode: EncodingChange['mode']): Question {
  const found = choicesOf(null)
    .map(({ change }) => change)
    .find((change) => isQuestion(change) && change.change('2').mode === mode);
  assert.ok(found && isQuestion(found));
  return found;
}

describe('the name of a change of position', () => {
  it('says what is done, with its number', () => {
    const changes: [EncodingChange, string][] = [
      [{ mode: 'off' }, 'position off'],
      [{ mode: 'scaled', scale: 0.5 }, 'position × 0.5'],
      [{ mode: 'shuffled', seed: 7 }, 'position shuffled'],
      [{ mode: 'reversed' }, 'position reversed'],
      [{ mode: 'shifted', by: 3 }, 'position shifted by 3'],
      [{ mode: 'frozen' }, 'position frozen at 0'],
      [{ mode: 'frozen', at: 2 }, 'position frozen at 2'],
    ];
    for (const [change, label] of changes) assert.equal(changeLabel(change, english), label);
  });
});

describe('the choices for position', () => {
  it('are as trained and every change of the protocol, once', () => {
    const modes = choicesOf(null).map(({ change }) =>
      change === null ? 'asTrained' : isQuestion(change) ? change.change('2').mode : change.mode,
    );
    assert.deepEqual(modes, ['asTrained', ...ENCODING_MODES]);
  });

  it('mark what is shown, with its number', () => {
    const marked = (current: EncodingChange | null): string[] =>
      choicesOf(current).flatMap(({ current: shown }) => shown ?? []);
    assert.deepEqual(marked(null), ['shown now']);
    assert.deepEqual(marked({ mode: 'shifted', by: 2 }), ['position shifted by 2']);
  });

  it('take back the numbers of the change that is shown', () => {
    for (const current of [
      { mode: 'scaled', scale: 2.5 },
      { mode: 'shuffled', seed: 9 },
      { mode: 'shifted', by: 3 },
      { mode: 'frozen', at: 4 },
      { mode: 'base', base: 500 },
      { mode: 'linear', factor: 1.5 },
      { mode: 'ntk', factor: 8 },
      { mode: 'yarn', factor: 4 },
      { mode: 'yarn', factor: 4, originalLength: 2048 },
      { mode: 'slopes', slopes: [0.125] },
    ] satisfies EncodingChange[]) {
      const shown = choicesOf(current).find((choice) => choice.current !== undefined);
      assert.ok(shown && isQuestion(shown.change));
      assert.equal(shown.change.problem(shown.change.value), undefined);
      assert.deepEqual(shown.change.change(shown.change.value), current);
    }
  });

  it('start with numbers that can be taken', () => {
    for (const { change } of choicesOf(null))
      if (isQuestion(change)) assert.equal(change.problem(change.value), undefined);
  });

  it('refuse a factor that is not above 0, or too large', () => {
    const { problem, change } = question('scaled');
    for (const text of ['', ' ', '0', '-1', 'NaN', 'Infinity', '1e999', '1001', 'two', '1,5'])
      assert.match(problem(text) ?? '', /above 0, at most 1000/, text);
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: LARGEST_SCALE, noNaN: true }), (scale) => {
        assert.equal(problem(String(scale)), undefined);
        assert.deepEqual(change(String(scale)), { mode: 'scaled', scale });
      }),
    );
  });

  it('are those that the model takes', () => {
    const some = { ...model, encodingModes: ['off', 'base'] satisfies EncodingChange['mode'][] };
    assert.deepEqual(
      changeChoices(some, null, english).map(({ label }) => label),
      ['As trained', 'Off', 'RoPE: Base …'],
    );
  });

  it('refuse what RoPE and ALiBi cannot be given', () => {
    for (const text of ['', '0', '-1', '1', 'x', '2 3', '1e-9', '1e16', '1e999'])
      assert.match(question('base').problem(text) ?? '', /0\.001 to .* other than 1/, text);
    for (const mode of ['linear', 'ntk'] as const)
      for (const text of ['', '0.5', '-1', 'x', '2 3', '1e7'])
        assert.match(question(mode).problem(text) ?? '', /from 1 to 1000000/, text);
    for (const text of ['', '0.5', '2 0', '2 1.5', '2 x', '2 3 4'])
      assert.match(question('yarn').problem(text) ?? '', /factor from 1/, text);
    for (const text of ['', '1 2', '-1', 'x'])
      assert.match(question('slopes').problem(text) ?? '', /1 numbers from 0/, text);
  });

  it('refuse positions that the model does not have', () => {
    for (const mode of ['shifted', 'frozen'] as const) {
      const { problem } = question(mode);
      for (const text of ['', '-1', '8', '1.5', '1e1', 'x'])
        assert.match(problem(text) ?? '', /from 0 to 7/, text);
      for (const text of ['0', '7', ' 3 ']) assert.equal(problem(text), undefined);
    }
  });
});
