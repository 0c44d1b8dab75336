import assert from 'node:assert/strict';
import { crc32 as reference, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { crc32 } from '../../../../archive/crc32';
import { enlarged } from '../../../../webview/export/drawMap';
import { encodePng, withText } from '../../../../webview/export/png';
import { content, fitted, Svg } from '../../../../webview/export/svg';
import { anyText } from './tables';

interface Chunk {
  type: string;
  data: Uint8Array;
}

/** The chunks of a PNG; each checksum is held against Node's. */
function chunksOf(png: Uint8Array): Chunk[] {
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const body = png.subarray(at + 4, at + 8 + length);
    assert.equal(view.getUint32(at + 8 + length), reference(body));
    chunks.push({ type: new TextDecoder().decode(body.subarray(0, 4)), data: body.subarray(4) });
    at += 12 + length;
  }
  return chunks;
}

describe('a PNG', () => {
  it('holds the pixels that it was made from', () => {
    const sides = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(sides, fc.infiniteStream(fc.nat(255)), ([width, height], stream) => {
        const pixels = Uint8ClampedArray.from({ length: 4 * width * height }, () =>
          Number(stream.next().value),
        );
        const chunks = chunksOf(encodePng(pixels, width, height));
        assert.deepEqual(
          chunks.map(({ type }) => type),
          ['IHDR', 'IDAT', 'IEND'],
        );
        const rows = inflateSync(chunks[1]!.data);
        const expected: number[] = [];
        for (let row = 0; row < height; row++) {
          expected.push(0);
          for (let column = 0; column < width; column++)
            expected.push(
              ...pixels.subarray(4 * (row * width + column), 4 * (row * width + column) + 3),
            );
        }
        assert.deepEqual([...rows], expected);
      }),
    );
  });

  it('says what it is in text of its own', () => {
    const plain = encodePng(new Uint8ClampedArray(4), 1, 1);
    const chunks = chunksOf(withText(plain, { Title: 'α → β', 'attention-lens': '{}' }, 2));
    assert.deepEqual(
      chunks.map(({ type }) => type),
      ['IHDR', 'pHYs', 'iTXt', 'iTXt', 'IDAT', 'IEND'],
    );
    assert.equal(new TextDecoder().decode(chunks[2]!.data), 'Title\0\0\0\0\0α → β');
    assert.equal(new DataView(chunks[1]!.data.slice().buffer).getUint32(0), 7559);
  });

  it('is enlarged without a blur', () => {
    const two = Uint8ClampedArray.of(1, 2, 3, 4, 5, 6, 7, 8);
    const large = enlarged(two, 1, 2, 2);
    assert.deepEqual(
      [...large],
      [...two.subarray(0, 4), ...two.subarray(0, 4), ...two.subarray(4), ...two.subarray(4)].concat(
        [...two.subarray(0, 4), ...two.subarray(0, 4), ...two.subarray(4), ...two.subarray(4)],
      ),
    );
  });
});

describe('CRC-32', () => {
  it('is that of zlib, also piece by piece', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        const both = Uint8Array.of(...first, ...second);
        assert.equal(crc32(both), reference(both));
        assert.equal(crc32(second, crc32(first)), reference(both));
      }),
    );
  });
});

describe('an SVG', () => {
  const draw = (text: string): string => {
    const svg = new Svg(10, 10, 'a "b"', () => 0);
    svg.text(1, 2, text, { fill: '#11223380' });
    svg.rect(0, 0, 1, 1, { fill: 'rgba(255, 0, 0, 0.5)', stroke: text });
    return svg.toString(text, text, { text }, 'white');
  };

  it('keeps any text as text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tags = (of: string): string[] => draw(of).match(/<\/?[a-z]+/gi) ?? [];
        assert.deepEqual(tags(text), tags('x'));
        assert.deepEqual(tags(`</text><script>${text}`), tags('x'));
      }),
    );
    assert.equal(content('<a>&\u0000\uD800'), '&lt;a&gt;&amp;\uFFFD\uFFFD');
  });

  it('writes colours as programs other than browsers read them', () => {
    assert.match(draw('x'), /fill="#112233" fill-opacity="0.5"/);
    assert.match(draw('x'), /fill="#ff0000" fill-opacity="0.5"/);
  });

  it('cuts a text so that it fits', () => {
    const measure = (text: string): number => [...text].length;
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 1, max: 20 }),
        (text, room) => {
          const cut = fitted(text, room, measure);
          assert.ok(measure(cut) <= room);
          if (measure(text) <= room) assert.equal(cut, text);
          else assert.ok(cut.endsWith('…') && text.startsWith(cut.slice(0, -1)));
        },
      ),
    );
  });
});
