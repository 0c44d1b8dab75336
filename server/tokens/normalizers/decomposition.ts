import { isCombining } from '../unicode/classes';
import { CodePointSet } from '../unicode/codePointSet';
import { undecomposed, undecomposedCompatibly } from '../unicode/tables';
import type { CharacterChange } from './characterChanges';
import { compareClasses } from './combiningClass';

export type DecomposedForm = 'NFD' | 'NFKD';

const unknown = {
  NFD: new CodePointSet(undecomposed),
  NFKD: new CodePointSet(undecomposedCompatibly),
};

/** What one character decomposes to, by the Unicode data of the reference. */
export function decomposeCharacter(character: string, form: DecomposedForm): string {
  return isUndecomposed(character, form) ? character : character.normalize(form);
}

/** Whether the reference does not know yet that the character has parts. */
export function isUndecomposed(character: string, form: DecomposedForm): boolean {
  return unknown[form].has(character.codePointAt(0)!);
}

/**
 * Decomposition in canonical order (UAX 15). A mark that the ordering moves replaces
 * the mark whose place it takes, as in the reference.
 */
export function decompose(text: string, form: DecomposedForm): CharacterChange[] {
  const ordered: CharacterChange[] = [];
  let marks: CharacterChange[] = [];
  for (const character of text) {
    let change = 0;
    for (const part of decomposeCharacter(character, form)) {
      if (isCombining(part)) {
        marks.push({ character: part, change });
      } else {
        release(marks, ordered);
        marks = [];
        ordered.push({ character: part, change });
      }
      change = 1;
    }
  }
  release(marks, ordered);
  return ordered;
}

function release(marks: CharacterChange[], into: CharacterChange[]): void {
  if (marks.length > 1) marks.sort((a, b) => compareClasses(a.character, b.character));
  for (const mark of marks) into.push(mark);
}
