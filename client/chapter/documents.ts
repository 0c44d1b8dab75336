/** The chapter's texts as documents of the person's: not saved yet, so that anything may be changed in them. */
import * as vscode from 'vscode';

/** Shows a text under a name; a document of that name that is still open is shown as it is. */
export async function showUnsaved(
  name: string,
  text: string,
  column?: vscode.ViewColumn,
): Promise<void> {
  const document = await openUnsaved(name, text);
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
  await showUnsaved(name, new TextDecoder().decode(bytes), column);
}

/** Named for the open folder, where it would be saved; without one, or with such a file in it, untitled. */
async function openUnsaved(name: string, text: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const named = folder && (await openNamed(vscode.Uri.joinPath(folder, name)));
  if (!named) return vscode.workspace.openTextDocument({ content: text });
  if (named.getText() === '') {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(named.uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
  }
  return named;
}

/** VS Code refuses a name that a file has already. */
async function openNamed(place: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(place.with({ scheme: 'untitled' }));
  } catch {
    return undefined;
  }
}
