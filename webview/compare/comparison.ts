import { ChannelError } from '../../channel/channel';
import { encodingKey, selectionKey } from '../session/lens';
import { Lookup, type Refusal } from '../session/lookup';
import type { Session } from '../session/session';
import type { PanelPositionEffect } from '../protocol';
import { t } from '../text';
import { selectionNameOf } from '../views/sentence';
import { Compared } from './compared';
import type { Cell } from '../map/viewport';
import type { SideIndex } from './mergedAxis';
import { sourceName } from './names';
import type { PanelComparable, PanelComparedSide } from './protocol';
import { readSide, type SideNumbers } from './side';
import { selectionOf, sourceKey, textOf, type CompareSource } from './sources';

/** Numbers that were read before. */
export interface KeptSide {
  name: string;
  numbers: SideNumbers;
}

/** What is compared with what, asked for where it is shown. */
export class Comparison {
  /** What there is to choose from. */
  readonly comparable: Lookup<PanelComparable>;
  /** How far each head moves from the first side to the second. */
  readonly heads: Lookup<PanelPositionEffect>;
  readonly #session: Session;
  readonly #sides: readonly [Lookup<SideNumbers>, Lookup<SideNumbers>];
  readonly #progress: [number, number] = [0, 0];
  /** Counts up whenever another text than the one shown may have changed. */
  #edition = 0;
  #keeps = 0;
  #attempt = 0;
  #made: Compared | null = null;
  /** A side's numbers as they were, and what they are called. */
  kept: KeptSide | null = null;
  /** Cells that the text which the panel shows does not have. */
  #loose: { pointed: Cell | null; chosen: Cell | null } = { pointed: null, chosen: null };
  /** A cell that is to be brought into sight by who draws the maps. */
  sought: Cell | null = null;

  constructor(session: Session) {
    this.#session = session;
    const changed = (): void => session.changed();
    this.comparable = new Lookup(changed);
    this.heads = new Lookup(changed);
    this.#sides = [new Lookup(changed), new Lookup(changed)];
    session.channel.on('texts', () => {
      this.#edition++;
      session.changed();
    });
  }

  /** What stands on a side; null: nothing is chosen yet. */
  source(side: SideIndex): CompareSource | null {
    const { first, second } = this.#session.saved.compare;
    return side === 0 ? first : second;
  }

  take(side: SideIndex, source: CompareSource): void {
    const { compare } = this.#session.saved;
    const part = side === 0 ? { first: source } : { second: source };
    this.#session.save({ compare: { ...compare, ...part } });
  }

  /** The shown document with something else. */
  begin(second: CompareSource): void {
    const { compare } = this.#session.saved;
    this.#session.save({ compare: { ...compare, first: { kind: 'shown' }, second } });
  }

  /**
   * Keeps the numbers of the first side, to be compared with what is shown later: under another
   * model, after an edit. Only one is kept, and only as long as the page lives.
   */
  keep(): void {
    const session = this.#session;
    const source = this.source(0);
    const [{ value, current }] = this.#sides;
    if (!source || !value || !current) return;
    if (source.kind !== 'kept') {
      const { model } = value.tokens;
      const parts = [
        sourceName(session, source),
        source.kind === 'heads' ? null : selectionNameOf(model, value.selection),
        model.name,
      ];
      this.kept = { name: parts.filter((part) => part !== null).join(' · '), numbers: value };
      this.#keeps++;
    }
    const { compare } = session.saved;
    session.save({ compare: { ...compare, first: { kind: 'kept' }, second: { kind: 'shown' } } });
  }

  /** Whether the first side is here, so that it can be kept. */
  get canKeep(): boolean {
    const [{ value, current }] = this.#sides;
    return value !== null && current;
  }

  /** Keeps the first side, and has another model chosen to compare it with. */
  async withAnotherModel(): Promise<void> {
    this.keep();
    try {
      await this.#session.channel.request('chooseModel', {});
    } catch (error) {
      this.#session.answers.report(error);
    }
  }

  swap(): void {
    const { compare } = this.#session.saved;
    const { first, second } = compare;
    if (second) this.#session.save({ compare: { ...compare, first: second, second: first } });
  }

  /** The cell of the common axis under the pointer, and the one chosen by click or keys. */
  get pointed(): Cell | null {
    return this.#loose.pointed ?? this.cellOfShown(this.#session.pointed);
  }

  get chosen(): Cell | null {
    return this.#loose.chosen ?? this.cellOfShown(this.#session.chosen);
  }

  point(cell: Cell | null): void {
    const tokens = this.#ofShownText(cell);
    this.#loose.pointed = tokens ? null : cell;
    this.#session.point(tokens);
  }

  /** `seek`: it is to be brought into sight. */
  choose(cell: Cell | null, seek = false): void {
    const tokens = this.#ofShownText(cell);
    this.#loose = { pointed: null, chosen: tokens ? null : cell };
    if (seek) this.sought = cell;
    this.#session.choose(tokens);
  }

  reveal(cell: Cell): void {
    const tokens = this.#ofShownText(cell);
    if (tokens) this.#session.reveal(tokens);
  }

