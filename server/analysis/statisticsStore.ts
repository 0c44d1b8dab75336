/** Statistics of heads, kept by what they were computed from: they outlast their window in the engine. */
import { LRUCache } from 'lru-cache';
import type { StatisticsAnswer, TextStructure } from '../engine/protocol';
import type { Numbers } from '../protocol';
import type { Subject } from './answer';
import type { ReadyModel } from './modelSlot';
import { encodeNumbers } from './numbers';
import { textStructure } from './textStructure';
import type { WindowContent } from './windowContent';

/** A few numbers a head each: a long document's windows take a few megabytes. */
const KEPT_WINDOWS = 512;

interface StatisticsOptions {
  /** Tokens of the window whose rows count; without it all. */
  queries?: [start: number, end: number];
  signal: AbortSignal;
}

/** What statistics are of. */
type StatisticsSubject = Pick<Subject, 'ready' | 'window' | 'numbers'> & {
  document: { text: { text: string } };
};

export class StatisticsStore {
  readonly #byModel = new WeakMap<ReadyModel, LRUCache<string, StatisticsAnswer>>();

  /** What is known of the content without the engine. */
  known(
    subject: StatisticsSubject,
    content: WindowContent,
    queries?: [start: number, end: number],
  ): StatisticsAnswer | undefined {
    return this.#kept(subject.ready).get(keyOf(content, structureOf(subject), queries));
  }

  /** `held`: the engine's name of the content. */
  async of(
    subject: StatisticsSubject,
    content: WindowContent,
    held: string,
    { queries, signal }: StatisticsOptions,
  ): Promise<StatisticsAnswer> {
    const kept = this.#kept(subject.ready);
    const structure = structureOf(subject);
    const key = keyOf(content, structure, queries);
    const known = kept.get(key);
    if (known) return known;
    const asked = { window: held, queries, structure };
    const answer = await subject.ready.engine.statistics(asked, { signal });
    kept.set(key, answer);
    return answer;
  }

  #kept(ready: ReadyModel): LRUCache<string, StatisticsAnswer> {
    let kept = this.#byModel.get(ready);
    if (!kept) this.#byModel.set(ready, (kept = new LRUCache({ max: KEPT_WINDOWS })));
    return kept;
  }
}

/** Numbers have no identifiers, brackets or lines of their own. */
function structureOf({ numbers, window, document }: StatisticsSubject): TextStructure | undefined {
  return numbers ? undefined : textStructure(window, document.text.text);
}

function keyOf(
  { key }: WindowContent,
  structure: TextStructure | undefined,
  queries: [start: number, end: number] | undefined,
): string {
  return `${queries?.join() ?? ''}/${structureKey(structure)}/${key}`;
}

/** The same tokens may stand in texts of other lines and identifiers. */
function structureKey(structure: TextStructure | undefined): string {
  if (!structure) return '';
  const { identifiers, occurrences, brackets, lineBreaks } = structure;
  return [identifiers, occurrences, brackets, lineBreaks].map((part) => part.join()).join(';');
}

export function encodeByName(statistics: { [name: string]: Float32Array }): {
  [name: string]: Numbers;
} {
  return Object.fromEntries(
    Object.entries(statistics).map(([name, values]) => [name, encodeNumbers(values)]),
  );
}
