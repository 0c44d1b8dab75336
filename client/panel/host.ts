/**
 * The panel's host: answers the page, follows the editor, and tells the page
 * where the cursor stands. Knows neither VS Code nor the page's DOM.
 */
import { ChannelError } from '../../channel/channel';
import type { Position, Selection, Status } from '../../server/protocol';
import { PANEL_VIEWS } from '../../webview/protocol';
import type {
  ExportFile,
  ExportKind,
  HostSide,
  PanelDocument,
  PanelPlace,
  PanelState,
  PanelText,
  PanelView,
} from '../../webview/protocol';
import { Comparing } from '../compare/comparing';
import type { OtherTexts } from '../compare/otherTexts';
import type { AttentionServer } from '../connection/attentionServer';
import { toFailure } from '../connection/failure';
import { contains } from '../overlay/visible';
import { answerPairing } from '../texts/pairing';
import type { Translate } from '../translate';
import { saveWindow, type BundleSaver } from '../bundle/source';
import { rowAsMarkdown, type AskRow } from '../export/rowAsMarkdown';
import { panelTokens } from './answers';
import { answerData } from './data';
import type { EditorView, PanelEditors, Quiet } from './editors';
import { Gaze } from './gaze';
import { Marks, type CursorPlace } from './marks';
import { pageFailure, stale } from './pageFailure';
import type { PageChannel } from './pages';
import { parseSaved } from './saved';
import { ShownSelection } from './shownSelection';
import { positionInWindow, windowAt } from './windows';

/** The cursor must rest in another window before the panel goes there. */
const WINDOW_QUIET_MS = 250;

type Choice = HostSide['methods']['choose']['params'];

export interface PanelHostParts {
  server: AttentionServer;
  editors: PanelEditors;
  /** What can be compared with. */
  others: OtherTexts;
  translate: Translate;
  /** English text → the person's language, for the page. */
  strings: { [key: string]: string };
  /** What is shown until the server says so. */
  selection: () => Selection;
  /** Asks the person where to; false: they gave up. */
  saveFile: (file: ExportFile) => Promise<boolean>;
  /** Has what is looked at put into a bundle; false: they gave up. */
  saveBundle: BundleSaver;
  /** Has the person choose one of several; null: they gave up. */
  choose: (choice: Choice) => Promise<number | null>;
  /** Opens the list of models. */
  chooseModel: () => void;
  /** Has the person choose the text that a document was made from. */
  chooseSource: (uri: string | undefined) => void;
  /** Takes a text into the clipboard. */
  copy: (text: string) => Promise<void>;
  /** Hears whose attention is shown (null: of no document), and whether it stays so. */
  named: (name: string | null, locked: boolean) => void;
  /** Makes a timer; each burst that is waited out has its own. */
  quiet: () => Quiet;
}

/** A place in a document that the person keeps an eye on. */
export interface Pin {
  uri: string;
  position: Position;
}

export class PanelHost {
  readonly #parts: PanelHostParts;
  readonly #gaze: Gaze;
  readonly #shown: ShownSelection;
  readonly #marks: Marks;
  readonly #comparing: Comparing;
  readonly #windowQuiet: Quiet;
  readonly #answerQuiet: Quiet;
  readonly #stopListening: () => void;
  #channel: PageChannel | undefined;
  /** The page's `hello` was answered. */
  #greeted = false;
  #wanted: PanelPlace | undefined;
  #wantedExport: ExportKind | 'bundle' | undefined;
  #view: PanelView | null = null;

  constructor(parts: PanelHostParts) {
    this.#parts = parts;
    this.#shown = new ShownSelection(parts.server, parts.selection);
    this.#windowQuiet = parts.quiet();
    this.#answerQuiet = parts.quiet();
    this.#gaze = new Gaze({ ...parts, quiet: parts.quiet(), changed: () => this.#announce() });
    this.#comparing = new Comparing({ ...parts, quiet: parts.quiet() }, this.#gaze);
    this.#marks = new Marks(this.#gaze, () => this.#channel);
    this.#stopListening = parts.server.onStatus((status) => this.#statusChanged(status));
  }

  /** What the page is told; complete, so that one lost message does no harm. */
  get state(): PanelState {
    const { status } = this.#parts.server;
    return {
      ...this.#gaze.state(),
      status,
      selection: this.#shown.current,
      locked: this.locked,
      chapter: status?.chapter ?? null,
    };
  }

  /** Whether the panel stays with its document and keeps a selection of its own. */
  get locked(): boolean {
    return this.#shown.locked;
  }

  get document(): PanelDocument | null {
    return this.#gaze.document;
  }

