/** The heatmap panels: webviews beside the editor, restored after a reload. */
import * as vscode from 'vscode';
import type { Selection } from '../../server/protocol';
import { columnBeside, textEditor } from '../activeText';
import type { CompareSource } from '../../webview/compare/sources';
import type { ExportKind, PanelPlace, PanelView } from '../../webview/protocol';
import { CodeTexts } from '../compare/codeTexts';
import { SavedVersions } from '../compare/savedVersions';
import type { LanguageServer } from '../connection/languageServer';
import { Debounce } from '../debounce';
import type { Target } from '../hover/links';
import { canReopen, CodeEditors, isOpen, toView } from './codeEditors';
import { PanelHost, type Pin } from './host';
import { connectPages } from './pages';
import { copyText } from '../export/copyText';
import { chooseOne } from '../export/chooseOne';
import { saveFile } from '../export/saveFile';
import { saveBundle } from '../bundle/save';
import { pageHtml, pageIcon, pageOptions } from './page';

export const PANEL_TYPE = 'attentionLens.panel';

/** Who knows what is pinned in the editor. */
export interface Pins {
  readonly pinned: Pin | null;
  readonly onDidChange: vscode.Event<void>;
}

interface Open {
  view: vscode.WebviewPanel;
  host: PanelHost;
}

/** A selection that somebody may choose anew. */
export interface OwnSelection {
  selection: Selection;
  select: (selection: Selection) => Promise<void>;
}

/**
 * All panels. One that is not locked follows the editor; a command that opens the heatmap uses it,
 * and makes one where all are locked to their documents.
 */
