/** The chapter's texts as documents of the person's: without a file, so that anything may be changed in them. */
import * as vscode from 'vscode';

/** Shows a text under a name; a document of that name that is still open is shown as it is. */
export async function showUntitled(
  name: string,
  text: string,
  column?: vscode.ViewColumn,
): Promise<void> {
  const uri = vscode.Uri.from({ scheme: 'untitled', path: name });
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.getText() === '') {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
  }
  await vscode.window.showTextDocument(document, { preview: false, viewColumn: column });
}

/** Shows one of the chapter's samples that come with the extension. */
export async function showSample(
  extension: vscode.Uri,
  name: string,
  column?: vscode.ViewColumn,
): Promise<void> {
  const place = vscode.Uri.joinPath(extension, 'samples', 'chapter', name);
  const bytes = await vscode.workspace.fs.readFile(place);
  await showUntitled(name, new TextDecoder().decode(bytes), column);
}
