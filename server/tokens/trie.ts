import * as l10n from '@vscode/l10n';
import { TokenizerError } from './tokenizer';

const NOTHING = -1;

/** Vocabularies of 250,000 entries in a hundred languages need less than a million. */
const MAX_NODES = 2_000_000;

/**
 * A trie over UTF-16 units in flat arrays: its edges lie in one open-addressed hash
 * table, so a vocabulary of 250,000 entries costs megabytes instead of nested maps.
 */
export class Trie {
  static readonly root = 0;

  /** Per slot of the table: the edge's start, its unit, and where it leads. */
  private parents = new Int32Array(1 << 12).fill(NOTHING);
  private units = new Uint16Array(1 << 12);
  private children = new Int32Array(1 << 12);
  /** [node] → value, or −1. */
  private values = new Int32Array(1 << 12).fill(NOTHING);
  private nodes = 1;

  /** Adds a key; the first value of a key stays. Values are not negative. */
  add(key: string, value: number): void {
    let node = Trie.root;
    for (let at = 0; at < key.length; at++) node = this.grow(node, key.charCodeAt(at));
    if (this.values[node] === NOTHING) this.values[node] = value;
  }

  /** The node one unit below `node`, or −1. */
  step(node: number, unit: number): number {
    const slot = this.slot(node, unit);
    return this.parents[slot] === NOTHING ? NOTHING : this.children[slot]!;
  }

  /** The value of the key that ends at `node`, or −1. */
  value(node: number): number {
    return this.values[node]!;
  }

  private slot(node: number, unit: number): number {
    const mask = this.parents.length - 1;
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (
      this.parents[slot] !== NOTHING &&
      (this.parents[slot] !== node || this.units[slot] !== unit)
    ) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(node: number, unit: number): number {
    const slot = this.slot(node, unit);
    if (this.parents[slot] !== NOTHING) return this.children[slot]!;
    if (this.nodes === MAX_NODES) refuse();
    const child = this.nodes++;
    this.parents[slot] = node;
    this.units[slot] = unit;
    this.children[slot] = child;
    if (this.nodes * 2 > this.parents.length) this.enlarge();
    return child;
  }

  private enlarge(): void {
    const { parents, units, children, values } = this;
    const size = parents.length * 2;
    this.parents = new Int32Array(size).fill(NOTHING);
    this.units = new Uint16Array(size);
    this.children = new Int32Array(size);
    // One value a node, and there are at most half as many nodes as slots.
    this.values = new Int32Array(size).fill(NOTHING);
    this.values.set(values);
    for (let old = 0; old < parents.length; old++) {
      if (parents[old] === NOTHING) continue;
      const slot = this.slot(parents[old]!, units[old]!);
      this.parents[slot] = parents[old]!;
      this.units[slot] = units[old]!;
      this.children[slot] = children[old]!;
    }
  }
}

function refuse(): never {
  throw new TokenizerError(
    l10n.t(
      'The tokens of the tokenizer.json are longer than any real ones. Get the file again from where the model comes from.',
    ),
  );
}
