/** The editor that a command of ours is about. */
import * as vscode from 'vscode';
import { isAnalysable } from './documents';

/** The active editor; while something else is active (the walkthrough), one that is in sight. */
export function textEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor !== undefined && isAnalysable(editor.document),
  );
}

/** Beside the text that is looked at, whatever is active. */
export function columnBeside(): vscode.ViewColumn {
  if (vscode.window.activeTextEditor) return vscode.ViewColumn.Beside;
  const column = textEditor()?.viewColumn;
  return column === undefined ? vscode.ViewColumn.Beside : column + 1;
}
