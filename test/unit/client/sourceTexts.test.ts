import assert from 'node:assert/strict';
import { ofOneText } from '../../../client/connection/ofOneText';
import { textLinks } from '../../../client/hover/links';
import { SourceTexts } from '../../../client/texts/sourceTexts';
import { INITIAL_SELECTION, type Stack, type Status } from '../../../server/protocol';

const [TARGET, SOURCE] = ['file:///target', 'file:///source'];

/** Both texts are open; `source`: what the server knows of the target's. */
function status(source?: string, stack?: Stack): Status {
  const document = { version: 1, windows: 1, analysed: 0, summaries: 0 };
  return {
    state: 'ready',
    model: { decoder: {} } as Status['model'],
    engine: { backend: 'wasm', threads: 1, detail: '', passedOver: [] },
    selection: { ...INITIAL_SELECTION, ...(stack && { stack }) },
    chapter: null,
    documents: [
      { uri: TARGET, ...document, ...(source && { source }) },
      { uri: SOURCE, ...document },
    ],
  };
}

describe('source texts', () => {
  it('are told again to a server that has forgotten them, and to no other', async () => {
    const told: unknown[] = [];
    const texts = new SourceTexts({
      request: (_method, params) => {
        told.push(params);
        return Promise.resolve({} as never);
      },
    });
    await texts.set(TARGET, SOURCE);
    texts.observe(status(SOURCE));
    assert.equal(told.length, 1);
    texts.observe(status());
    assert.deepEqual(told[1], { textDocument: { uri: TARGET }, source: { uri: SOURCE } });
    texts.observe({ ...status(), documents: status().documents.slice(0, 1) });
    assert.equal(told.length, 2);
    await texts.set(TARGET, null);
    texts.observe(status());
    assert.equal(told.length, 3);
  });

  it('are not remembered where the server refuses them', async () => {
    const texts = new SourceTexts({ request: () => Promise.reject(new Error('no')) });
    await assert.rejects(texts.set(TARGET, SOURCE));
    assert.equal(texts.of(TARGET), undefined);
  });

  it('bring links to the other kinds of attention, or to set them', () => {
    assert.deepEqual(textLinks(TARGET, null), { stacks: [], source: false, ofTwo: false });
    assert.deepEqual(textLinks(TARGET, status()), { stacks: [], source: true, ofTwo: false });
    assert.ok(textLinks(TARGET, status(SOURCE)).ofTwo);
    assert.ok(textLinks(SOURCE, status(SOURCE)).ofTwo);
    assert.ok(!textLinks(SOURCE, status(SOURCE, 'encoder')).ofTwo);
    assert.deepEqual(textLinks(TARGET, status(SOURCE)).stacks, ['decoder']);
    assert.deepEqual(textLinks(TARGET, status(SOURCE, 'decoder')).stacks, ['cross']);
    assert.deepEqual(textLinks(SOURCE, status(SOURCE)).stacks, ['encoder']);
    assert.deepEqual(textLinks(SOURCE, status(SOURCE, 'encoder')).stacks, ['cross']);
  });

  it('are what other questions are not about', () => {
    const asked = { textDocument: { uri: TARGET }, layer: 1, stack: 'cross' };
    assert.deepEqual(ofOneText('attentionLens/row', asked), {
      textDocument: { uri: TARGET },
      layer: 1,
    });
    const both = { ...asked, source: { uri: SOURCE } };
    assert.equal(ofOneText('attentionLens/row', both), both);
    assert.equal(ofOneText('attentionLens/setSelection', asked), asked);
  });
});
