import assert from 'node:assert';
import english from '../../../l10n/bundle.l10n.json';
import chinese from '../../../l10n/bundle.l10n.zh-cn.json';
import { errata } from '../../../server/chapter/errata';
import {
  figures,
  figuresText,
  statementText,
  type Statement,
} from '../../../server/chapter/statement';
import { closeTo } from '../positional/closeTo';

const findings = errata();
const statements = findings.flatMap(({ title, printed, right, reason }) => [
  title,
  printed,
  right,
  reason,
]);
const right = (number: number): Statement => findings[number - 1]!.right;
const translations = chinese as { [key: string]: string };

/** Places for numbers in a text, sorted. */
const places = (text: string) => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();

describe('the errata', () => {
  it('are the thirteen findings in order', () => {
    assert.deepEqual(
      findings.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    );
  });

  it('compute what a calculator gives', () => {
    closeTo(right(1).figures[1]!.values, [530], 0);
    closeTo(right(3).figures[2]!.values, [2.6833, 3.1305, 3.5777, 4.0249, 4.4721], 5e-5);
    closeTo(right(4).figures[0]!.values, [192.1], 0.05);
    closeTo(right(5).figures[0]!.values, [0.011656, 0.031685, 0.086129, 0.234122, 0.636409], 5e-7);
    closeTo(right(5).figures[1]!.values, [14.4519], 5e-5);
    closeTo(right(5).figures[2]!.values, [0.067486, 0.105545, 0.165067, 0.258157, 0.403744], 5e-7);
    closeTo(right(5).figures[3]!.values, [13.8251], 5e-5);
    closeTo(findings[5]!.reason.figures[0]!.values, [1e-16], 1e-30);
    closeTo(right(7).figures[1]!.values, [9.4519], 5e-5);
    assert.deepEqual(
      right(8).figures.map(({ values }) => values[0]),
      [16, 2480, 2560, 5, 25],
    );
    closeTo(right(9).figures[4]!.values, [1e-7, -0.544, 1, -0.8391], 5e-5);
    closeTo(right(10).figures[0]!.values, [5.0456, 5.3927, 5.47, 5.4912, 5.4974], 5e-5);
    closeTo(right(13).figures[3]!.values, [1], 1e-12);
  });

  it('have a place in the text for every number, in both languages', () => {
    for (const { key, figures: shown } of statements) {
      const expected = shown.map((_, index) => `{${index}}`);
      assert.deepEqual(places(key), expected, key);
      const translated = translations[key];
      assert.ok(translated, `no Chinese for: ${key}`);
      assert.deepEqual(places(translated), expected, translated);
    }
    const told = english as { [key: string]: string };
    for (const { key } of statements) assert.equal(told[key], key);
  });

  it('read as sentences without a gap', () => {
    for (const said of statements) {
      const text = statementText(said);
      assert.ok(!/[{}]|NaN|Infinity/.test(text), text);
    }
  });

  it('show numbers as people write them', () => {
    assert.equal(figuresText(figures([1e-7, -0.54402, 1], 4)), '1e−7, −0.5440, 1.0000');
    assert.equal(figuresText(figures(2.345e-16, 0)), '2.35e−16');
    assert.equal(figuresText(figures(0, 0)), '0');
  });
});
