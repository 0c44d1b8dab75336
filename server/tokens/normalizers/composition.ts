import { isCombining } from '../unicode/classes';
import type { CharacterChange } from './characterChanges';
import { compareClasses } from './combiningClass';
import { isUndecomposed } from './decomposition';

/** Canonical composition of a text that is decomposed and in order (UAX 15, D117). */
export function compose(decomposed: readonly CharacterChange[]): CharacterChange[] {
  const composed: CharacterChange[] = [];
  let starter: CharacterChange | null = null;
  /** Marks behind the starter that did not compose with it. */
  let marks: CharacterChange[] = [];
  for (const next of decomposed) {
    const combining = isCombining(next.character);
    const last = marks.at(-1);
    const blocked = last && (!combining || compareClasses(last.character, next.character) >= 0);
    const joined: CharacterChange | null = starter && !blocked ? join(starter, next) : null;
    if (joined) {
      starter = joined;
    } else if (combining) {
      (starter ? marks : composed).push(next);
    } else {
      if (starter) composed.push(starter);
      for (const mark of marks) composed.push(mark);
      starter = next;
      marks = [];
    }
  }
  if (starter) composed.push(starter);
  for (const mark of marks) composed.push(mark);
  return composed;
}

function join(starter: CharacterChange, next: CharacterChange): CharacterChange | null {
  const character = primaryComposite(starter.character, next.character);
  if (character === null) return null;
  return { character, change: starter.change + next.change - 1 };
}

const composites = new Map<string, string | null>();

/** The one character that two are together, by the Unicode data of the reference; or null. */
function primaryComposite(first: string, second: string): string | null {
  const pair = first + second;
  let composite = composites.get(pair);
  if (composite === undefined) {
    const whole = pair.normalize('NFC');
    const single = whole.length === (whole.codePointAt(0)! > 0xffff ? 2 : 1);
    composite = single && !isUndecomposed(whole, 'NFD') ? whole : null;
    composites.set(pair, composite);
  }
  return composite;
}
