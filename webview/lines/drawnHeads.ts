import { thumbnailOf } from '../heads/thumbnails';
import { thumbnailTile, type Picture, type Tile } from '../map/picture';
import { planTiles, poolForWhole, tileKey } from '../map/tiles';
import type { Span } from '../map/viewport';
import type { PanelTokens } from '../protocol';
import { lensKey } from '../session/lens';
import { Rows } from '../session/rows';
import type { Session } from '../session/session';
import { offerTiles, StrongestLines } from './lineChoice';
import type { Selection } from '../../server/protocol';

/** The heads whose lines are drawn: their weights in sight, and their rows. */
export class DrawnHeads {
  readonly tokens: PanelTokens;
  readonly selections: readonly Selection[];
  readonly pictures: readonly Picture[];
  readonly #rows: readonly Rows[];
  readonly #session: Session;
  #wanted: number | null = null;
  #largest = new WeakMap<Tile, number>();
  #hidden: ReadonlySet<number> | null = null;

  constructor(session: Session, tokens: PanelTokens, selections: readonly Selection[]) {
    this.tokens = tokens;
    this.selections = selections;
    this.#session = session;
    this.pictures = selections.map((selection) =>
      session.pictures.of(session.subjectOf(selection), tokens.generation, selection),
    );
    this.#rows = this.pictures.map(({ subject }) => {
      if (subject === session.subject) return session.rows;
      // Halves of a token's lines are not shown: one drawing when all have come.
      const rows = new Rows(session.channel, () => {
        if (this.#wanted !== null && this.rowsOf(this.#wanted)) session.changed();
      });
      rows.setSubject(subject);
      return rows;
    });
  }

  /** The same for the same numbers. */
  get key(): string {
    return drawnKey(this.#session, this.selections);
  }

  /** Asks for the weights between the tokens in sight, and for no others any more. */
  want(sight: Span): void {
    const count = this.tokens.texts.length;
    const extent = { rows: count, columns: count };
    const all = { queries: [0, count], keys: [0, count] } as const;
    const [whole] = planTiles(all, extent, poolForWhole(extent));
    const tiles = planTiles({ queries: sight, keys: sight }, extent, 1);
    for (const picture of this.pictures) {
      this.#useThumbnail(picture);
      if (whole) picture.want(whole, tiles);
    }
  }

  /** Whether all weights between the tokens in sight are here. */
  has(sight: Span): boolean {
    const count = this.tokens.texts.length;
    const plans = planTiles({ queries: sight, keys: sight }, { rows: count, columns: count }, 1);
    return this.pictures.every(({ layers }) => {
      const here = new Set(layers.filter(({ pool }) => pool === 1).map(tileKey));
      return plans.every((plan) => here.has(tileKey(plan)));
    });
  }

  /** The largest exact weight that is here, without the hidden tokens; 0 without any. */
  largest(hidden: ReadonlySet<number>): number {
    let largest = 0;
    for (const { layers } of this.pictures)
      for (const tile of layers)
        if (tile.pool === 1) largest = Math.max(largest, this.#largestOf(tile, hidden));
    return largest;
  }

  #largestOf(tile: Tile, hidden: ReadonlySet<number>): number {
    if (this.#hidden !== hidden) this.#largest = new WeakMap();
    this.#hidden = hidden;
    const known = this.#largest.get(tile);
    if (known !== undefined) return known;
    const one = new StrongestLines(1);
    offerTiles(one, [tile], 0, { queries: tile.queries, keys: tile.keys, hidden });
    const largest = one.sorted()[0]?.weight ?? 0;
    this.#largest.set(tile, largest);
    return largest;
  }

  /** Asks for both directions of a token for every head, and for those of no other any more. */
  wantRows(token: number): void {
    this.#wanted = token;
    this.#rows.forEach((rows, index) => {
      rows.want(token, this.tokens.generation, this.selections[index]!);
    });
  }

  /** Both directions of a token for every head; null while one of them is not here. */
  rowsOf(token: number): { reads: Float32Array; readBy: Float32Array }[] | null {
    const found = this.#rows.map((rows) => {
      const reads = rows.peek(token, 'reads')?.weights;
      const readBy = rows.peek(token, 'readBy')?.weights;
      return reads && readBy ? { reads, readBy } : null;
    });
    return found.every((both) => both !== null) ? found : null;
  }

  stop(): void {
    for (const picture of this.pictures) picture.stop();
    for (const rows of this.#rows) if (rows !== this.#session.rows) rows.setSubject('');
  }

  /** A coarse whole is on the page already. */
  #useThumbnail(picture: Picture): void {
    if (picture.base) return;
    const { layer, head, heads } = picture.selection;
    const thumbnail = heads ? null : thumbnailOf(this.#session.answers, layer, head);
    if (thumbnail?.generation !== this.tokens.generation) return;
    if (thumbnail.lens !== lensKey(picture.selection)) return;
    if (head === null && thumbnail.aggregate !== picture.selection.aggregate) return;
    picture.setBase(thumbnailTile(thumbnail, this.tokens.texts.length));
  }
}

export function drawnKey(session: Session, selections: readonly Selection[]): string {
  return selections.map((selection) => session.subjectOf(selection)).join('|');
}
