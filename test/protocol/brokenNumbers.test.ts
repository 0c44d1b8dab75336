import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import { start, type Client } from './client';

const uri = 'file:///numbers.csv';
const textDocument = { uri };
/** Ends as one and has no other end within: a single sentence, however it is divided by semicolons. */
const ONE_SENTENCE = /^[^\n]*[^.!?\n]\.$/;

/** A document with these entries above two numbers, or others. */
const withEntries = (entries: string, body = '1, 2'): string => `---\n${entries}\n---\n${body}\n`;

const BROKEN: readonly [what: string, text: string, message: RegExp][] = [
  ['text among numbers', '1, 2, three', /Line 1: "three" is not a number/],
  ['text below numbers', '1, 2, 3\n4, five, 6', /Line 2: "five" is not a number/],
  ['text in a list', withEntries('queries: 1, x'), /Line 2: "x" is not a number/],
  ['one element', '7', /A single number has nothing else to attend to/],
  ['no element', withEntries('queries: 1, 2', ''), /There is no number in this document/],
  ['too many', '1 '.repeat(513), /has 513 numbers; the Chapter model takes up to 512/],
  ['NaN', '1, NaN', /Line 1: NaN cannot be computed with/],
  ['infinity', '1, 2, Infinity', /Line 1: Infinity cannot be computed with/],
  ['more than a double holds', '1e400, 3', /Line 1: 1e400 cannot be computed with/],
  ['more than a float holds', '1e39, 1', /too large to be computed with/],
  ['squares beyond a float', '1e300, 1e300', /too large to be computed with/],
  ...(['queries', 'keys', 'values', 'encoding'] as const).flatMap(
    (name): [string, string, RegExp][] => [
      [`${name} too few`, withEntries(`${name}: 1, 2`, '1, 2, 3'), /has 2 numbers, but .* has 3/],
      [`${name} too many`, withEntries(`${name}: 1, 2, 3`), /has 3 numbers, but .* has 2/],
    ],
  ),
  ['an empty list', withEntries('keys:'), /Line 2: "keys" has no numbers/],
  ['a width of 1', withEntries('encoding: sinusoidal'), /even width of at least 2, but 1/],
  ['an odd width', withEntries('encoding: sinusoidal\nwidth: 3'), /even width .*, but 3/],
  ['an odd width to turn', withEntries('encoding: rope\nwidth: 5'), /even width .*, but 5/],
  [
    'a width that 4 does not divide',
    withEntries('encoding: sinusoidal\nwidth: 6\nscale variant: chapter'),
    /needs a width that 4 divides; 6 was given/,
  ],
  [
    'a list whose width would double',
    withEntries('encoding: 1, 2\nscale variant: chapter'),
    /variant "usual" only/,
  ],
  ['a width of 0', withEntries('encoding: none\nwidth: 0'), /Line 3: "width" must be/],
  ['a width of 65', withEntries('encoding: none\nwidth: 65'), /Line 3: "width" must be a whole/],
  ...['0', '-2', 'NaN', 'x', ''].map((scale): [string, string, RegExp] => [
    `scale ${scale}`,
    withEntries(`encoding: sinusoidal\nwidth: 4\nscale: ${scale}`),
    /Line 4: "scale" must be one number above 0/,
  ]),
  [
    'a scale without bounds',
    withEntries('encoding: sinusoidal\nwidth: 4\nscale: 1e39'),
    /Line 4: "scale" must be at most 1000/,
  ],
  ['d_k 0', withEntries('encoding: none\nd_k: 0'), /Line 3: "d_k" must be one number above 0/],
  ['an unknown scheme', withEntries('encoding: spiral'), /"encoding" cannot be "spiral"; choose/],
  ['an unknown entry', withEntries('base: 0\nencoding: rope'), /Line 2: "base" is not an entry/],
  ['an entry twice', withEntries('d_k: 1\nd_k: 2'), /Line 3: "d_k" is given twice/],
  ['heads without room', withEntries('encoding: none\nheads: 2'), /2 heads cannot share a width/],
  ['three heads', withEntries('encoding: none\nheads: 3'), /"heads" cannot be "3"; choose 1, 2/],
  ['entries without an end', '---\nqueries: 1, 2\n1, 2', /begin with "---" but never end/],
];

describe('broken documents of numbers', function () {
  this.timeout(120_000);
  let client: Client;
  let version = 1;
  before(async () => {
    client = await start({ initialize: { initializationOptions: { model: 'chapter' } } });
    await client.open(uri, '1, 2, 3', version);
  });
  after(() => client.stop());

  const write = (text: string): Promise<void> => client.change(uri, ++version, [{ text }]);
  const row = () => client.request('attentionLens/row', { textDocument, token: 0 });
  const tokens = async (): Promise<number> => decodeNumbers((await row()).weights).length;

  it('are refused with one sentence, which the hover says as well', async () => {
    for (const [what, text, message] of BROKEN) {
      await write(text);
      await assert.rejects(row(), (error: { code: number; message: string; data: object }) => {
        assert.equal(error.code, -32803, `${what}: ${error.message}`);
        assert.deepEqual(error.data, { reason: 'badDocument' });
        assert.match(error.message, message, what);
        assert.match(error.message, ONE_SENTENCE);
        return true;
      });
      const hover = await client.hover(uri, 0, 0);
      assert.match((hover?.contents.value ?? '').replace(/\\(.)/g, '$1'), message, what);
    }
  });

  it('are well again once they are mended, and text once they are text', async () => {
    await write('1, 2, three');
    await assert.rejects(row());
    await write('4, 5, 6, 7');
    assert.equal(await tokens(), 4);
    await write('Words again.');
    assert.equal(await tokens(), 5);
  });
});