  /** Asks for what is chosen, as far as it is not here. */
  want(): void {
    const session = this.#session;
    const generation = session.currentTokens?.generation;
    if (generation === undefined || session.stale) return;
    this.comparable.want(this.#name('list'), (signal) =>
      session.channel.request('comparable', { generation }, { signal }),
    );
    this.#wantSide(0, generation);
    this.#wantSide(1, generation);
  }

  /** Asks how far each head moves; where both sides are of different heads of one text, there is nothing to ask. */
  wantHeads(): void {
    const session = this.#session;
    const generation = session.currentTokens?.generation;
    const [first, second] = [this.#headsSide(0), this.#headsSide(1)];
    if (generation === undefined || session.stale || !first || !second) return;
    const sides = [first, second].map(
      ({ text, encoding }) => `${JSON.stringify(text)}/${encodingKey(encoding)}`,
    );
    this.heads.want(this.#name(sides.join('|')), (signal) =>
      session.channel.request('comparedHeads', { generation, sides: [first, second] }, { signal }),
    );
  }

  /** Whether heads can be told apart by how far they move. */
  get movesHeads(): boolean {
    const [first, second] = [this.#headsSide(0), this.#headsSide(1)];
    if (!first || !second) return false;
    return JSON.stringify(first) !== JSON.stringify(second);
  }

  /** Asks again for what could not be had. */
  retry(): void {
    this.#attempt++;
    this.#session.changed();
  }

  /** Why a side cannot be had; null where it can. */
  refusal(side: SideIndex): Refusal | null {
    return this.#sides[side].refusal;
  }

  /** Whether what is shown is not what is chosen; how much of it is here by now, 0 … 1. */
  get waiting(): number | null {
    const waiting = this.#sides.map((side) => side.waiting);
    if (!waiting.some(Boolean)) return null;
    const shares = waiting.map((waits, side) => (waits ? this.#progress[side]! : 1));
    return (shares[0]! + shares[1]!) / 2;
  }

  /** Both sides beside each other, of the newest choice that is here as a whole; the same object as long as it is. */
  get shown(): Compared | null {
    const [first, second] = this.#sides;
    if (!this.source(1)) return null;
    if (!this.current || !first.value || !second.value) return this.#made;
    const [one, two] = this.#made?.sides ?? [];
    if (one === first.value && two === second.value) return this.#made;
    this.#loose = { pointed: null, chosen: null };
    this.#made = new Compared([first.value, second.value], () => this.#session.changed());
    return this.#made;
  }

  /** Whether {@link shown} is of what is chosen. */
  get current(): boolean {
    const [first, second] = this.#sides;
    return first.current && second.current;
  }

  /** The side that reads the text which the panel shows, as it is now. */
  #shownSide(): { compared: Compared; side: SideIndex } | null {
    const compared = this.shown;
    const generation = this.#session.currentTokens?.generation;
    const reads = (side: SideIndex): boolean => {
      const source = this.source(side);
      return (
        source !== null &&
        source.kind !== 'kept' &&
        textOf(source).kind === 'shown' &&
        compared?.sides[side].tokens.generation === generation
      );
    };
    if (!compared || !this.current) return null;
    return reads(0) ? { compared, side: 0 } : reads(1) ? { compared, side: 1 } : null;
  }

  #ofShownText(cell: Cell | null): Cell | null {
    const shown = cell && this.#shownSide();
    return shown ? shown.compared.tokensAt(shown.side, cell) : null;
  }

  /** The place on the axis of a pair of the shown text's tokens; null where it is not compared. */
  cellOfShown(tokens: Cell | null): Cell | null {
    const shown = tokens && this.#shownSide();
    return shown ? shown.compared.cellOf(shown.side, tokens) : null;
  }

  #wantSide(side: SideIndex, generation: number): void {
    const { channel, selection: chosen } = this.#session;
    const source = this.source(side);
    const lookup = this.#sides[side];
    if (!source) return lookup.clear();
    if (source.kind === 'kept')
      return lookup.want(`kept ${this.#keeps}`, () => this.#keptNumbers());
    const selection = selectionOf(source, chosen);
    const text = textOf(source);
    const name = this.#name(`${JSON.stringify(text)}/${selectionKey(selection)}`);
    lookup.want(name, (signal) => {
      this.#progress[side] = 0;
      return readSide(channel, { generation, text, selection }, signal, (share) => {
        this.#progress[side] = share;
        this.#session.changed();
      });
    });
  }

  #keptNumbers(): Promise<SideNumbers> {
    if (this.kept) return Promise.resolve(this.kept.numbers);
    const sentence = t(
      'What was kept is gone: it is not stored beyond the panel’s page. Show it again and keep it anew.',
    );
    return Promise.reject(new ChannelError('notYet', sentence));
  }

  #headsSide(side: SideIndex): PanelComparedSide | null {
    const source = this.source(side);
    if (!source || source.kind === 'kept') return null;
    const { encoding } = selectionOf(source, this.#session.selection);
    return { text: textOf(source), encoding };
  }

  /** Names a question to all texts as they are now. */
  #name(question: string): string {
    return `${this.#session.snapshot}.${this.#edition}.${this.#attempt}/${question}`;
  }
}

/** Whether both sides are the same by choice. */
export function isSame(first: CompareSource, second: CompareSource): boolean {
  return sourceKey(first) === sourceKey(second);
}
