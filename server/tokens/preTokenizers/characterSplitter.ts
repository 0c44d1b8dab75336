import type { Piece } from '../tracedText';

/** What a character means for the split: part of a word, dropped, or a piece of its own. */
export type Role = 'word' | 'dropped' | 'alone';

/** Roles as the table keeps them; 0 is a character that was not asked yet. */
const ROLES = ['unknown', 'word', 'dropped', 'alone'] as const;
const WORD = ROLES.indexOf('word');
const ALONE = ROLES.indexOf('alone');

/** Splits by what each character is; asks once a character. */
export class CharacterSplitter {
  /** [unit] → index into ROLES */
  private readonly basic = new Uint8Array(0x10000);
  private readonly astral = new Map<number, number>();

  constructor(private readonly roleOf: (character: string) => Role) {}

  split({ of, from, to }: Piece): Piece[] {
    const pieces: Piece[] = [];
    let start = from;
    for (let at = from; at < to;) {
      const codePoint = of.text.codePointAt(at)!;
      const role = this.role(codePoint);
      const next = at + (codePoint > 0xffff ? 2 : 1);
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

  private role(codePoint: number): number {
    const isAstral = codePoint > 0xffff;
    const known = isAstral ? this.astral.get(codePoint) : this.basic[codePoint];
    if (known) return known;
    const role = ROLES.indexOf(this.roleOf(String.fromCodePoint(codePoint)));
    if (isAstral) this.astral.set(codePoint, role);
    else this.basic[codePoint] = role;
    return role;
  }
}
