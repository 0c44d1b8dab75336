/** The chapter's texts as documents of the person's: without a file, so that anything may be changed in them. */
import * as vscode from 'vscode';

/** The program of the chapter's §5.2, corrected. */
const PROGRAM = ['samples', 'chapter', 'attention.py'];

/** Shows a text under a name; a document of that name that is still open is shown as it is. */
export async function showUntitled(name: string, text: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.from({ scheme: 'untitled', path: name });
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.getText() === '') {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
  }
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** Shows the chapter's program, read from the extension's own folder. */
export async function showProgram(extension: vscode.Uri): Promise<void> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, ...PROGRAM));
  await showUntitled('attention.py', new TextDecoder().decode(bytes));
}