export class HeatmapPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #server: LanguageServer;
  readonly #selection: () => Selection;
  readonly #pins: Pins;
  readonly #saved = new SavedVersions();
  readonly #others = new CodeTexts(this.#saved);
  /** The one the person was in last comes first. */
  #open: readonly Open[] = [];

  constructor(
    extension: vscode.Uri,
    server: LanguageServer,
    selection: () => Selection,
    pins: Pins,
  ) {
    this.#extension = extension;
    this.#server = server;
    this.#selection = selection;
    this.#pins = pins;
  }

  /** Opens a panel, or brings the one that follows to the front; at a place when the person named one. */
  async show(target?: Target): Promise<void> {
    await this.#following(target);
  }

  /** Opens one more panel, beside the others: locked to the document that the person is in. */
  async openAnother(): Promise<void> {
    const from = this.#active();
    const document = from?.host.document;
    const looked = document
      ? await viewOf({ uri: document.uri, position: { line: 0, character: 0 } })
      : toView(textEditor());
    const column = this.#open[0]?.view.viewColumn;
    const { host } = this.#attach(this.#create(column === undefined ? columnBeside() : column + 1));
    if (!looked) return;
    host.lookAt(looked);
    host.lock(true, from?.host.state.selection);
    if (from?.host.view) host.turnTo({ view: from.host.view });
  }

  /** Locks the panel the person is in to its document, or has it follow the editor again. */
  toggleLock(): void {
    const host = this.#open[0]?.host;
    host?.lock(!host.locked);
  }

  /** Opens the panel where the weight of a token and what it reads most is computed step by step. */
  async explain(target?: Target): Promise<void> {
    const { host } = await this.#here(target);
    host.turnTo({ view: 'explain' });
  }

  /** The view that the panel the person was in last shows. */
  get view(): PanelView | null {
    return this.#open[0]?.host.view ?? null;
  }

  /** What a locked panel shows that the person is in; null elsewhere, where the editor's selection counts. */
  get own(): OwnSelection | null {
    const host = this.#active()?.host;
    if (!host?.locked) return null;
    return { selection: host.state.selection, select: (selection) => host.select(selection) };
  }

  /** Has the panel that follows the editor show a view of a place. */
  async showView(target: Target, place: PanelPlace): Promise<void> {
    const { host } = await this.#following(target);
    host.turnTo(place);
  }

  /** Has the view exported that the person was in last; opens a panel first where there is none. */
  async exportAs(kind: ExportKind | 'bundle'): Promise<void> {
    const { host } = this.#open[0] ?? (await this.#following());
    host.exportAs(kind);
  }

  /** Opens the panel where the chapter's errors stand. */
  async showErrata(): Promise<void> {
    const { host } = await this.#here();
    host.turnTo({ view: 'chapter', page: 'errata' });
  }

  /** Opens the panel where a document is compared with something else. */
  async compare(document: vscode.TextDocument, source: CompareSource): Promise<void> {
    const { active } = textEditor()?.selection ?? { active: new vscode.Position(0, 0) };
    const position = { line: active.line, character: active.character };
    await this.showView(
      { uri: document.uri.toString(), position },
      { view: 'compare', compareWith: source },
    );
  }

  /** What can be compared with. */
  get texts(): CodeTexts {
    return this.#others;
  }

  /** Opens the panel where heads are found by what they do. */
  async findHeads(): Promise<void> {
    const { host } = await this.#here();
    host.turnTo({ view: 'overview', findHeads: true });
  }

  /** VS Code gives back a panel of the window before; its options are of that version's. */
  deserializeWebviewPanel(view: vscode.WebviewPanel): Promise<void> {
    view.webview.options = pageOptions(this.#extension);
    this.#attach(view);
    return Promise.resolve();
  }

  dispose(): void {
    for (const { view } of this.#open) view.dispose();
    this.#saved.dispose();
  }

  /** The panel that the person is in at this moment. */
  #active(): Open | undefined {
    return this.#open.find(({ view }) => view.active);
  }

  /** The panel that the person is in; else, or when they named a place, the one that follows. */
  async #here(target?: Target): Promise<Open> {
    return (target ? undefined : this.#active()) ?? this.#following(target);
  }

  async #following(target?: Target): Promise<Open> {
    const looked = target ? await viewOf(target) : toView(vscode.window.activeTextEditor);
    const existing = this.#open.find(({ host }) => !host.locked);
    const open = existing ?? this.#attach(this.#create(columnBeside()));
    if (looked && (existing || target)) open.host.lookAt(looked);
    existing?.view.reveal(undefined, true);
    return open;
  }

  #create(viewColumn: vscode.ViewColumn): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(
      PANEL_TYPE,
      vscode.l10n.t('Attention'),
      { viewColumn, preserveFocus: true },
      pageOptions(this.#extension),
    );
  }

  #attach(view: vscode.WebviewPanel): Open {
    const editors = new CodeEditors();
    const host = new PanelHost({
      server: this.#server,
      editors,
      others: this.#others,
      translate: vscode.l10n.t,
      strings: vscode.l10n.bundle ?? {},
      selection: this.#selection,
      saveFile,
      saveBundle,
      choose: chooseOne,
      copy: copyText,
      chooseModel: () => void vscode.commands.executeCommand('attentionLens.chooseModel'),
      chooseSource: (uri) =>
        void vscode.commands.executeCommand('attentionLens.setSourceText', uri),
      named: (name, locked) => (view.title = titleOf(name, locked)),
      quiet: () => new Debounce(),
    });
    const open = { view, host };
    const pin = (): void => host.pin(this.#pins.pinned ? [this.#pins.pinned] : []);
    pin();
    const disposables = [
      ...listen(host),
      this.#pins.onDidChange(pin),
      this.#others.onDidChange(() => host.othersChanged()),
      connectPages(view.webview, (channel) => host.serve(channel)),
      view.onDidChangeViewState(() => {
        if (view.active) this.#open = [open, ...this.#open.filter((other) => other !== open)];
        if (!view.visible) host.leave();
      }),
      editors,
    ];
    view.onDidDispose(() => {
      host.dispose();
      for (const disposable of disposables) disposable.dispose();
      this.#open = this.#open.filter((other) => other !== open);
    });
    view.iconPath = pageIcon(this.#extension);
    view.webview.html = pageHtml(this.#extension, view.webview);
    this.#open = [open, ...this.#open];
    return open;
  }
}

/** The tab's: it names the document; brackets say, as for VS Code's own previews, that it is locked to it. */
function titleOf(name: string | null, locked: boolean): string {
  if (name === null) return vscode.l10n.t('Attention');
  return locked ? vscode.l10n.t('[Attention] — {0}', name) : vscode.l10n.t('Attention — {0}', name);
}

/** What happens in the editor, told to the host. */
function listen(host: PanelHost): vscode.Disposable[] {
  return [
    vscode.window.onDidChangeActiveTextEditor((editor) => host.follow(toView(editor))),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      const view = toView(textEditor);
      if (view) host.cursorMoved(view);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) host.edited(document.uri.toString(), document.version);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      // A change of language closes a document and opens it again at once.
      setTimeout(() => {
        if (document.isClosed && !isOpen(document.uri))
          host.closed(document.uri.toString(), canReopen(document.uri));
      });
    }),
  ];
}

/** The document of a link in a hover, at the link's place. */
async function viewOf({ uri, position }: Target): Promise<ReturnType<typeof toView>> {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri,
  );
  const view = toView(editor);
  if (view) return { ...view, cursor: position };
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  return {
    uri,
    name: document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1),
    version: document.version,
    cursor: position,
  };
}
