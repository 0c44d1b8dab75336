import { contains, pairsOf, type CodePointRanges } from './codePointRanges';

/** With fewer boundaries, searching them is as quick as a table. */
const LARGE = 16;

/** Whether a set of these takes more than a few bytes. */
export function isLarge(ranges: CodePointRanges): boolean {
  return ranges.length > LARGE;
}

/** A set of code points that answers quickly: a bit for each of the basic plane. */
export class CharacterSet {
  private readonly basic: Uint8Array | null = null;

  constructor(readonly ranges: CodePointRanges) {
    if (!isLarge(ranges)) return;
    this.basic = new Uint8Array(0x2000);
    for (const [start, end] of pairsOf(ranges)) {
      for (let code = start; code < Math.min(end, 0x10000); code++) {
        this.basic[code >> 3]! |= 1 << (code & 7);
      }
    }
  }

  has(codePoint: number): boolean {
    if (!this.basic || codePoint > 0xffff) return contains(this.ranges, codePoint);
    return ((this.basic[codePoint >> 3]! >> (codePoint & 7)) & 1) === 1;
  }
}
