/**
 * What the panel looks at: one window of one version of one document, named by
 * a generation. Edits make it stale; a new generation begins when the server
 * has analysed the new text, so that the page can keep its picture until then.
 */
import type { Position, ServerRequests, Status, Where } from '../../server/protocol';
import type { PanelDocument, PanelState } from '../../webview/protocol';
import type { AttentionServer, Method } from '../connection/attentionServer';
import { toFailure, type ServerFailure } from '../connection/failure';
import { retryStale } from '../retry';
import type { Translate } from '../translate';
import { Analysis } from './analysis';
import type { EditorView, PanelEditors, Quiet } from './editors';
import { pageFailure, stale } from './pageFailure';

/** Typing must have paused before the new text is analysed. */
export const EDIT_QUIET_MS = 400;

/** What the server is asked about a place in a document. */
export type DataMethod = {
  [M in Method]: ServerRequests[M]['params'] extends Where ? M : never;
}[Method];
/** The server's parameters without the place, which the gaze knows. */
export type Rest<M extends DataMethod> = Omit<ServerRequests[M]['params'], keyof Where>;

export type DataResult<M extends DataMethod> = ServerRequests[M]['result'];

export interface GazeParts {
  server: AttentionServer;
  editors: Pick<PanelEditors, 'open'>;
  translate: Translate;
  quiet: Quiet;
  /** Something of the state changed. */
  changed: () => void;
}

export class Gaze {
  readonly #parts: GazeParts;
  readonly #analysis: Analysis;
  #document: PanelDocument | null = null;
  #anchor: Position = { line: 0, character: 0 };
  #generation = 0;
  #stale = false;
  #problem: PanelState['problem'] = null;
  /** Aborted when a new generation begins. */
  #work = new AbortController();
  #watched = false;
  /** The newest text has not been analysed for the panel. */
  #pending = false;
  #modelHash: string | undefined;
  #engineWasReady = false;

  constructor(parts: GazeParts) {
    this.#parts = parts;
    this.#analysis = new Analysis(parts.changed);
  }

  get document(): PanelDocument | null {
    return this.#document;
  }

  /** A place in the window that is looked at. */
  get anchor(): Position {
    return this.#anchor;
  }

  get generation(): number {
    return this.#generation;
  }

  get stale(): boolean {
    return this.#stale;
  }

  state(): Omit<PanelState, 'status' | 'selection' | 'locked' | 'chapter'> {
    const failed = this.#parts.server.status?.state === 'failed';
    return {
      generation: this.#generation,
      document: this.#document,
      stale: this.#stale,
      progress: this.#analysis.progress,
      problem: failed ? this.#failedProblem() : this.#problem,
    };
  }

  /** Turns to the window at `anchor` of a document; nothing of the one before is of use. */
  look(view: Omit<EditorView, 'cursor'>, anchor: Position): void {
    const { uri, name, version } = view;
    this.#document = { uri, name, version };
    this.#anchor = anchor;
    this.#begin();
    void this.#analyse();
  }

