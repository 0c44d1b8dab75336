import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvText, numberCell, shortest, textCell } from '../../../../webview/export/csv';
import { namedAxis, placeName } from '../../../../webview/export/table';
import { anyTable, anyText } from './tables';

/** A reader of RFC 4180 that knows nothing of the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        if (text[at] === '"') at++;
        cell += text[at];
      }
      at++;
    } else while (at < text.length && !',\r\n'.includes(text[at]!)) cell += text[at++];
    row.push(cell);
    if (text[at] === ',') at++;
    else {
      assert.equal(text.slice(at, at + 2), '\r\n');
      at += 2;
      rows.push(row);
      row = [];
    }
    // A comma at the end of a line is followed by an empty cell.
    if (text[at - 1] === ',' && text.startsWith('\r\n', at)) {
      row.push('');
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const unguarded = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);

describe('CSV', () => {
  it('begins with a byte order mark, and is read back: what it is, every name, every float32', () => {
    fc.assert(
      fc.property(anyTable, anyText, (table, about) => {
        const text = csvText(table, about);
        assert.equal(text[0], '\uFEFF');
        const [header = [], ...rows] = parse(text.slice(1));
        const across = table.axes.at(-1)!;
        const counted = table.axes.length > 2 ? table.axes.length - 1 : 0;
        assert.equal(unguarded(header[0]!), about);
        assert.deepEqual(
          header.slice(1 + counted).map(unguarded),
          Array.from({ length: across.size }, (_, at) => placeName(across, at)),
        );
        const numbers = rows.flatMap((row) => row.slice(1 + counted).map(Number));
        assert.deepEqual(Float32Array.from(numbers), table.values);
      }),
    );
  });

  it('names each row, with a column each where several axes go downwards', () => {
    const axes = [
      { name: 'layer', size: 2 },
      { name: 'head', size: 2 },
      namedAxis('key', ['a', 'b']),
    ];
    const values = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const text = csvText({ name: 'n', title: 't', unit: '', axes, values }, 'what');
    assert.deepEqual(parse(text.slice(1)), [
      ['what', 'layer', 'head', '0 a', '1 b'],
      ['"layer 0, head 0"'.slice(1, -1), '0', '0', '1', '2'],
      ['layer 0, head 1', '0', '1', '3', '4'],
      ['layer 1, head 0', '1', '0', '5', '6'],
      ['layer 1, head 1', '1', '1', '7', '8'],
    ]);
  });

  it('leaves no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const [cell] = parse(`${textCell(text)}\r\n`)[0]!;
        assert.ok(!/^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(cell!), JSON.stringify(cell));
        assert.equal(/^['=+\-@\t\r＋－＝＠]/.test(text) ? cell!.slice(1) : cell, text);
      }),
    );
    assert.equal(textCell('=HYPERLINK("http://x")'), `"'=HYPERLINK(""http://x"")"`);
  });

  it('writes as few digits as give the float32 back, and nothing for no number', () => {
    assert.equal(numberCell(Math.fround(0.1)), '0.1');
    assert.equal(numberCell(NaN), '');
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // A number that is 0 needs no sign.
        assert.equal(Math.fround(shortest(value)) + 0, value + 0);
      }),
    );
  });
});
