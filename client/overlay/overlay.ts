/** The overlay in the editor: follows the cursor, or stays on a pinned token. */
import * as vscode from 'vscode';
import type { Position } from '../../server/protocol';
import { forLog, toFailure } from '../connection/failure';
import type { LanguageServer } from '../connection/languageServer';
import { Debounce } from '../debounce';
import { isAnalysable } from '../documents';
import type { Target } from '../hover/links';
import { sameSelection } from '../selection/saved';
import { SECTION } from '../settings';
import { shade, type OverlayRow } from './buckets';
import { OverlayDecorations, type Direction } from './decorations';
import { OverlayLens, type OverlayQuery } from './lens';
import { withMargin } from './visible';

/** Short enough to feel attached to the cursor, long enough to skip over what it passes. */
const CURSOR_QUIET_MS = 60;
/** Typing must have paused before the text is analysed again. */
const EDIT_QUIET_MS = 350;
const ENABLED_KEY = 'attentionLens.overlay';

interface Drawn {
  editor: vscode.TextEditor;
  row: OverlayRow;
}

export class Overlay implements vscode.Disposable {
  readonly #server: LanguageServer;
  readonly #storage: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  readonly #lens: OverlayLens;
  readonly #decorations = new OverlayDecorations();
  readonly #debounce = new Debounce();
  readonly #disposables: vscode.Disposable[] = [];
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #drew = new vscode.EventEmitter<void>();
  #running: AbortController | undefined;
  #drawn: Drawn | undefined;
  #pinned: Target | null = null;
  #shownSelection = '';

  /** Fires when the overlay was switched, turned round, pinned or unpinned. */
  readonly onDidChange = this.#changed.event;
  /** Fires when another row is shown, or none any more. */
  readonly onDidDraw = this.#drew.event;

  constructor(server: LanguageServer, storage: vscode.Memento, log: vscode.LogOutputChannel) {
    this.#server = server;
    this.#storage = storage;
    this.#log = log;
    this.#lens = new OverlayLens(server);
    this.#disposables.push(
      vscode.window.onDidChangeTextEditorSelection(() => this.#schedule(CURSOR_QUIET_MS)),
      vscode.window.onDidChangeActiveTextEditor(() => this.#schedule(CURSOR_QUIET_MS)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#schedule(CURSOR_QUIET_MS)),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) =>
        this.#redraw(textEditor),
      ),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#edited(document);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(`${SECTION}.overlay`)) return;
        this.#changed.fire();
        this.#schedule(0);
      }),
      { dispose: server.onStatus(() => this.#serverChanged()) },
      this.#decorations,
      this.#changed,
      this.#drew,
    );
    void this.#setContext();
    if (this.enabled) this.#schedule(CURSOR_QUIET_MS);
  }

  get enabled(): boolean {
    return this.#storage.get(ENABLED_KEY) === true;
  }

  get pinned(): Target | null {
    return this.#pinned;
  }

  /** The row that is shown. */
  get drawn(): OverlayRow | undefined {
    return this.#drawn?.row;
  }

  get direction(): Direction {
    return vscode.workspace.getConfiguration(SECTION).get<Direction>('overlay.direction', 'reads');
  }

  async toggle(): Promise<void> {
    await this.#storage.update(ENABLED_KEY, !this.enabled);
    await this.#changedByPerson();
  }

  async toggleDirection(): Promise<void> {
    await vscode.workspace
      .getConfiguration(SECTION)
      .update(
        'overlay.direction',
        this.direction === 'reads' ? 'readBy' : 'reads',
        vscode.ConfigurationTarget.Global,
      );
  }

  /** Keeps the row of one token shown, and the overlay on for it; null follows the cursor again. */
  async pin(target: Target | null): Promise<void> {
    this.#pinned = target;
    if (target && !this.enabled) await this.#storage.update(ENABLED_KEY, true);
    await this.#changedByPerson();
  }

  dispose(): void {
    this.#debounce.cancel();
    this.#running?.abort();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #changedByPerson(): Promise<void> {
    await this.#setContext();
    this.#changed.fire();
    this.#schedule(0);
  }

  async #setContext(): Promise<void> {
    const set = (key: string, value: boolean): Thenable<unknown> =>
      vscode.commands.executeCommand('setContext', key, value);
    await set('attentionLens.overlayOn', this.enabled);
    await set('attentionLens.pinned', this.#pinned !== null);
  }

