import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Position, Range } from '../../../server/protocol';
import { textLines } from '../../../webview/text/segments';

/** The place of an offset in a text whose first character stands at `start`. */
function placeOf(text: string, offset: number, start: Position): Position {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  const line = before.length - 1;
  const character = before[line]!.length + (line === 0 ? start.character : 0);
  return { line: start.line + line, character };
}

const text = fc
  .array(fc.constantFrom('a', 'bc', ' ', '\n', '\r\n', 'שלום', '灯塔', '<b>&', '😀', '\t'), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));

describe('text segments', () => {
  it('joined are the lines of the text, whatever the tokens', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 12 }),
        fc.record({ line: fc.nat(5), character: fc.nat(5) }),
        (written, spans, start) => {
          const ranges = spans.map(([a, b]): Range => {
            const [from, to] = [Math.min(a, b), Math.max(a, b)];
            return { start: placeOf(written, from, start), end: placeOf(written, to, start) };
          });
          const lines = textLines(written, start, ranges);
          assert.deepEqual(
            lines.map((line) => line.map((segment) => segment.text).join('')),
            written.split(/\r\n|\n|\r/),
          );
          for (const line of lines) for (const segment of line) assert.ok(segment.text.length > 0);
        },
      ),
    );
  });

  it('of a token joined are the token’s text', () => {
    fc.assert(
      fc.property(text, fc.nat(60), fc.nat(60), (written, a, b) => {
        const start = { line: 2, character: 3 };
        const from = Math.min(a, b, written.length);
        const to = Math.min(written.length, Math.max(a, b));
        // Between the two characters of a line end there is no place.
        fc.pre(![from, to].some((at) => written.slice(at - 1, at + 1) === '\r\n'));
        const range = { start: placeOf(written, from, start), end: placeOf(written, to, start) };
        const found = textLines(written, start, [null, range])
          .map((line) =>
            line
              .filter(({ tokens }) => tokens.includes(1))
              .map((segment) => segment.text)
              .join(''),
          )
          .join('');
        assert.equal(found, written.slice(from, to).replaceAll(/[\r\n]/g, ''));
      }),
    );
  });

  it('may belong to several tokens, as the bytes of one character do', () => {
    const range: Range = { start: { line: 0, character: 1 }, end: { line: 0, character: 3 } };
    assert.deepEqual(textLines('a😀b', { line: 0, character: 0 }, [range, range]), [
      [
        { text: 'a', tokens: [] },
        { text: '😀', tokens: [0, 1] },
        { text: 'b', tokens: [] },
      ],
    ]);
  });
});
