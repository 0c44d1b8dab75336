import type { TracedText } from '../tracedText';
import { applyChanges, type CharacterChange } from './characterChanges';
import type { Charsmap } from './charsmap';
import { checkExpansion } from './expansionLimit';
import { graphemesOf } from './graphemes';
import type { Normalizer } from './normalizer';

/** Graphemes of so many bytes are looked up character by character, as in the reference. */
const LONG_GRAPHEME = 6;
const MAX_REMEMBERED = 20_000;
const utf8 = new TextEncoder();

/** Replaces graphemes, or else characters, by a compiled character map. */
export class PrecompiledNormalizer implements Normalizer {
  readonly local = false;
  readonly localBeforeSpace = true;
  private readonly known = new Map<string, readonly CharacterChange[] | null>();

  constructor(private readonly charsmap: Charsmap) {}

  normalize(traced: TracedText): TracedText {
    const changes: CharacterChange[] = [];
    let modified = false;
    let units = 0;
    for (const grapheme of graphemesOf(traced.text)) {
      const known = this.changesOf(grapheme);
      if (known) {
        modified = true;
        units += known.length;
        if (units > traced.text.length) checkExpansion(units, traced);
        append(changes, known);
      } else {
        units += grapheme.length;
        for (const character of grapheme) changes.push({ character, change: 0 });
      }
    }
    if (!modified) return traced;
    if (changes[0]?.character === SWALLOW) changes.shift();
    return applyChanges(traced, changes);
  }

  /** What becomes of a grapheme; null if it stays. */
  private changesOf(grapheme: string): readonly CharacterChange[] | null {
    let changes = this.known.get(grapheme);
    if (changes === undefined) {
      changes = this.look(grapheme);
      if (this.known.size >= MAX_REMEMBERED) this.known.clear();
      this.known.set(grapheme, changes);
    }
    return changes;
  }

  private look(grapheme: string): readonly CharacterChange[] | null {
    if (utf8.encode(grapheme).length < LONG_GRAPHEME) {
      const whole = this.charsmap.look(grapheme);
      if (whole !== null) return replacing(grapheme, whole);
    }
    const changes: CharacterChange[] = [];
    let modified = false;
    for (const character of grapheme) {
      const replacement = this.charsmap.look(character);
      if (replacement !== null) modified = true;
      append(changes, replacing(character, replacement ?? character));
    }
    return modified ? changes : null;
  }
}

/** A change of no character: one more of the source is swallowed. */
const SWALLOW = '';

function replacing(from: string, to: string): CharacterChange[] {
  const removed = [...from].length;
  const characters = [...to];
  const changes = characters.map((character, index) => ({
    character,
    change: index < removed ? 0 : 1,
  }));
  const missing = characters.length - removed;
  if (missing < 0) append(changes, [{ character: SWALLOW, change: missing }]);
  return changes;
}

/**
 * What is swallowed counts with the character before it. Without one it is forgotten,
 * as in the reference, and all that follows has the range of an earlier character.
 */
function append(changes: CharacterChange[], more: readonly CharacterChange[]): void {
  for (const next of more) {
    const last = changes.at(-1);
    if (next.character !== SWALLOW) changes.push(next);
    else if (last) {
      changes[changes.length - 1] = {
        character: last.character,
        change: last.change + next.change,
      };
    } else {
      changes.push(next);
    }
  }
}
