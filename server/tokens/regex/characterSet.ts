import { contains, pairsOf, type CodePointRanges } from './codePointRanges';

/** A set of code points that answers quickly: a bit for each of the basic plane. */
export class CharacterSet {
  private readonly basic = new Uint8Array(0x2000);

  constructor(readonly ranges: CodePointRanges) {
    for (const [start, end] of pairsOf(ranges)) {
      for (let code = start; code < Math.min(end, 0x10000); code++) {
        this.basic[code >> 3]! |= 1 << (code & 7);
      }
    }
  }

  has(codePoint: number): boolean {
    if (codePoint > 0xffff) return contains(this.ranges, codePoint);
    return ((this.basic[codePoint >> 3]! >> (codePoint & 7)) & 1) === 1;
  }
}
