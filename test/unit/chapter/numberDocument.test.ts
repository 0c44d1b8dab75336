import assert from 'node:assert';
import fc from 'fast-check';
import { ChapterError } from '../../../server/chapter/chapterError';
import { looksLikeNumbers, readNumberDocument } from '../../../server/chapter/numberDocument';
import { runNumberDocument } from '../../../server/chapter/numberPipeline';
import { WORKED_EXAMPLES } from '../../../server/chapter/workedExamples';
import { closeTo } from '../positional/closeTo';

const values = (text: string) => readNumberDocument(text).tokens.map(({ value }) => value);

function refuses(text: string, message: RegExp): void {
  assert.throws(
    () => readNumberDocument(text),
    (error: unknown) => {
      assert.ok(error instanceof ChapterError && error.reason === 'numbers', String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

describe('a document of numbers', () => {
  it('reads lists as people write them', () => {
    for (const text of [
      '1,2,3',
      '1\n2\n3\n',
      '[1, 2, 3]',
      '1; 2;3',
      '1\t2\r\n3',
      '\uFEFF1 2 3',
      '1，2、3',
      '1., +2, 3.0',
    ]) {
      assert.deepEqual(values(text), [1, 2, 3], JSON.stringify(text));
    }
    assert.deepEqual(values('-1.5e-3 .5 1E8'), [-0.0015, 0.5, 1e8]);
  });

  it('knows where each number stands', () => {
    const written = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 2,
      maxLength: 20,
    });
    const separator = fc.constantFrom(', ', '\n', '\r\n', '\t', ' ; ', '，');
    const front = fc.constantFrom('', '---\nwidth: 2\n---\n', '\uFEFF---\r\n# 注\r\n---\r\n');
    fc.assert(
      fc.property(written, separator, front, (list, between, before) => {
        const text = before + list.map(String).join(between);
        const { tokens } = readNumberDocument(text);
        assert.equal(tokens.length, list.length);
        tokens.forEach(({ value, start, end }, index) => {
          assert.equal(value, list[index]);
          assert.equal(text.slice(start, end), String(list[index]));
        });
      }),
    );
  });

  it('reads the entries above it', () => {
    const text =
      '---\nQueries: [1, 2]\nkeys：3 4\nvalues: 5, 6\nencoding: rope\nscale: 2\nscale variant: Chapter\nwidth: 8\nd_k: 5\n' +
      'similarity: additive\nwiring: words\nheads: 4\ncausal: true\n---\n7 8';
    const read = readNumberDocument(text);
    assert.deepEqual([...read.queries!, ...read.keys!, ...read.values!], [1, 2, 3, 4, 5, 6]);
    assert.equal(read.width, 8);
    assert.equal(read.keyWidth, 5);
    assert.deepEqual(read.settings, {
      similarity: 'additive',
      heads: 4,
      encoding: 'rope',
      wiring: 'words',
      scale: 2,
      scaleVariant: 'chapter',
      causal: true,
    });
    assert.deepEqual(
      [...readNumberDocument('---\nencoding: 0.1 0.2\n---\n1 2').encodingRow!],
      [0.1, 0.2],
    );
  });

  it('refuses what it cannot compute with, in one sentence that names the line', () => {
    refuses('1, 2\nthree', /Line 2: "three" is not a number/);
    refuses('1, NaN', /Line 1: NaN cannot be computed with/);
    refuses('1, -Infinity', /cannot be computed with/);
    refuses('1, 1e999', /cannot be computed with/);
    refuses('1, 0x10', /is not a number/);
    refuses('1 1_000', /is not a number/);
    refuses('a'.repeat(1000), /^.{0,140}$/);
    refuses('', /no number/);
    refuses(' \n', /no number/);
    refuses('5', /single number/);
    refuses('1 '.repeat(513), /513 numbers/);
    refuses('---\nkeys: 1, 2\n---\n1, 2, 3', /"keys" has 2 numbers, but the document has 3/);
    refuses('---\nencoding: 1, 2\n---\n1, 2, 3', /"encoding" has 2 numbers/);
    refuses('---\nkeys: 1, x\n---\n1, 2', /Line 2: "x" is not a number/);
    refuses('---\nkeys:\n---\n1, 2', /Line 2: "keys" has no numbers/);
    refuses('---\nwidth: 2\n\nkeys: 1\nkeys: 2\n---\n1 2', /Line 5: "keys" is given twice/);
    refuses('---\ncolour: 1\n---\n1 2', /Line 2: "colour" is not an entry/);
    refuses('---\n__proto__: 1\n---\n1 2', /is not an entry/);
    refuses('---\nhello\n---\n1 2', /Line 2: "hello" is not an entry/);
    refuses('---\nkeys: 1 2\n1 2', /never end/);
    refuses('---\nscale: 0\n---\n1 2', /"scale" must be one number above 0/);
    refuses('---\nscale: 1, 2\n---\n1 2', /"scale" must be one number above 0/);
    refuses('---\nd_k: -5\n---\n1 2', /"d_k" must be one number above 0/);
    refuses('---\nwidth: 1.5\n---\n1 2', /"width" must be a whole number/);
    refuses('---\nheads: 3\n---\n1 2', /choose 1, 2, 4, 8/);
    refuses('---\nheads: 2\n---\n1 2', /2 heads cannot share a width of 1/);
    refuses('---\nencoding: learned\n---\n1 2', /"encoding" cannot be "learned"/);
    refuses('---\n---\n1 2 x\n', /Line 3: "x"/);
  });

  it('is told from other text', () => {
    for (const { text } of WORKED_EXAMPLES) assert.ok(looksLikeNumbers(text));
    for (const text of [
      '1,2,3\n4,5,6',
      '7',
      '1, 2, three',
      '1, NaN',
      '---\nwidth: 2\n---\n1 2',
      '---\nkeys: 1, 2\n1, 2',
    ])
      assert.ok(looksLikeNumbers(text), text);
    for (const text of [
      '',
      'Once upon a time',
      '---\ntitle: A post\n---\nHello',
      '- - -',
      '3 blind mice',
      '1. First\n2. Second\n3. Third',
      '---\nwidth: 2\n---\nHello',
    ]) {
      assert.ok(!looksLikeNumbers(text), text);
    }
  });
});

describe('the worked examples', () => {
  const example = (section: string) =>
    WORKED_EXAMPLES.find((known) => known.section === section)!.text;

  it('§4.1.5 has the weights and outputs of √1 and of √5', () => {
    const right = runNumberDocument(readNumberDocument(example('4.1.5')));
    closeTo(right.weights.subarray(0, 5), [0.011656, 0.031685, 0.086129, 0.234122, 0.636409], 5e-7);
    assert.ok(Math.abs(right.context[0]! - 14.4519) < 5e-5);
    const five = runNumberDocument(
      readNumberDocument(example('4.1.5').replace('d_k: 1', 'd_k: 5')),
    );
    closeTo(five.weights.subarray(0, 5), [0.067486, 0.105545, 0.165067, 0.258157, 0.403744], 5e-7);
    assert.ok(Math.abs(five.context[0]! - 13.8251) < 5e-5);
  });

  it('§4.2.4 gives each position four components, sines before cosines', () => {
    const { encoding } = runNumberDocument(readNumberDocument(example('4.2.4')));
    const [sin, cos] = [Math.sin(1), Math.cos(1)].map((value) => 10 * value) as [number, number];
    closeTo(
      encoding.subarray(4, 8),
      [Math.sin(sin), Math.sin(cos), Math.cos(sin), Math.cos(cos)],
      1e-12,
    );
  });

  it('§4.3.3 has the attention of erratum 10 and three wirings', () => {
    const document = readNumberDocument(example('4.3.3'));
    const wired = (wiring: 'formula' | 'words' | 'diagram') =>
      runNumberDocument(document, { ...document.settings, wiring });
    closeTo(wired('formula').context, [5.0456, 5.3927, 5.47, 5.4912, 5.4974], 5e-5);
    closeTo(wired('words').context, wired('formula').context, 0);
    assert.equal(wired('words').concatenation[1], 0.1);
    assert.equal(wired('formula').concatenation[1], 1.1);
    assert.ok(Math.abs(wired('diagram').context[0]! - wired('formula').context[0]!) > 0.1);
  });
});
