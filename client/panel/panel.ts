/** The heatmap panel: one webview beside the editor, restored after a reload. */
import * as vscode from 'vscode';
import type { Selection } from '../../server/protocol';
import { columnBeside } from '../activeText';
import type { ExportKind, PanelPlace, PanelView } from '../../webview/protocol';
import type { LanguageServer } from '../connection/languageServer';
import { Debounce } from '../debounce';
import type { Target } from '../hover/links';
import { canReopen, CodeEditors, isOpen, toView } from './codeEditors';
import { PanelHost, type Pin } from './host';
import { newNonce, panelHtml } from './html';
import { connectPages } from './pages';
import { copyText } from '../export/copyText';
import { chooseOne } from '../export/chooseOne';
import { saveFile } from '../export/saveFile';

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

export class HeatmapPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #server: LanguageServer;
  readonly #selection: () => Selection;
  readonly #pins: Pins;
  #open: Open | undefined;

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

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Opens the panel, or brings it to the front; at a place when the person named one. */
  async show(target?: Target): Promise<void> {
    const view = target ? await viewOf(target) : toView(vscode.window.activeTextEditor);
    const existed = this.#open !== undefined;
    const { host, view: panel } = this.#open ?? this.#attach(this.#create());
    if (view && (existed || target)) host.lookAt(view);
    if (existed) panel.reveal(undefined, true);
  }

  /** Opens the panel where the weight of a token and what it reads most is computed step by step. */
  async explain(target?: Target): Promise<void> {
    await this.show(target);
    this.#open?.host.turnTo({ view: 'explain' });
  }

  /** The view that an open panel shows. */
  get view(): PanelView | null {
    return this.#open?.host.view ?? null;
  }

  /** Has an open panel show a place. */
  turnTo(place: PanelPlace): void {
    this.#open?.host.turnTo(place);
  }

  /** Has the panel's view exported; opens the panel first where it is not. */
  async exportAs(kind: ExportKind): Promise<void> {
    if (!this.#open) await this.show();
    this.#open?.host.exportAs(kind);
  }

  /** Opens the panel where the chapter's errors stand. */
  async showErrata(): Promise<void> {
    await this.show();
    this.#open?.host.turnTo({ view: 'chapter', page: 'errata' });
  }

  /** Opens the panel where heads are found by what they do. */
  async findHeads(): Promise<void> {
    await this.show();
    this.#open?.host.turnTo({ view: 'overview', findHeads: true });
  }

  /** VS Code gives back a panel of the window before; its options are of that version's. */
  deserializeWebviewPanel(view: vscode.WebviewPanel): Promise<void> {
    this.#open?.view.dispose();
    view.webview.options = this.#options();
    this.#attach(view);
    return Promise.resolve();
  }

  dispose(): void {
    this.#open?.view.dispose();
  }

  #create(): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(
      PANEL_TYPE,
      vscode.l10n.t('Attention'),
      { viewColumn: columnBeside(), preserveFocus: true },
      this.#options(),
    );
  }

  #options(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#extension, 'dist')],
    };
  }

  #attach(view: vscode.WebviewPanel): Open {
    const editors = new CodeEditors();
    const host = new PanelHost({
      server: this.#server,
      editors,
      translate: vscode.l10n.t,
      strings: vscode.l10n.bundle ?? {},
      selection: this.#selection,
      saveFile,
      choose: chooseOne,
      copy: copyText,
      named: (name) => (view.title = titleOf(name)),
      quiet: () => new Debounce(),
    });
    const pin = (): void => host.pin(this.#pins.pinned ? [this.#pins.pinned] : []);
    pin();
    const disposables = [
      ...listen(host),
      this.#pins.onDidChange(pin),
      connectPages(view.webview, (channel) => host.serve(channel)),
      view.onDidChangeViewState(() => {
        if (!view.visible) host.leave();
      }),
      editors,
    ];
    const open = { view, host };
    view.onDidDispose(() => {
      host.dispose();
      for (const disposable of disposables) disposable.dispose();
      if (this.#open === open) this.#open = undefined;
    });
    view.iconPath = {
      light: vscode.Uri.joinPath(this.#extension, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.#extension, 'media', 'panel-dark.svg'),
    };
    view.webview.html = this.#html(view.webview);
    this.#open = open;
    return open;
  }

  #html(webview: vscode.Webview): string {
    const resource = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extension, 'dist', name)).toString();
    return panelHtml({
      cspSource: webview.cspSource,
      nonce: newNonce(),
      script: resource('panel.js'),
      icons: resource('codicon.css'),
      title: vscode.l10n.t('Attention'),
      language: vscode.env.language,
    });
  }
}

/** The tab's: it names the document, as several may be looked at one after the other. */
function titleOf(name: string | null): string {
  return name === null ? vscode.l10n.t('Attention') : vscode.l10n.t('Attention — {0}', name);
}

/** What happens in the editor, told to the host. */
function listen(host: PanelHost): vscode.Disposable[] {
  return [
    vscode.window.onDidChangeActiveTextEditor((editor) => host.follow(toView(editor))),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      const view = toView(textEditor);
      if (view) host.cursorMoved(view.uri, view.cursor);
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