  #edited(document: vscode.TextDocument): void {
    if (!this.enabled || !isAnalysable(document)) return;
    if (this.#drawn?.editor.document !== document && !this.#isActive(document)) return;
    this.#clear();
    this.#schedule(EDIT_QUIET_MS);
  }

  #isActive(document: vscode.TextDocument): boolean {
    return vscode.window.activeTextEditor?.document === document;
  }

  #serverChanged(): void {
    const status = this.#server.status;
    if (!this.enabled || !status) return;
    const shown = JSON.stringify([status.selection, status.state, status.model?.hash]);
    if (shown === this.#shownSelection) return;
    this.#shownSelection = shown;
    if (status.state === 'ready') this.#schedule(0);
    else this.#clear();
  }

  #schedule(quietMs: number): void {
    if (!this.enabled) {
      this.#clear();
      return;
    }
    this.#debounce.run(() => void this.#refresh(), quietMs);
  }

  async #refresh(): Promise<void> {
    this.#running?.abort();
    if (!this.enabled) return this.#clear();
    const editor = this.#editor();
    if (!editor || !isAnalysable(editor.document)) return this.#clear();
    const running = new AbortController();
    this.#running = running;
    const { document } = editor;
    const version = document.version;
    const direction = this.direction;
    const selection = this.#server.status?.selection;
    try {
      const row = await this.#lens.row(
        document.uri.toString(),
        this.#query(editor),
        direction,
        running.signal,
      );
      if (running.signal.aborted || document.version !== version) return;
      if (!row) return this.#clear();
      this.#draw(editor, row);
      this.#repeatIfChosenOtherwise(selection);
    } catch (error) {
      if (running.signal.aborted) return;
      this.#clear();
      const failure = toFailure(error);
      if (failure.reason !== 'cancelled' && failure.reason !== 'stale')
        this.#log.warn(`Overlay: ${forLog(failure)}`);
    }
  }

  /** The first row may have started the server, and what is shown was known only then. */
  #repeatIfChosenOtherwise(
    asked: NonNullable<LanguageServer['status']>['selection'] | undefined,
  ): void {
    const now = this.#server.status?.selection;
    if (now && (!asked || !sameSelection(asked, now))) this.#schedule(0);
  }

  /**
   * Where a pinned token can be seen; else the active editor; while a panel
   * has the focus, the one that is drawn in, or else one that can be seen.
   */
  #editor(): vscode.TextEditor | undefined {
    const { activeTextEditor: active, visibleTextEditors: visible } = vscode.window;
    const pinned = this.#pinned?.uri;
    const here = (editor: vscode.TextEditor): boolean =>
      pinned !== undefined && editor.document.uri.toString() === pinned;
    if (active && here(active)) return active;
    const pinnedEditor = visible.find(here);
    if (pinnedEditor) return pinnedEditor;
    if (active && isAnalysable(active.document)) return active;
    const last = this.#drawn?.editor;
    if (last && visible.includes(last)) return last;
    return visible.find(({ document }) => isAnalysable(document));
  }

  /** A pinned token stays, wherever the cursor goes; else what is selected, else the cursor. */
  #query({ document, selection }: vscode.TextEditor): OverlayQuery {
    const pinned = this.#pinned;
    if (pinned && pinned.uri === document.uri.toString())
      return { position: pinned.position, selected: null };
    const { start, end, active } = selection;
    if (selection.isEmpty) return { position: plain(active), selected: null };
    const middle = Math.floor((document.offsetAt(start) + document.offsetAt(end)) / 2);
    return {
      position: plain(active),
      selected: {
        range: { start: plain(start), end: plain(end) },
        middle: plain(document.positionAt(middle)),
      },
    };
  }

  #draw(editor: vscode.TextEditor, row: OverlayRow): void {
    if (this.#drawn && this.#drawn.editor !== editor) this.#clear();
    const fresh = this.#drawn?.row !== row;
    this.#drawn = { editor, row };
    const visible = withMargin(editor.visibleRanges, editor.document.lineCount);
    this.#decorations.draw(editor, this.direction, shade(row, visible));
    if (fresh) this.#drew.fire();
  }

  #redraw(editor: vscode.TextEditor): void {
    if (this.#drawn?.editor === editor) this.#draw(editor, this.#drawn.row);
  }

  #clear(): void {
    if (!this.#drawn) return;
    this.#decorations.clear(this.#drawn.editor);
    this.#drawn = undefined;
    this.#drew.fire();
  }
}

function plain({ line, character }: vscode.Position): Position {
  return { line, character };
}
