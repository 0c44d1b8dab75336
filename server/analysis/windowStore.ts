/**
 * Which windows the engine holds. The same content is analysed once, whatever
 * document, version or undo step it stands in; what was used longest ago goes
 * when the memory limit is reached.
 */
import type { AttentionEngine } from './modelSlot';
import { Cancelled, throwIfCancelled, unlessAborted } from './errors';
import type { ContentEngine, WindowContent } from './windowContent';

/** The part of the engine that analyses. */
export type WindowEngine = ContentEngine & Pick<AttentionEngine, 'forget'>;

export type OnProgress = (done: number, total: number) => void;

/** The engine keeps the window at least until it is released. */
export interface Lease {
  /** The engine's name of the window. */
  readonly window: string;
  release(): void;
}

interface Entry {
  name: string;
  content: WindowContent;
  bytes: number;
  leases: number;
  /** Nobody has asked for it: it is the first to go. */
  idle: boolean;
  /** Aborted when nobody waits for the analysis any more. */
  controller: AbortController;
  analysis: Promise<void>;
  ready: boolean;
  listeners: Set<OnProgress>;
}

export class WindowStore {
  readonly #engine: WindowEngine;
  readonly #bytesOf: (tokens: number) => number;
  readonly #prefix: string;
  /** By key of the content, least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #limit: number;
  #nextName = 0;

  /**
   * `prefix`: sets the names apart from those of other stores on the same engine;
   * `bytesOf`: what the engine keeps of a window with so many tokens.
   */
  constructor(
    engine: WindowEngine,
    prefix: string,
    bytesOf: (tokens: number) => number,
    limitBytes: number,
    readonly onChange: () => void,
  ) {
    this.#engine = engine;
    this.#prefix = prefix;
    this.#bytesOf = bytesOf;
    this.#limit = limitBytes;
  }

  set limitBytes(bytes: number) {
    this.#limit = bytes;
    this.#evict();
  }

