import type { MergeTable } from './mergeTable';

/** Up to so many symbols, looking through all of them is quicker than keeping a heap. */
const MAX_SCAN = 48;

/**
 * The symbols of a word, merged until no two neighbours merge: of all that can, the
 * pair of the lowest rank first, of equal ones the leftmost (Sennrich et al. 2016).
 */
export class SymbolList {
  readonly ids: number[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  push(id: number, start: number, end: number): void {
    this.ids.push(id);
    this.starts.push(start);
    this.ends.push(end);
  }

  merge(merges: MergeTable): void {
    if (this.ids.length <= MAX_SCAN) this.mergeByScan(merges);
    else this.mergeByHeap(merges);
  }

  private mergeByScan(merges: MergeTable): void {
    const { ids, starts, ends } = this;
    for (;;) {
      let best = -1;
      let bestRank = Infinity;
      let result = 0;
      for (let at = 0; at + 1 < ids.length; at++) {
        const found = merges.find(ids[at]!, ids[at + 1]!);
        if (found < 0 || merges.rank(found) >= bestRank) continue;
        best = at;
        bestRank = merges.rank(found);
        result = merges.result(found);
      }
      if (best < 0) return;
      ids[best] = result;
      ends[best] = ends[best + 1]!;
      ids.splice(best + 1, 1);
      starts.splice(best + 1, 1);
      ends.splice(best + 1, 1);
    }
  }

  private mergeByHeap(merges: MergeTable): void {
    const { ids, ends } = this;
    const count = ids.length;
    const next = Int32Array.from(ids, (_, at) => (at + 1 < count ? at + 1 : -1));
    const previous = Int32Array.from(ids, (_, at) => at - 1);
    const gone = new Uint8Array(count);
    const heap = new MergeHeap();
    const offer = (at: number) => {
      const behind = at < 0 ? -1 : next[at]!;
      const found = behind < 0 ? -1 : merges.find(ids[at]!, ids[behind]!);
      if (found >= 0) heap.push(merges.rank(found), at, merges.result(found));
    };
    for (let at = 0; at < count; at++) offer(at);
    while (heap.pop()) {
      const { position: at, result } = heap;
      const behind = gone[at] ? -1 : next[at]!;
      if (behind < 0) continue;
      const found = merges.find(ids[at]!, ids[behind]!);
      // The pair that was offered may have merged with others since.
      if (found < 0 || merges.result(found) !== result) continue;
      ids[at] = result;
      ends[at] = ends[behind]!;
      gone[behind] = 1;
      next[at] = next[behind]!;
      if (next[at] >= 0) previous[next[at]] = at;
      offer(previous[at]!);
      offer(at);
    }
    this.keep((at) => !gone[at]);
  }

  private keep(isKept: (at: number) => boolean): void {
    let kept = 0;
    for (let at = 0; at < this.ids.length; at++) {
      if (!isKept(at)) continue;
      this.ids[kept] = this.ids[at]!;
      this.starts[kept] = this.starts[at]!;
      this.ends[kept++] = this.ends[at]!;
    }
    this.ids.length = this.starts.length = this.ends.length = kept;
  }
}

/** A binary heap of merges; the lowest rank on top, of equal ones the leftmost. */
class MergeHeap {
  position = 0;
  result = 0;
  private readonly ranks: number[] = [];
  private readonly positions: number[] = [];
  private readonly results: number[] = [];

  push(rank: number, position: number, result: number): void {
    let at = this.ranks.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(rank, position, parent)) break;
      this.copy(parent, at);
      at = parent;
    }
    this.put(at, rank, position, result);
  }

  /** Takes the top into `position` and `result`; false if there is none. */
  pop(): boolean {
    const count = this.ranks.length - 1;
    if (count < 0) return false;
    this.position = this.positions[0]!;
    this.result = this.results[0]!;
    const rank = this.ranks.pop()!;
    const position = this.positions.pop()!;
    const result = this.results.pop()!;
    if (count > 0) this.sink(rank, position, result, count);
    return true;
  }

  private sink(rank: number, position: number, result: number, count: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      const other = child + 1;
      if (other < count && this.isBefore(this.ranks[other]!, this.positions[other]!, child)) {
        child = other;
      }
      if (this.isBefore(rank, position, child)) break;
      this.copy(child, at);
      at = child;
    }
    this.put(at, rank, position, result);
  }

  private isBefore(rank: number, position: number, at: number): boolean {
    const other = this.ranks[at]!;
    return rank < other || (rank === other && position < this.positions[at]!);
  }

  private copy(from: number, to: number): void {
    this.put(to, this.ranks[from]!, this.positions[from]!, this.results[from]!);
  }

  private put(at: number, rank: number, position: number, result: number): void {
    this.ranks[at] = rank;
    this.positions[at] = position;
    this.results[at] = result;
  }
}
