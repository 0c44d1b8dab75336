/** A text to begin with, for who has none at hand. */
import * as vscode from 'vscode';
import { showUnsaved } from '../chapter/documents';

/** The cursor stands on this word, so that hover and overlay have something to say at once. */
const FIRST_WORD = 'keeper';

/** Shows the sample as a document of the person's, so that anything may be changed in it. */
export async function openSample(extension: vscode.Uri): Promise<void> {
  const place = vscode.Uri.joinPath(extension, 'samples', 'lighthouse.txt');
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(place));
  await showUnsaved({ name: 'attention-sample.txt', text, line: 0 }, besideWalkthrough());
  const editor = vscode.window.activeTextEditor;
  const at = editor?.document.getText().indexOf(FIRST_WORD) ?? -1;
  if (!editor || at < 0) return;
  const cursor = editor.document.positionAt(at);
  editor.selection = new vscode.Selection(cursor, cursor);
}

/** Where a text is in sight already; else beside the walkthrough, which would be covered. */
function besideWalkthrough(): vscode.ViewColumn {
  const { activeTextEditor, visibleTextEditors, tabGroups } = vscode.window;
  const column = (activeTextEditor ?? visibleTextEditors[0])?.viewColumn;
  if (column !== undefined) return column;
  return tabGroups.activeTabGroup.activeTab ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
}
