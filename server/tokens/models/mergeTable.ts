/** Which two tokens merge into which, and what goes first; an open-addressed hash table. */
export class MergeTable {
  private readonly firsts: Int32Array;
  private readonly seconds: Int32Array;
  private readonly ranks: Int32Array;
  private readonly results: Int32Array;
  private readonly mask: number;

  /** @param expected how many merges will come at most */
  constructor(expected: number) {
    const size = 1 << (32 - Math.clz32(Math.max(16, expected * 2)));
    this.mask = size - 1;
    this.firsts = new Int32Array(size).fill(-1);
    this.seconds = new Int32Array(size);
    this.ranks = new Int32Array(size);
    this.results = new Int32Array(size);
  }

  /** Of two merges of one pair the later counts. */
  add(first: number, second: number, rank: number, result: number): void {
    const slot = this.slot(first, second);
    this.firsts[slot] = first;
    this.seconds[slot] = second;
    this.ranks[slot] = rank;
    this.results[slot] = result;
  }

  /** The place of a pair's merge in the table, or −1. */
  find(first: number, second: number): number {
    const slot = this.slot(first, second);
    return this.firsts[slot] === -1 ? -1 : slot;
  }

  /** Lower ranks merge first. */
  rank(found: number): number {
    return this.ranks[found]!;
  }

  result(found: number): number {
    return this.results[found]!;
  }

  private slot(first: number, second: number): number {
    let slot = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.mask;
    while (
      this.firsts[slot] !== -1 &&
      (this.firsts[slot] !== first || this.seconds[slot] !== second)
    ) {
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }
}