  /** Whether a page is there to see it; nothing is computed for one that is not. */
  watch(watched: boolean): void {
    this.#watched = watched;
    if (!watched) {
      this.#parts.quiet.cancel();
      this.#analysis.abort();
    } else if (this.#pending) void this.#analyse();
  }

  /** The document has a new version. */
  edited(uri: string, version: number): void {
    if (this.#document?.uri !== uri || this.#document.version === version) return;
    this.#document = { ...this.#document, version };
    this.#stale = true;
    this.#pending = true;
    this.#analysis.abort();
    this.#parts.changed();
    if (!this.#watched) return;
    this.#parts.quiet.run(() => void this.#analyse(), EDIT_QUIET_MS);
  }

  /** A document that cannot be opened again was closed. */
  lost(uri: string): void {
    if (this.#document?.uri !== uri) return;
    const sentence = this.#parts.translate(
      '“{0}” was closed. Open another document to see its attention.',
      this.#document.name,
    );
    this.#document = null;
    this.#begin();
    this.#problem = { message: sentence };
    this.#parts.changed();
  }

  /** Another model, or an engine that came back, means to ask for everything again. */
  statusChanged(status: Status | null): void {
    const ready = status?.state === 'ready';
    const hash = ready ? status.model?.hash : this.#modelHash;
    const otherModel = this.#modelHash !== undefined && hash !== this.#modelHash;
    const cameBack = ready && !this.#engineWasReady && !this.#analysis.running;
    this.#modelHash = hash;
    this.#engineWasReady = ready;
    if (this.#document && (otherModel || cameBack)) {
      this.#begin();
      void this.#analyse();
    } else this.#parts.changed();
  }

  /** Gives up what is computed for the panel. */
  cancel(): void {
    if (!this.#analysis.running) return;
    this.#analysis.abort();
    this.#work.abort();
    this.#work = new AbortController();
    this.#problem = {
      message: this.#parts.translate('The analysis was cancelled. An edit starts it again.'),
    };
    this.#parts.changed();
  }

  /** Lets go of everything that runs. */
  stop(): void {
    this.#parts.quiet.cancel();
    this.#work.abort();
    this.#analysis.abort();
  }

  /**
   * Asks the server about what is looked at in `generation`. Rejects with a
   * `ChannelError` whose reason is `stale` when the text is not that one any more.
   */
  async ask<M extends DataMethod>(
    method: M,
    rest: Rest<M>,
    generation: number,
    signal: AbortSignal,
  ): Promise<ServerRequests[M]['result']> {
    const document = this.#current(generation);
    await this.#keepOpen(document);
    const either = AbortSignal.any([signal, this.#work.signal]);
    const wanted = (): boolean => !this.#stale && generation === this.#generation;
    try {
      const answer = await retryStale(() => this.request(method, rest, { signal: either }), wanted);
      if (!wanted() || ('version' in answer && answer.version !== document.version)) throw stale();
      return answer;
    } catch (error) {
      throw wanted() ? pageFailure(error) : stale();
    }
  }

  /** Asks about the document at a place, whatever generation it is. */
  request<M extends DataMethod>(
    method: M,
    rest: Rest<M>,
    {
      position = this.#anchor,
      signal,
      onProgress,
    }: {
      position?: Position;
      signal?: AbortSignal;
      onProgress?: (share: number) => void;
    },
  ): Promise<ServerRequests[M]['result']> {
    if (!this.#document) throw stale();
    const where: Where = { textDocument: { uri: this.#document.uri }, position };
    return this.#parts.server.request<M>(method, { ...rest, ...where }, { signal, onProgress });
  }

  #begin(): void {
    this.#parts.quiet.cancel();
    this.#work.abort();
    this.#work = new AbortController();
    this.#analysis.abort();
    this.#generation++;
    this.#stale = false;
    this.#problem = null;
    this.#parts.changed();
  }

  /**
   * Waits for the analysis by asking for the smallest thing that needs it. The
   * first one belongs to the generation already begun; after an edit its end
   * begins the next.
   */
  async #analyse(): Promise<void> {
    const document = this.#document;
    this.#pending = true;
    if (!document || !this.#watched) return;
    try {
      const answer = await this.#analysis.run(async ({ signal, onProgress, wanted }) => {
        await this.#keepOpen(document);
        const ask = (): Promise<{ version: number }> =>
          this.request('attentionLens/row', { token: 0 }, { signal, onProgress });
        return retryStale(ask, wanted);
      });
      if (!answer) return;
      this.#arrive(answer.version);
    } catch (error) {
      this.#fail(toFailure(error));
    }
    this.#parts.changed();
  }

  #arrive(version: number): void {
    this.#problem = null;
    this.#pending = false;
    if (!this.#stale || !this.#document) return;
    this.#document = { ...this.#document, version };
    this.#work.abort();
    this.#work = new AbortController();
    this.#generation++;
    this.#stale = false;
  }

  #fail(failure: ServerFailure): void {
    if (failure.reason === 'cancelled' || failure.reason === 'stale') return;
    this.#problem = {
      message: failure.message,
      ...(failure.reason === 'engineDown' && { action: 'restart' }),
    };
  }

  #failedProblem(): PanelState['problem'] {
    const message = this.#parts.server.status?.message;
    return {
      message:
        message ?? this.#parts.translate('The engine stopped. Restart it, or look into the log.'),
      action: 'restart',
    };
  }

  #current(generation: number): PanelDocument {
    if (!this.#document || this.#stale || generation !== this.#generation) throw stale();
    return this.#document;
  }

  /** VS Code closes documents that no editor shows; the panel's may be opened again without one. */
  async #keepOpen(document: PanelDocument): Promise<void> {
    const open = await this.#parts.editors.open(document.uri);
    if (this.#document?.uri !== document.uri) throw stale();
    if (!open) {
      this.lost(document.uri);
      throw stale();
    }
    if (open.version !== this.#document.version) {
      this.edited(document.uri, open.version);
      throw stale();
    }
  }
}
