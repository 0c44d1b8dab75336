/** A set of code points kept as the boundaries of its ranges. */
export class CodePointSet {
  /** Ascending; a code point is inside when an odd number of boundaries is at or below it. */
  private readonly boundaries: Int32Array;

  /** @param table base-36 numbers: gap, length, gap, length, and so on. */
  constructor(table: string) {
    let at = 0;
    this.boundaries = Int32Array.from(
      table.trim().split(' '),
      (number) => (at += parseInt(number, 36)),
    );
  }

  has(codePoint: number): boolean {
    let low = 0;
    let high = this.boundaries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.boundaries[middle]! <= codePoint) low = middle + 1;
      else high = middle;
    }
    return (low & 1) === 1;
  }
}