  /** Bytes of the largest window that is held although it alone takes more than the limit; 0 where none does. */
  get tooLarge(): number {
    const most = Math.max(0, ...[...this.#entries.values()].map(({ bytes }) => bytes));
    return most > this.#limit ? most : 0;
  }

  /** True when the content is analysed and still held. */
  has({ key }: WindowContent): boolean {
    return this.#entries.get(key)?.ready ?? false;
  }

  /** True when these tokens are, whatever their positions. */
  hasAny(base: string): boolean {
    return [...this.#entries.values()].some(({ ready, content }) => ready && content.base === base);
  }

  /** Whether another window of as many tokens fits beside all that is held. */
  hasRoom(tokens: number): boolean {
    return this.#bytes([...this.#entries.values()]) + this.#bytesOf(tokens) <= this.#limit;
  }

  /** Whether windows of so many tokens together fit at all. */
  fits(tokens: number): boolean {
    return this.#bytesOf(tokens) <= this.#limit;
  }

  /** As {@link acquire}, for what nobody has asked for: it never takes the place of another. */
  acquireIdle(content: WindowContent, signal: AbortSignal): Promise<Lease> {
    const isNew = !this.#entries.has(content.key);
    const lease = this.acquire(content, signal);
    const entry = this.#entries.get(content.key);
    if (entry && isNew) this.#putFirst(entry);
    return lease;
  }

  /**
   * Analyses the content unless it is held already. When all who asked for it have
   * cancelled, the analysis is cancelled too.
   */
  async acquire(
    content: WindowContent,
    signal: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<Lease> {
    const entry = this.#begin(content, signal);
    const lease = this.#lease(entry, onProgress);
    try {
      await unlessAborted(entry.analysis, signal);
    } catch (error) {
      lease.release();
      throw error;
    } finally {
      if (onProgress) entry.listeners.delete(onProgress);
    }
    return lease;
  }

  /** As {@link acquire}, without waiting for the end: the engine answers about each layer once it is there. */
  begin(content: WindowContent, signal: AbortSignal, onProgress?: OnProgress): Lease {
    return this.#lease(this.#begin(content, signal), onProgress);
  }

  /** Has what is under way go on, although nobody waits for it, until the signal is aborted. */
  goOn(content: WindowContent, signal: AbortSignal): void {
    if (signal.aborted || !this.#entries.has(content.key)) return;
    this.acquire(content, signal).then(
      (lease) => lease.release(),
      () => undefined,
    );
  }

  /** Keeps content that is held by now, without counting as its use. */
  hold({ key }: WindowContent): Lease | undefined {
    const entry = this.#entries.get(key);
    return entry?.ready ? this.#lease(entry) : undefined;
  }

  #begin(content: WindowContent, signal: AbortSignal): Entry {
    throwIfCancelled(signal);
    const entry = this.#entryFor(content);
    entry.idle = false;
    return entry;
  }

  #lease(entry: Entry, onProgress?: OnProgress): Lease {
    entry.leases++;
    if (onProgress) entry.listeners.add(onProgress);
    let held = true;
    return {
      window: entry.name,
      release: () => {
        if (!held) return;
        held = false;
        if (onProgress) entry.listeners.delete(onProgress);
        this.#release(entry);
      },
    };
  }

  /** Forgets what the engine no longer knows, e.g. after another model was loaded. */
  reset(): void {
    for (const entry of this.#entries.values()) if (!entry.ready) entry.controller.abort();
    this.#entries.clear();
    this.onChange();
  }

  #entryFor(content: WindowContent): Entry {
    const { key } = content;
    let entry = this.#entries.get(key);
    if (entry?.controller.signal.aborted) entry = undefined;
    entry ??= this.#start(content);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #putFirst(entry: Entry): void {
    entry.idle = true;
    const others = [...this.#entries].filter(([, other]) => other !== entry);
    this.#entries.clear();
    this.#entries.set(entry.content.key, entry);
    for (const [key, other] of others) this.#entries.set(key, other);
  }

  #start(content: WindowContent): Entry {
    const controller = new AbortController();
    const listeners = new Set<OnProgress>();
    const name = `${this.#prefix}:${this.#nextName++}`;
    const analysis = content
      .analyse(this.#engine, name, {
        signal: controller.signal,
        onProgress: ({ done, total }) => listeners.forEach((listener) => listener(done, total)),
      })
      .then(() => this.#finished(entry));
    const bytes = this.#bytesOf(content.tokens);
    const entry: Entry = {
      name,
      content,
      bytes,
      leases: 0,
      idle: false,
      controller,
      analysis,
      ready: false,
      listeners,
    };
    analysis.catch(() => this.#drop(entry));
    return entry;
  }

  #finished(entry: Entry): void {
    if (this.#entries.get(entry.content.key) !== entry) throw new Cancelled();
    entry.ready = true;
    this.#evict();
    this.onChange();
  }

  #release(entry: Entry): void {
    entry.leases--;
    if (entry.leases > 0) return;
    if (entry.ready) return this.#evict();
    entry.controller.abort();
    this.#drop(entry);
  }

  #drop(entry: Entry): void {
    const { key } = entry.content;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  /** What nobody asked for takes no place as long as it is only being looked at. */
  #bytes(entries: readonly Entry[]): number {
    const counted = entries.filter(({ idle, leases }) => !idle || leases === 0);
    return counted.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The window used last always stays, whatever the limit. */
  #evict(): void {
    const entries = [...this.#entries.values()];
    let bytes = this.#bytes(entries);
    const forgotten: string[] = [];
    for (const entry of entries.slice(0, -1)) {
      if (bytes <= this.#limit) break;
      if (entry.leases > 0 || !entry.ready) continue;
      bytes -= entry.bytes;
      this.#entries.delete(entry.content.key);
      forgotten.push(entry.name);
    }
    if (forgotten.length === 0) return;
    // A window that could not be forgotten is gone with its engine.
    this.#engine.forget(forgotten).catch(() => undefined);
    this.onChange();
  }
}
