/** VS Code's editors as the panel's host sees them. */
import * as vscode from 'vscode';
import type { Position, Range } from '../../server/protocol';
import { isAnalysable } from '../documents';
import type { EditorView, PanelEditors } from './editors';

/** Schemes whose documents exist only while they are open. */
const GONE_WHEN_CLOSED = new Set(['untitled', 'vscode-notebook-cell']);

export function canReopen(uri: vscode.Uri): boolean {
  return !GONE_WHEN_CLOSED.has(uri.scheme);
}

export function isOpen(uri: vscode.Uri): boolean {
  return find(uri.toString()) !== undefined;
}

/** The editor as the panel looks at it; null when it shows no document of the person's. */
export function toView(editor: vscode.TextEditor | undefined): EditorView | null {
  if (!editor || !isAnalysable(editor.document)) return null;
  const { document, selection } = editor;
  return {
    uri: document.uri.toString(),
    name: nameOf(document.uri),
    version: document.version,
    cursor: plain(selection.active),
    selected: selection.isEmpty
      ? null
      : { start: plain(selection.start), end: plain(selection.end) },
  };
}

export class CodeEditors implements PanelEditors, vscode.Disposable {
  /** The same two colours as in the overlay: warm reads, cool is read. */
  readonly #query = highlightType('reads');
  readonly #key = highlightType('readBy');
  #last: vscode.TextEditor | undefined;
  readonly #listener: vscode.Disposable;

  constructor() {
    this.#remember(vscode.window.activeTextEditor);
    this.#listener = vscode.window.onDidChangeActiveTextEditor((editor) => this.#remember(editor));
  }

  current(): EditorView | null {
    const { visibleTextEditors } = vscode.window;
    const last = this.#last && visibleTextEditors.includes(this.#last) ? this.#last : undefined;
    return toView(last ?? visibleTextEditors.find(({ document }) => isAnalysable(document)));
  }

  async open(uri: string): Promise<Pick<EditorView, 'name' | 'version'> | null> {
    const place = vscode.Uri.parse(uri);
    const known = find(uri);
    if (known) return { name: nameOf(place), version: known.version };
    if (!canReopen(place)) return null;
    try {
      const { version } = await vscode.workspace.openTextDocument(place);
      return { name: nameOf(place), version };
    } catch {
      return null;
    }
  }

  positionAt(uri: string, share: number): Position {
    const document = find(uri);
    if (!document) return { line: 0, character: 0 };
    const end = document.lineAt(document.lineCount - 1).range.end;
    const { line, character } = document.positionAt(Math.floor(document.offsetAt(end) * share));
    return { line, character };
  }

  textAt(uri: string, version: number, range: Range): string | null {
    const document = find(uri);
    return document?.version === version ? document.getText(toRange(range)) : null;
  }

  highlight(uri: string, query: Range | null, key: Range | null): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const here = editor.document.uri.toString() === uri;
      editor.setDecorations(this.#query, here && query ? [toRange(query)] : []);
      editor.setDecorations(this.#key, here && key ? [toRange(key)] : []);
    }
  }

  async reveal(uri: string, query: Range | null, key: Range | null): Promise<void> {
    const shown = query ?? key;
    const place = vscode.Uri.parse(uri);
    if (!shown || (!find(uri) && !canReopen(place))) return;
    const editor = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument(place),
      { viewColumn: columnOf(uri), preserveFocus: true, selection: toRange(shown) },
    );
    if (query && key) {
      const both = toRange(query).union(toRange(key));
      editor.revealRange(both, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  dispose(): void {
    this.#listener.dispose();
    this.#query.dispose();
    this.#key.dispose();
  }

  #remember(editor: vscode.TextEditor | undefined): void {
    if (editor && isAnalysable(editor.document)) this.#last = editor;
  }
}

function find(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => !document.isClosed && document.uri.toString() === uri,
  );
}

/** Where the document is already, so that it does not cover the panel. */
function columnOf(uri: string): vscode.ViewColumn {
  const shown = vscode.window.visibleTextEditors.find(
    ({ document, viewColumn }) => viewColumn !== undefined && document.uri.toString() === uri,
  );
  if (shown?.viewColumn) return shown.viewColumn;
  const group = vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri),
  );
  return group?.viewColumn ?? vscode.ViewColumn.One;
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1) || uri.toString();
}

function plain({ line, character }: vscode.Position): Position {
  return { line, character };
}

function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function highlightType(name: 'reads' | 'readBy'): vscode.TextEditorDecorationType {
  const colour = `var(--vscode-attentionLens-${name})`;
  return vscode.window.createTextEditorDecorationType({
    backgroundColor: `color-mix(in srgb, ${colour} 35%, transparent)`,
    outline: `1px ${name === 'reads' ? 'solid' : 'dashed'} ${colour}`,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
