import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeChoices, isQuestion, type Question } from '../../../client/position/choices';
import { changeLabel } from '../../../client/position/label';
import { ENCODING_MODES, type EncodingChange } from '../../../server/protocol';
import { english } from './english';

const choicesOf = (current: EncodingChange | null) =>
  changeChoices({ contextLength: 8 }, current, english);

function question(mode: EncodingChange['mode']): Question {
  const found = choicesOf(null)
    .map(({ change }) => change)
    .find((change) => isQuestion(change) && change.change('1').mode === mode);
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
      change === null ? 'asTrained' : isQuestion(change) ? change.change('1').mode : change.mode,
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

  it('refuse a factor that is not above 0', () => {
    const { problem, change } = question('scaled');
    for (const text of ['', ' ', '0', '-1', 'NaN', 'Infinity', '1e999', 'two', '1,5'])
      assert.match(problem(text) ?? '', /above 0/, text);
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (scale) => {
        assert.equal(problem(String(scale)), undefined);
        assert.deepEqual(change(String(scale)), { mode: 'scaled', scale });
      }),
    );
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
