import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameGuard, MAX_FRAME_BYTES } from '../../../server/lsp/frameGuard';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function frame(body: string): string {
  return `Content-Type: x\r\nContent-Length: ${encode(body).length}\r\n\r\n${body}`;
}

describe('the guard of frames', () => {
  it('lets whatever can be read pass, however it is cut', () => {
    const bodies = fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 });
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 40 })), (texts, cuts) => {
        const bytes = encode(texts.map((text) => frame(`{"\r\n\r\n":"${text}"}`)).join(''));
        const guard = new FrameGuard();
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          assert.equal(guard.accept(bytes.subarray(at, at + cut)), undefined);
          at += cut;
        }
        const far = encode(`content-length: ${MAX_FRAME_BYTES + 1}\r\n\r\n`);
        assert.equal(guard.accept(far), MAX_FRAME_BYTES + 1);
      }),
    );
  });

  it('is not fooled by a length inside of a body', () => {
    const guard = new FrameGuard();
    assert.equal(guard.accept(encode(frame('Content-Length: 99999999999\r\n\r\n'))), undefined);
  });
});
