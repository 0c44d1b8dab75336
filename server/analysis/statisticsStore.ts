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

  /** `held`: the engine's name of the content. */
  async of(
    subject: StatisticsSubject,
    content: WindowContent,
    held: string,
    { queries, signal }: StatisticsOptions,
  ): Promise<StatisticsAnswer> {
    const kept = this.#kept(subject.ready);
    const { ready, window, numbers, document } = subject;
    // Numbers have no identifiers, brackets or lines of their own.
    const structure = numbers ? undefined : textStructure(window, document.text.text);
    const key = `${queries?.join() ?? ''}/${structureKey(structure)}/${content.key}`;
    const known = kept.get(key);
    if (known) return known;
    const answer = await ready.engine.statistics({ window: held, queries, structure }, { signal });
    kept.set(key, answer);
    return answer;
  }

  #kept(ready: ReadyModel): LRUCache<string, StatisticsAnswer> {
    let kept = this.#byModel.get(ready);
    if (!kept) this.#byModel.set(ready, (kept = new LRUCache({ max: KEPT_WINDOWS })));
    return kept;
  }
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
