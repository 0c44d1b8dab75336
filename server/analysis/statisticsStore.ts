/** Statistics of heads, kept by what they were computed from: they outlast their window in the engine. */
import { LRUCache } from 'lru-cache';
import type { StatisticsAnswer, TextStructure } from '../engine/protocol';
import type { EncodingChange, Numbers } from '../protocol';
import type { Subject } from './answer';
import { ownedTokens, type DocumentWindow } from './documentWindows';
import type { ReadyModel } from './modelSlot';
import { encodeNumbers } from './numbers';
import type { Summary } from './summary';
import { textStructure } from './textStructure';
import type { WindowContent } from './windowContent';
import type { WindowTokens } from './windowTokens';

/** A few numbers a head each: the windows of a million tokens of the bundled model. */
const KEPT_BYTES = 64 * 2 ** 20;
/** Of a number, and of a character of a key. */
const NUMBER_BYTES = 4;
const CHARACTER_BYTES = 2;

interface StatisticsOptions {
  /** Tokens of the window whose rows count; without it all. */
  queries?: [start: number, end: number];
  signal: AbortSignal;
}

/** What statistics are of. */
type StatisticsSubject = Pick<Subject, 'ready' | 'window' | 'numbers'> & {
  document: { text: { text: string; version: number } };
};

/** What the text says of a window, and its name. */
interface Structured {
  version: number;
  structure: TextStructure;
  key: string;
}

export class StatisticsStore {
  readonly #byModel = new WeakMap<ReadyModel, LRUCache<string, StatisticsAnswer>>();
  /** Those of a whole document are looked up again and again. */
  readonly #structures = new WeakMap<WindowTokens, Structured>();

  /** What is known of the content without the engine. */
  known(
    subject: StatisticsSubject,
    content: WindowContent,
    queries?: [start: number, end: number],
  ): StatisticsAnswer | undefined {
    return this.#kept(subject.ready).get(keyOf(content, this.#structureOf(subject), queries));
  }

  /** `held`: the engine's name of the content. */
  async of(
    subject: StatisticsSubject,
    content: WindowContent,
    held: string,
    { queries, signal }: StatisticsOptions,
  ): Promise<StatisticsAnswer> {
    const kept = this.#kept(subject.ready);
    const structured = this.#structureOf(subject);
    const key = keyOf(content, structured, queries);
    const known = kept.get(key);
    if (known) return known;
    const asked = { window: held, queries, structure: structured?.structure };
    const answer = await subject.ready.engine.statistics(asked, { signal });
    kept.set(key, answer);
    return answer;
  }

  /** Of each window of a document the rows that it owns. */
  summary(
    ready: ReadyModel,
    document: StatisticsSubject['document'],
    encoding: EncodingChange | null,
  ): Summary<StatisticsAnswer> {
    const subject = ({ window }: DocumentWindow): StatisticsSubject => ({
      ready,
      window,
      numbers: null,
      document,
    });
    return {
      ready,
      encoding,
      known: (window, content) => this.known(subject(window), content, ownRows(window)),
      compute: (window, content, held, signal) =>
        this.of(subject(window), content, held, { queries: ownRows(window), signal }),
    };
  }

  #kept(ready: ReadyModel): LRUCache<string, StatisticsAnswer> {
    let kept = this.#byModel.get(ready);
    if (!kept) {
      const sizeCalculation = ({ statistics }: StatisticsAnswer, key: string): number =>
        Object.values(statistics).reduce((sum, { length }) => sum + length * NUMBER_BYTES, 0) +
        key.length * CHARACTER_BYTES;
      kept = new LRUCache({ maxSize: KEPT_BYTES, sizeCalculation });
      this.#byModel.set(ready, kept);
    }
    return kept;
  }

  /** Numbers have no identifiers, brackets or lines of their own. */
  #structureOf({ numbers, window, document }: StatisticsSubject): Structured | undefined {
    if (numbers) return undefined;
    const { text, version } = document.text;
    const known = this.#structures.get(window);
    if (known?.version === version) return known;
    const structure = textStructure(window, text);
    const made = { version, structure, key: structureKey(structure) };
    this.#structures.set(window, made);
    return made;
  }
}

/** Those of a document's only window are all, also where the template's are all there is. */
function ownRows({ place }: DocumentWindow): [start: number, end: number] | undefined {
  const [start, end] = place.bounds;
  const all = place.owned[0] === start && place.owned[1] === end;
  return all ? undefined : ownedTokens(place);
}

function keyOf(
  { key }: WindowContent,
  structured: Structured | undefined,
  queries: [start: number, end: number] | undefined,
): string {
  return `${queries?.join() ?? ''}/${structured?.key ?? ''}/${key}`;
}

/** The same tokens may stand in texts of other lines and identifiers. */
function structureKey({ identifiers, occurrences, brackets, lineBreaks }: TextStructure): string {
  return [identifiers, occurrences, brackets, lineBreaks].map((part) => part.join()).join(';');
}

export function encodeByName(statistics: { [name: string]: Float32Array }): {
  [name: string]: Numbers;
} {
  return Object.fromEntries(
    Object.entries(statistics).map(([name, values]) => [name, encodeNumbers(values)]),
  );
}
