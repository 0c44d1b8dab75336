import { CodePointSet } from './codePointSet';
import { scripts } from './scripts';

let sets: readonly CodePointSet[] | null = null;
const known = new Map<number, number>();

/** The number of a code point's script among those that the reference knows, or −1. */
export function scriptOf(codePoint: number): number {
  let script = known.get(codePoint);
  if (script === undefined) {
    sets ??= scripts.map((table) => new CodePointSet(table));
    script = sets.findIndex((set) => set.has(codePoint));
    known.set(codePoint, script);
  }
  return script;
}
