/**
 * Finds the window that a question is about and has it analysed, and sees to it
 * that an answer belongs to the newest version of the document or is refused.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { NumberDocument } from '../chapter/numberDocument';
import { modelOfStack, requireOpen, type Place, type SourceText } from './stacks';
import type { Activity } from './activity';
import type { AskOptions, Question, Subject } from './answer';
import { offsetOf } from './answer';
import {
  Cancelled,
  ContentModified,
  RequestFailed,
  throwIfCancelled,
  unlessAborted,
} from './errors';
import type { ModelSlot, ReadyModel } from './modelSlot';
import type { ModelWindows } from './modelWindows';
import { numbersBase, numberModel, numberWindow } from './numberWindow';
import type { OpenDocument } from './openDocument';
import type { Lease, WindowStore } from './windowStore';
import type { WholeSources } from './wholeDocument';
import { contentBase, pairContent, type WindowContent } from './windowContent';

/** After this many losses of its window, or of its model, in a row a question gives up. */
const MAX_ATTEMPTS = 3;

/** Edits come in bursts; what waits for the newest version starts again when none came for this long. */
const CALM_MS = 30;

/** Told what an attempt needs, before it is asked for. */
type Keep = (windows: WindowStore, contents: readonly WindowContent[]) => void;

interface Circumstances {
  asked: ReturnType<Activity['question']>;
  keep: Keep | undefined;
}

export class Subjects {
  readonly #slot: ModelSlot;
  readonly #windows: ModelWindows;
  readonly #activity: Activity;

  constructor(slot: ModelSlot, windows: ModelWindows, activity: Activity) {
    this.#slot = slot;
    this.#windows = windows;
    this.#activity = activity;
  }

  /** How many windows asked for in the document's newest version the engine holds. */
  analysedCount(document: OpenDocument): number {
    const windows = this.#windows.held;
    if (!windows) return 0;
    return [...document.asked.values()].filter((base) => windows.hasAny(base)).length;
  }

