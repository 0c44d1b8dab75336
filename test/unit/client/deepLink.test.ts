import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  LINK_PATH,
  LinkError,
  readLink,
  writeLink,
  type Link,
} from '../../../client/deepLink/link';
import { PANEL_VIEWS } from '../../../webview/protocol';
import { english } from './english';

const read = (query: string, path = LINK_PATH) => readLink(path, query, english);
const refused = (query: string, message: RegExp, path = LINK_PATH) =>
  assert.throws(
    () => read(query, path),
    (error) => error instanceof LinkError && message.test(error.message),
  );

const links: fc.Arbitrary<Link> = fc.record(
  {
    file: fc.string({ unit: 'grapheme', minLength: 1 }),
    position: fc.record({ line: fc.nat(1e6), character: fc.nat(1e6) }, { noNullPrototype: true }),
    view: fc.option(fc.constantFrom(...PANEL_VIEWS)),
    layer: fc.option(fc.nat(99)),
    head: fc.option(fc.nat(99)),
  },
  { noNullPrototype: true },
);

describe('a link to a view', () => {
  it('says the same when it is read again, after an editor has decoded it once', () => {
    fc.assert(
      fc.property(links, (link) => {
        const text = writeLink('vscode', 'attention-lens.attention-lens', link);
        const [start, query] = text.split('?');
        assert.equal(start, 'vscode://attention-lens.attention-lens/open');
        assert.deepEqual(read(decodeURIComponent(query ?? '')), link);
      }),
    );
  });

  it('counts lines and characters from 1, as editors do, and begins at the top', () => {
    assert.deepEqual(read('file=/a b/c+d.txt&line=3&character=5&head=7&layer=0&view=explain'), {
      file: '/a b/c+d.txt',
      position: { line: 2, character: 4 },
      view: 'explain',
      layer: 0,
      head: 7,
    });
    assert.deepEqual(read('file=/a').position, { line: 0, character: 0 });
  });

  it('sets nothing else', () => {
    const link = read(
      'file=/a&model=hf:evil/model&host=example.org&attentionLens.model=x&view=head',
    );
    assert.deepEqual(Object.keys(link).sort(), ['file', 'head', 'layer', 'position', 'view']);
  });

  it('is refused in one sentence that names what is wrong', () => {
    refused('', /names no file/);
    refused('file=', /names no file/);
    refused('file=/a&line=0', /“line” of the link must be a whole number from 1/);
    refused('file=/a&character=x', /“character”/);
    refused('file=/a&layer=-1', /“layer” of the link must be a whole number from 0/);
    refused('file=/a&head=1.5', /“head”/);
    refused('file=/a&head=99999999999', /“head”/);
    refused('file=/a&view=settings', /view must be one of overview, head/);
    refused('file=/a', /must begin with “\/open”/, '/run');
  });
});
