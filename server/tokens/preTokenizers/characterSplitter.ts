import type { Piece } from '../tracedText';

/** What a character means for the split: part of a word, dropped, or a piece of its own. */
export type Role = 'word' | 'dropped' | 'alone';

/** Roles as the table keeps them; 0 is a character that was not asked yet. */
const ROLES = ['unknown', 'word', 'dropped', 'alone'] as const;
const WORD = ROLES.indexOf('word');
const ALONE = ROLES.indexOf('alone');

/** Splits by what each character is; asks once a character of the basic plane. */
export class CharacterSplitter {
  /** [unit] → index into ROLES */
  private readonly roles = new Uint8Array(0x10000);

  constructor(private readonly roleOf: (character: string) => Role) {}

  split({ of, from, to }: Piece): Piece[] {
    const pieces: Piece[] = [];
    let start = from;
    for (let at = from; at < to;) {
      const width = of.text.codePointAt(at)! > 0xffff ? 2 : 1;
      const role = this.roleAt(of.text, at, width);
      const next = at + width;
      if (role !== WORD) {
        if (start < at) pieces.push({ of, from: start, to: at });
        if (role === ALONE) pieces.push({ of, from: at, to: next });
        start = next;
      }
      at = next;
    }
    if (start < to) pieces.push({ of, from: start, to });
    return pieces;
  }

  private roleAt(text: string, at: number, width: number): number {
    if (width === 2) return ROLES.indexOf(this.roleOf(text.slice(at, at + 2)));
    const unit = text.charCodeAt(at);
    const known = this.roles[unit]!;
    if (known !== 0) return known;
    const role = ROLES.indexOf(this.roleOf(text.charAt(at)));
    this.roles[unit] = role;
    return role;
  }
}
