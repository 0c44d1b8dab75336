/**
 * The tokens of one document, made in slices between which the event loop runs.
 * Work starts with the first question and goes on to the end of the text.
 */
import type { Tokenizer } from '../tokens/tokenizer';
import { ContentModified, unlessAborted } from './errors';
import { SegmentedText, type TokenList } from './segments';
import type { Splice } from './text';
import { nearestToken } from './tokenSearch';
import { buildWindow, type WindowTokens } from './windowTokens';
import { WindowPlan } from './windows';

/** How long one slice may hold the thread: under a frame, so that answers never feel late. */
const SLICE_MS = 8;

/** What the surroundings provide: a clock and a way to let other work run. */
export interface Scheduler {
  /** Milliseconds on a steady clock. */
  now(): number;
  /** Resolves after other pending work (messages, timers) had its turn. */
  pause(): Promise<void>;
}

interface Waiter {
  /** True once it has been answered. */
  check(): boolean;
  fail(error: Error): void;
}

/** `offset` is where the tokenized text begins in its document, in UTF-16 units. */
export class TokenizedText {
  readonly #tokenizer: Tokenizer;
  readonly #capacity: number;
  readonly #scheduler: Scheduler;
  readonly #segments: SegmentedText;
  readonly #waiters = new Set<Waiter>();
  #plan: WindowPlan;
  #list: TokenList | undefined;
  /** Made from the list, by index. */
  #windows: WindowTokens[] = [];
  #pumping = false;
  #closed = false;
  #offset: number;

  /** `contextLength` counts the template's tokens too. `onDone` runs whenever the last slice is made. */
  constructor(
    tokenizer: Tokenizer,
    contextLength: number,
    text: string,
    offset: number,
    scheduler: Scheduler,
    readonly onDone: () => void,
  ) {
    this.#tokenizer = tokenizer;
    this.#scheduler = scheduler;
    this.#offset = offset;
    this.#segments = new SegmentedText(tokenizer, text);
    const { before, after } = tokenizer.template;
    this.#capacity = contextLength - before.length - after.length;
    this.#plan = new WindowPlan(this.#capacity);
  }

  get offset(): number {
    return this.#offset;
  }

  /** Windows say where their tokens stand in the document. */
  set offset(offset: number) {
    this.#offset = offset;
    this.#windows = [];
  }

  /** Windows of the whole text; `null` until all of it is tokenized. */
  get windowCount(): number | null {
    return this.#segments.done ? this.#refreshed().plan.count : null;
  }

  /** Tokens of the text that a window has at most. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Tokens of the whole text, the template's not counted, once all of it is tokenized. */
  whole(signal: AbortSignal): Promise<number> {
    return this.#when(
      () => (this.#segments.done ? this.#refreshed().list.ids.length : undefined),
      signal,
    );
  }

  /** A window of the plan, once nothing can change it any more. Bounds are tokens of the text. */
  window(index: number): { tokens: WindowTokens; bounds: [number, number] } | undefined {
    const { list, plan } = this.#refreshed();
    const tokens = this.#build(index, list, plan);
    return tokens && { tokens, bounds: plan.bounds(index) };
  }

  /** Where each window hands over to the next, in tokens of the text; of a text tokenized whole. */
  get borders(): number[] {
    const { plan } = this.#refreshed();
    const count = plan.count ?? 0;
    return Array.from({ length: Math.max(0, count - 1) }, (_, index) => plan.border(index));
  }

  /** As {@link windowAt} if it is known by now; goes on with tokenizing if it is not. */
  knownAt(offset: number): WindowTokens | undefined {
    const found = this.#probe(offset);
    this.#startPump();
    return found;
  }

  /** Takes over the text after an edit (offsets relative to the tokenized text). */
  splice(text: string, splice: Splice): void {
    this.#segments.splice(text, splice);
    this.#list = undefined;
    this.#plan = new WindowPlan(this.#capacity);
    if (this.#waiters.size > 0) this.#startPump();
  }

  /** Rejects everything that waits and stops the work. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.fail(new ContentModified());
    this.#waiters.clear();
  }

  /**
   * The window that owns the token nearest to a document offset (undefined: the first
   * window), as soon as it is known.
   */
  windowAt(offset: number | undefined, signal: AbortSignal): Promise<WindowTokens> {
    return this.#when(() => this.#probe(offset), signal);
  }

  #probe(offset: number | undefined): WindowTokens | undefined {
    const { list, plan } = this.#refreshed();
    if (offset === undefined) return this.#build(0, list, plan);
    const within = offset - this.#offset;
    const reached = this.#segments.done || (list.starts.at(-1) ?? -1) > within;
    const token = reached ? (nearestToken(list, within) ?? 0) : undefined;
    const owner = token === undefined ? undefined : plan.ownerOf(token);
    return owner === undefined ? undefined : this.#build(owner, list, plan);
  }

  #build(index: number, list: TokenList, plan: WindowPlan): WindowTokens | undefined {
    if (index < 0 || index >= plan.settled) return undefined;
    const { template } = this.#tokenizer;
    return (this.#windows[index] ??= buildWindow(
      index,
      list,
      plan.bounds(index),
      template,
      this.#offset,
    ));
  }

  #refreshed(): { list: TokenList; plan: WindowPlan } {
    if (!this.#list) {
      this.#list = this.#segments.known();
      this.#windows = [];
      this.#plan.extend(this.#list.ids, this.#segments.done);
    }
    return { list: this.#list, plan: this.#plan };
  }

  #when<T>(probe: () => T | undefined, signal: AbortSignal): Promise<T> {
    const found = probe();
    if (found !== undefined) {
      this.#startPump();
      return Promise.resolve(found);
    }
    let waiter: Waiter | undefined;
    const promise = new Promise<T>((resolve, reject) => {
      const check = (): boolean => {
        const value = probe();
        if (value !== undefined) resolve(value);
        return value !== undefined;
      };
      waiter = { check, fail: reject };
      this.#waiters.add(waiter);
    });
    this.#startPump();
    return unlessAborted(promise, signal).finally(() => waiter && this.#waiters.delete(waiter));
  }

  #startPump(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    this.#pump()
      .catch((error: unknown) =>
        this.#fail(error instanceof Error ? error : new Error(String(error))),
      )
      .finally(() => (this.#pumping = false));
  }

  async #pump(): Promise<void> {
    let worked = false;
    while (!this.#closed && !this.#segments.done) {
      worked = true;
      const end = this.#scheduler.now() + SLICE_MS;
      while (this.#segments.step() && this.#scheduler.now() < end);
      this.#list = undefined;
      this.#settle();
      await this.#scheduler.pause();
    }
    this.#settle();
    if (worked && !this.#closed) this.onDone();
  }

  #settle(): void {
    for (const waiter of [...this.#waiters]) if (waiter.check()) this.#waiters.delete(waiter);
  }

  #fail(error: Error): void {
    for (const waiter of this.#waiters) waiter.fail(error);
    this.#waiters.clear();
  }
}