  /** Locks the panel to its document, with `selection` or what it shows, or has it follow the editor. */
  lock(locked: boolean, selection?: Selection): void {
    if (!locked) this.#shown.unlock();
    else if (this.#gaze.document) this.#shown.lock(selection);
    if (!locked) this.follow(this.#parts.editors.current());
    this.#announce();
  }

  /** Chooses layer, head and reading: the panel's own while it is locked, else the editor's. */
  async select(selection: Selection): Promise<void> {
    await this.#shown.select(selection, this.#gaze.document?.uri);
    if (this.locked) this.#announce();
  }

  /** Serves a page that has just been loaded; the one before is gone. */
  serve(channel: PageChannel): void {
    this.#channel?.close();
    this.#channel = channel;
    this.#greeted = false;
    const gaze = this.#gaze;
    const { server } = this.#parts;
    gaze.watch(true);
    channel.handle('hello', ({ saved }) => this.#hello(saved, channel));
    channel.handle('tokens', async ({ generation }, signal) => {
      const answer = await gaze.ask('attentionLens/tokens', {}, generation, signal);
      const uri = gaze.document?.uri ?? '';
      const tokens = panelTokens(generation, answer, (range) =>
        this.#parts.editors.textAt(uri, answer.version, range),
      );
      this.#marks.tokens = tokens;
      this.#marks.tellCursor();
      this.#marks.tellPins();
      return tokens;
    });
    channel.handle('text', ({ generation }) => this.#text(generation));
    answerData(channel, gaze);
    this.#comparing.serve(channel);
    answerPairing(channel, gaze, this.#parts);
    this.#answerControls(channel);
    channel.handle('showWindow', ({ index }, signal) => this.#showWindow(index, signal));
    channel.handle('highlight', (tokens) => this.#highlight(tokens));
    channel.handle('reveal', async ({ query, key }) => {
      if (gaze.document) await this.#parts.editors.reveal(gaze.document.uri, query, key);
    });
    channel.handle('errata', () => this.#orExplain(server.request('attentionLens/errata', {})));
    channel.handle('saveFile', (file) => this.#save(file));
    channel.handle('saveBundle', (what, signal) =>
      this.#orExplain(saveWindow(gaze, this.#parts, this.state, what, signal)),
    );
    channel.handle('choose', async (choice) => ({ index: await this.#parts.choose(choice) }));
    channel.handle('copyRow', (params, signal) => this.#copyRow(params, signal));
    channel.handle('viewShown', ({ view }) => {
      this.#view = PANEL_VIEWS.find((each) => each === view) ?? null;
    });
    channel.handle('cancel', () => gaze.cancel());
    channel.handle('chooseModel', () => this.#parts.chooseModel());
    channel.handle('restartEngine', () => this.#orExplain(server.restart()));
  }

  /** The view that the page shows, as far as it is known. */
  get view(): PanelView | null {
    return this.#view;
  }

  /** Shows a view; a page that is not there yet learns of it once it has introduced itself. */
  turnTo(place: PanelPlace): void {
    if (this.#greeted) this.#channel?.send('show', place);
    else this.#wanted = place;
  }

  /** Has what the page shows exported, or put into a bundle, as soon as it shows anything. */
  exportAs(kind: ExportKind | 'bundle'): void {
    if (this.#greeted) this.#channel?.send('export', { kind });
    else this.#wantedExport = kind;
  }

  /** The page is hidden or gone: nothing is computed for it any more. */
  leave(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#greeted = false;
    this.#gaze.watch(false);
    this.#comparing.stop();
    this.#highlight(null);
  }

  /** Looks at a place because the person asked for it. */
  lookAt(view: EditorView): void {
    this.#marks.cursor = view;
    this.#marks.tokens = null;
    this.#gaze.look(view, view.cursor);
  }

  /** Another editor became active; null (no document in it) keeps the last one, as a lock does. */
  follow(view: EditorView | null): void {
    if (view && view.uri === this.#gaze.document?.uri) this.cursorMoved(view);
    else if (view && !this.locked) this.lookAt(view);
  }

  cursorMoved(moved: CursorPlace): void {
    this.#marks.cursor = moved;
    if (moved.uri !== this.#gaze.document?.uri) return;
    const window = this.#marks.tokens?.window;
    if (window && window.count !== 1 && !contains(window.range, moved.cursor))
      this.#windowQuiet.run(() => {
        // Whatever keeps it from going there, the panel shows by itself.
        this.#goToCursor().catch(() => undefined);
      }, WINDOW_QUIET_MS);
    else this.#marks.tellCursor();
  }

  /** Which places are pinned in the editor, in whatever document. */
  pin(places: readonly Pin[]): void {
    this.#marks.pins = places;
    this.#marks.tellPins();
  }

  edited(uri: string, version: number): void {
    if (uri === this.#gaze.document?.uri) this.#highlight(null);
    this.#comparing.edited(uri);
    this.#gaze.edited(uri, version);
  }

  /** Other texts than the one shown are open now, or read differently. */
  othersChanged(): void {
    this.#comparing.changed();
  }

  /** `again`: whether the document can be opened again without an editor. */
  closed(uri: string, again: boolean): void {
    if (!again) this.#gaze.lost(uri);
  }

  dispose(): void {
    this.leave();
    this.#stopListening();
    this.#windowQuiet.cancel();
    this.#answerQuiet.cancel();
    this.#gaze.stop();
  }

  async #hello(
    saved: unknown,
    channel: PageChannel,
  ): Promise<HostSide['methods']['hello']['result']> {
    if (!this.#gaze.document) await this.#restore(saved);
    // The answer goes out first.
    this.#answerQuiet.run(() => this.#greet(channel), 0);
    return { state: this.state, strings: this.#parts.strings };
  }

  #greet(channel: PageChannel): void {
    if (channel !== this.#channel) return;
    this.#greeted = true;
    const place = this.#wanted;
    this.#wanted = undefined;
    if (place) channel.send('show', place);
    const kind = this.#wantedExport;
    this.#wantedExport = undefined;
    if (kind) channel.send('export', { kind });
  }

  /** What the page changes holds for hover and overlay too, unless it is locked; it comes back as a state. */
  #answerControls(channel: PageChannel): void {
    const { server } = this.#parts;
    channel.handle('setLocked', ({ locked }) => this.lock(locked));
    channel.handle('setSelection', (selection) => this.#orExplain(this.select(selection)));
    // Alone, so that the server keeps of the selection what still fits.
    channel.handle('setChapter', async (chapter) => {
      await this.#orExplain(server.request('attentionLens/setSelection', { chapter }));
    });
    channel.handle('selectModel', async (params) => {
      await this.#orExplain(server.request('attentionLens/selectModel', params));
    });
  }

  /** As the tokens' ranges mean it: of their version and no other. */
  #text(generation: number): PanelText {
    const uri = this.#gaze.document?.uri;
    const tokens = this.#marks.tokens;
    if (uri === undefined || tokens?.generation !== generation) throw stale();
    const text = this.#parts.editors.textAt(uri, tokens.version, tokens.window.range);
    if (text === null) throw stale();
    return { generation, text };
  }

  async #copyRow(
    { generation, selection, token }: HostSide['methods']['copyRow']['params'],
    signal: AbortSignal,
  ): Promise<void> {
    const ask: AskRow = (what) =>
      this.#gaze.ask('attentionLens/row', { ...selection, ...what }, generation, signal);
    const answer = await this.#gaze.ask('attentionLens/tokens', {}, generation, signal);
    const text = await rowAsMarkdown(answer, selection, token, ask, this.#parts.translate);
    await this.#parts.copy(text);
  }

  async #save(file: ExportFile): Promise<{ saved: boolean }> {
    try {
      return { saved: await this.#parts.saveFile(file) };
    } catch (error) {
      throw new ChannelError(
        'notSaved',
        this.#parts.translate('The file could not be saved: {0}', toFailure(error).message),
      );
    }
  }

  /** The document in the editor; after a reload of the window rather the one that was shown. */
  async #restore(raw: unknown): Promise<void> {
    const { document, window, own } = parseSaved(raw);
    const { editors } = this.#parts;
    const current = editors.current();
    const open = document && document !== current?.uri ? await editors.open(document) : null;
    if (document && open)
      this.lookAt({ ...open, uri: document, cursor: { line: 0, character: 0 } });
    else if (current) this.lookAt(current);
    if (own && document !== null && this.#gaze.document?.uri === document) this.#shown.lock(own);
    if (window !== null && window > 0 && document && this.#gaze.document?.uri === document)
      this.#showWindow(window, new AbortController().signal).catch(() => undefined);
  }

  #statusChanged(status: Status | null): void {
    this.#gaze.statusChanged(status);
  }

  #announce(): void {
    this.#marks.forgetOld();
    const { document } = this.#gaze;
    // One whose document is gone has nothing to stay with.
    if (!document) this.#shown.unlock();
    this.#parts.named(document?.name ?? null, this.locked);
    this.#channel?.send('state', this.state);
  }

  /** Text behind the last token is in no window's range, but belongs to one: ask which. */
  async #goToCursor(): Promise<void> {
    const { document, generation } = this.#gaze;
    const cursor = this.#marks.cursor;
    if (!document || cursor?.uri !== document.uri) return;
    const { index } = await windowAt(this.#gaze, cursor.cursor);
    if (this.#gaze.generation !== generation || this.#marks.cursor !== cursor) return;
    if (index === this.#marks.tokens?.window.index) this.#marks.tellCursor();
    else this.#gaze.look(document, cursor.cursor);
  }

  async #showWindow(index: number, signal: AbortSignal): Promise<void> {
    const document = this.#gaze.document;
    if (!document) return;
    const count = this.#marks.tokens?.window.count;
    const guess = this.#parts.editors.positionAt(document.uri, count ? (index + 0.5) / count : 0);
    const position = await this.#orExplain(
      positionInWindow(index, guess, (at) => windowAt(this.#gaze, at, signal)),
    );
    if (!position)
      throw new ChannelError(
        'invalidParams',
        this.#parts.translate('There is no window {0} in this document.', index),
      );
    if (this.#gaze.document?.uri === document.uri) this.#gaze.look(this.#gaze.document, position);
  }

  #highlight(tokens: HostSide['methods']['highlight']['params']): void {
    const document = this.#gaze.document;
    if (document && !(tokens && this.#gaze.stale))
      this.#parts.editors.highlight(document.uri, tokens?.query ?? null, tokens?.key ?? null);
  }

  async #orExplain<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw pageFailure(error);
    }
  }
}
