/** The chapter's texts as documents of the person's: not saved yet, so that anything may be changed in them. */
import * as vscode from 'vscode';

/** Shows a text under a name; a document of that name that is still open is shown as it is. */
export async function showUnsaved(name: string, text: string): Promise<void> {
  const document = await openUnsaved(name, text);
  await vscode.window.showTextDocument(document, {
    preview: false,
    viewColumn: columnOf(document) ?? columnOfTexts(),
  });
}

/** Shows two of the chapter's samples that come with the extension, one above the other. */
export async function showSamples(
  extension: vscode.Uri,
  upper: string,
  lower: string,
): Promise<void> {
  await showUnsaved(upper, await readSample(extension, upper));
  const document = await openUnsaved(lower, await readSample(extension, lower));
  const column = columnOf(document);
  // Beside it the panel may stand, which must not be covered.
  if (column === undefined) await vscode.commands.executeCommand('workbench.action.newGroupBelow');
  await vscode.window.showTextDocument(document, {
    preview: false,
    viewColumn: column ?? vscode.ViewColumn.Active,
  });
}

async function readSample(extension: vscode.Uri, name: string): Promise<string> {
  const place = vscode.Uri.joinPath(extension, 'samples', 'chapter', name);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(place));
}

/** Where a document is in sight already. */
function columnOf(document: vscode.TextDocument): vscode.ViewColumn | undefined {
  return vscode.window.visibleTextEditors.find((editor) => editor.document === document)
    ?.viewColumn;
}

/** Where texts are, so that none covers the panel while that has the focus. */
function columnOfTexts(): vscode.ViewColumn {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return (activeTextEditor ?? visibleTextEditors[0])?.viewColumn ?? vscode.ViewColumn.One;
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