  /** The window that owns `position`, not analysed. Fails with {@link ContentModified} after an edit. */
  async locate(document: OpenDocument, place: Place, { signal }: AskOptions): Promise<Subject> {
    const ready = await this.#slot.ready(signal);
    const modified = modifiedOf(document, place);
    return unlessAborted(this.#find(document, place, ready, signal), signal, modified);
  }

  /** Asks about a document as a whole, from what is analysed of it by now. */
  async wholeDocument<T>(
    document: OpenDocument,
    { signal }: AskOptions,
    question: (sources: WholeSources) => Promise<T>,
  ): Promise<T> {
    // Idle work makes what is asked for: it goes on as soon as there is an answer.
    const asked = this.#activity.question(0);
    try {
      const ready = await this.#slot.ready(signal);
      if (ready.chapter && document.numbers()) throw oneWindow();
      const around = document.text.offsetAt(document.cursor);
      const tokens = document.tokens(around, this.#windows.tokenizeWith(ready));
      return await question({ ready, windows: this.#windows.of(ready), document, tokens });
    } finally {
      asked.end();
    }
  }

  /**
   * Asks about the analysed window that owns `position`. Fails with
   * {@link ContentModified} when the document changes before the answer is there.
   */
  async answer<T>(
    document: OpenDocument,
    place: Place,
    options: AskOptions,
    question: Question<T>,
    keep?: Keep,
  ): Promise<T> {
    const asked = this.#activity.question();
    try {
      return await this.#answer(document, place, options, question, { asked, keep });
    } finally {
      asked.end();
    }
  }

  async #answer<T>(
    document: OpenDocument,
    place: Place,
    options: AskOptions,
    question: Question<T>,
    circumstances: Circumstances,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const ready = await this.#slot.ready(options.signal);
      const last = attempt === MAX_ATTEMPTS;
      try {
        const answer = await this.#attempt(
          document,
          place,
          ready,
          options,
          question,
          circumstances,
        );
        if (last || !this.#replaced(ready)) return answer;
      } catch (error) {
        if (last || options.signal.aborted || error instanceof ContentModified) throw error;
        const lost = lostWindow(error);
        if (!lost && !cancelled(error) && !this.#replaced(ready)) throw error;
        if (lost && !this.#replaced(ready)) this.#windows.of(ready).reset();
      }
    }
  }

  /** As {@link answer}, but an edit makes it start again with the newest version. */
  async answerNewest<T>(
    document: OpenDocument,
    place: Place,
    options: AskOptions,
    question: Question<T>,
  ): Promise<T> {
    // An edit elsewhere leaves the window as it is: its analysis goes on until the new one is
    // known. Where edits do not end, what was asked for between them must not queue up.
    let kept: AbortController | undefined;
    const keep = (windows: WindowStore, contents: readonly WindowContent[]): void => {
      const keeping = new AbortController();
      for (const content of contents)
        windows.acquire(content, keeping.signal).then(
          (lease) => lease.release(),
          () => undefined,
        );
      kept?.abort();
      kept = keeping;
    };
    try {
      for (;;) {
        try {
          return await this.answer(document, place, options, question, keep);
        } catch (error) {
          if (!(error instanceof ContentModified) || document.closed) throw error;
        }
        await calm(document, options.signal, () => kept?.abort());
      }
    } finally {
      kept?.abort();
    }
  }

  async #attempt<T>(
    document: OpenDocument,
    place: Place,
    ready: ReadyModel,
    options: AskOptions,
    question: Question<T>,
    { asked, keep }: Circumstances,
  ): Promise<T> {
    const modified = modifiedOf(document, place);
    const signal = AbortSignal.any([options.signal, modified]);
    const leases: Promise<Lease>[] = [];
    try {
      const subject = await this.#find(document, place, ready, signal);
      const plan = question(subject);
      const kept = plan.known?.();
      if (kept !== undefined) return kept;
      const windows = this.#windows.of(ready);
      keep?.(windows, plan.contents);
      const known = plan.contents.every((content) => windows.has(content));
      const acquire = (content: WindowContent): Promise<Lease> =>
        windows.acquire(content, signal, options.onProgress);
      const begin = (content: WindowContent): Promise<Lease> =>
        Promise.resolve(windows.begin(content, signal, options.onProgress));
      const answerFrom = async (take: typeof acquire): Promise<T> => {
        const taken = plan.contents.map(take);
        leases.push(...taken);
        // What works on its own account gives way; what it has begun of this goes on.
        if (!known) asked.needsAnalysis();
        return plan.answer(
          (await Promise.all(taken)).map(({ window }, at) => viewOf(plan.contents[at], window)),
        );
      };
      const answering = plan.layerwise
        ? answerFrom(begin).catch((error: unknown) => {
            // A worker that has just begun may not know of the window yet.
            if (!lostWindow(error)) throw error;
            return answerFrom(acquire);
          })
        : answerFrom(acquire);
      const result = await unlessAborted(answering, signal);
      throwIfCancelled(signal);
      // The next question is about another layer.
      if (plan.layerwise) for (const content of plan.contents) windows.goOn(content, modified);
      return result;
    } catch (error) {
      throwIfCancelled(options.signal);
      if (modified.aborted) throw new ContentModified();
      throw error;
    } finally {
      for (const lease of leases)
        lease.then(
          (held) => held.release(),
          () => undefined,
        );
    }
  }

  async #find(
    document: OpenDocument,
    place: Place,
    ready: ReadyModel,
    signal: AbortSignal,
  ): Promise<Subject> {
    const { position, pair } = place;
    if (position) document.cursor = position;
    const offset = offsetOf(document, position);
    if (pair) return this.#findPair(document, offset, pair, ready, signal);
    const numbers = ready.chapter ? document.numbers() : null;
    if (numbers) return this.#numbers(document, numbers, ready, offset);
    const around = offset ?? document.text.offsetAt(document.cursor);
    const tokens = document.tokens(around, this.#windows.tokenizeWith(ready));
    const window = await tokens.windowAt(offset, signal);
    document.asked.set(window.index, contentBase(window));
    document.readAsNumbers = false;
    return {
      ready,
      model: ready.model,
      document,
      version: document.text.version,
      window,
      windowCount: tokens.windowCount,
      offset,
      tokenText: (id) => ready.tokenizer.tokenText(id),
      numbers: null,
      stack: 'encoder',
    };
  }

  /** A window of the decoder's text beside one of the encoder's. */
  async #findPair(
    document: OpenDocument,
    offset: number | undefined,
    { stack, source, position }: NonNullable<Place['pair']>,
    ready: ReadyModel,
    signal: AbortSignal,
  ): Promise<Subject> {
    const model = modelOfStack(ready.model, stack);
    requireOpen(source);
    const sourceOffset = offsetOf(source, position);
    const around = sourceOffset ?? source.text.offsetAt(source.cursor);
    const sourceTokens = source.tokens(around, this.#windows.tokenizeWith(ready));
    const tokens = document.tokens(
      offset ?? document.text.offsetAt(document.cursor),
      this.#windows.tokenizeTarget(ready),
    );
    const [own, other] = await Promise.all([
      tokens.windowAt(offset, signal),
      sourceTokens.windowAt(sourceOffset, signal),
    ]);
    document.asked.set(own.index, pairContent(other, own, stack).base);
    const text: SourceText = {
      document: source,
      version: source.text.version,
      window: other,
      windowCount: sourceTokens.windowCount,
      offset: sourceOffset,
    };
    return {
      ready,
      model,
      document,
      version: document.text.version,
      window: own,
      windowCount: tokens.windowCount,
      offset,
      tokenText: (id) => ready.tokenizer.tokenText(id),
      numbers: null,
      stack,
      source: text,
    };
  }

  #numbers(
    document: OpenDocument,
    numbers: NumberDocument,
    ready: ReadyModel,
    offset: number | undefined,
  ): Subject {
    const { text, version } = document.text;
    document.asked.set(0, numbersBase(text));
    document.readAsNumbers = true;
    return {
      ready,
      model: numberModel(ready.model, numbers),
      document,
      version,
      window: numberWindow(numbers),
      windowCount: 1,
      offset,
      tokenText: (id) => {
        const { start = 0, end = 0 } = numbers.tokens[id] ?? {};
        return text.slice(start, end);
      },
      numbers,
      stack: 'encoder',
    };
  }

  /** Another model, or the Chapter model with other controls, is in use by now. */
  #replaced(ready: ReadyModel): boolean {
    return this.#slot.current !== ready;
  }
}

/** Numbers are one window, which is the whole. */
function oneWindow(): RequestFailed {
  return new RequestFailed(
    'notInThisModel',
    l10n.t('A document of numbers has one window: ask about that.'),
  );
}

/**
 * Waits until no edit has come for a moment; `restless` runs when one has. Fails with
 * {@link Cancelled}.
 */
async function calm(
  document: OpenDocument,
  signal: AbortSignal,
  restless: () => void,
): Promise<void> {
  for (;;) {
    throwIfCancelled(signal);
    const edited = document.modified;
    await new Promise((resolve) => setTimeout(resolve, CALM_MS));
    if (!edited.aborted || document.closed) return;
    restless();
  }
}

/** The analysis was given up because of others: a lost window, another model. */
function cancelled(error: unknown): boolean {
  return error instanceof Cancelled || ChannelError.is(error, 'cancelled');
}

/** Aborted when either text is another one. */
function modifiedOf({ modified }: OpenDocument, { pair }: Place): AbortSignal {
  return pair ? AbortSignal.any([modified, pair.source.modified]) : modified;
}

function viewOf(content: WindowContent | undefined, window: string): string {
  return content?.view?.(window) ?? window;
}

/** The engine no longer has the window (another model, a restart): it must be analysed again. */
function lostWindow(error: unknown): boolean {
  return ChannelError.is(error, 'unknownWindow') || ChannelError.is(error, 'closed');
}
