/** Tells a running server what is in view, so that it computes that first. */
import * as vscode from 'vscode';
import type { LanguageServer } from './connection/languageServer';
import { Debounce } from './debounce';
import { isAnalysable } from './documents';
import type { Overlay } from './overlay/overlay';

/** The server plans by it, nobody waits for it. */
const QUIET_MS = 200;

export class ViewReporter implements vscode.Disposable {
  readonly #server: LanguageServer;
  readonly #overlay: Overlay;
  readonly #debounce = new Debounce();
  readonly #disposables: vscode.Disposable[];

  constructor(server: LanguageServer, overlay: Overlay) {
    this.#server = server;
    this.#overlay = overlay;
    const later = (): void => this.#debounce.run(() => this.#report(), QUIET_MS);
    this.#disposables = [
      vscode.window.onDidChangeActiveTextEditor(later),
      vscode.window.onDidChangeTextEditorSelection(later),
      vscode.window.onDidChangeTextEditorVisibleRanges(later),
      vscode.window.onDidChangeWindowState(later),
      overlay.onDidChange(later),
    ];
  }

  dispose(): void {
    this.#debounce.cancel();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #report(): void {
    const editor = vscode.window.activeTextEditor;
    if (!this.#server.started || !editor || !isAnalysable(editor.document)) return;
    const uri = editor.document.uri.toString();
    const pinned = this.#overlay.pinned;
    this.#server.notify('attentionLens/didChangeView', {
      textDocument: { uri },
      cursor: plain(editor.selection.active),
      visible: editor.visibleRanges.map(({ start, end }) => ({
        start: plain(start),
        end: plain(end),
      })),
      pinned: pinned?.uri === uri ? [pinned.position] : [],
      focused: vscode.window.state.focused,
    });
  }
}

function plain({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}
