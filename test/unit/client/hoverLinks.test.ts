import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HOVER_COMMANDS, hoverLinks } from '../../../client/hover/links';
import { english } from './english';

const PLACE = { uri: 'file:///a', position: { line: 1, character: 2 } };

/** Everything that two texts bring. */
const ALL = { stacks: ['decoder'], source: true, ofTwo: false } as const;

const labels = (links: string): (string | undefined)[] =>
  [...links.matchAll(/\[([^\]]*)\]/g)].map(([, label]) => label);

describe('the links under a hover', () => {
  it('are one line', () => {
    const links = hoverLinks(PLACE, false, english);
    assert.deepEqual(labels(links), [
      'Open heatmap',
      'Pin',
      'Explain',
      'Copy',
      'Change head',
      'What is this?',
    ]);
    assert.ok(!links.includes('\n'));
  });

  it('have a way back among them while position is changed', () => {
    const links = hoverLinks(PLACE, true, english);
    assert.equal(labels(links)[5], 'Restore position');
    assert.ok(!links.includes('\n'));
  });

  it('leave out what shows one text by itself where the hover is about two', () => {
    const links = hoverLinks(PLACE, false, english, { ...ALL, source: false, ofTwo: true });
    assert.deepEqual(labels(links), [
      'Open heatmap',
      'Change head',
      'Decoder self-attention',
      'What is this?',
    ]);
  });

  it('carry any URI to the command unharmed and run no other command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.nat(), (uri, line, character) => {
        const target = { uri, position: { line, character } };
        const links = [
          ...hoverLinks(target, true, english, ALL).matchAll(/\(command:([^?)]*)(?:\?([^)]*))?\)/g),
        ];
        assert.deepEqual(
          links.map(([, command]) => command),
          Object.values(HOVER_COMMANDS),
        );
        assert.deepEqual(JSON.parse(decodeURIComponent(links[0]?.[2] ?? '')), [target]);
      }),
    );
  });
});
