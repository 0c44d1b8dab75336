/** The chapter's texts as documents of the person's: not saved yet, so that anything may be changed in them. */
import * as vscode from 'vscode';

/** A text and the line that the cursor is put in. */
export interface Unsaved {
  name: string;
  text: string;
  line: number;
}

/** A document of numbers, with the cursor on the first of its last line: there they stand. */
export function numbers(name: string, text: string): Unsaved {
  return { name, text, line: text.trimEnd().split('\n').length - 1 };
}

/** Shows a text; a document of its name that is still open is shown as it is, where it is. */
export async function showUnsaved(unsaved: Unsaved, where = columnOfTexts()): Promise<void> {
  const document = await openNamed(unsaved.name);
  const column = (document && columnOf(document)) ?? where;
  await show(document, unsaved, column);
}

/** Shows a text in a group of its own below the active one, unless it is in sight already. */
export async function showBelow(unsaved: Unsaved): Promise<void> {
  const document = await openNamed(unsaved.name);
  const column = document && columnOf(document);
  // Beside it the panel may stand, which must not be covered.
  if (!column) await vscode.commands.executeCommand('workbench.action.newGroupBelow');
  await show(document, unsaved, column ?? vscode.ViewColumn.Active);
}

/** The text of one of the chapter's samples that come with the extension. */
export async function readSample(extension: vscode.Uri, name: string): Promise<string> {
  const place = vscode.Uri.joinPath(extension, 'samples', 'chapter', name);
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(place));
}

/** Named for the open folder, where it would be saved; undefined without one, or with such a file in it. */
async function openNamed(name: string): Promise<vscode.TextDocument | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!folder) return undefined;
  const place = vscode.Uri.joinPath(folder, name).with({ scheme: 'untitled' });
  try {
    return await vscode.workspace.openTextDocument(place);
  } catch {
    return undefined;
  }
}

/** Filled only once it is shown: VS Code opens a changed document that has no editor by itself. */
async function show(
  named: vscode.TextDocument | undefined,
  { text, line }: Unsaved,
  viewColumn: vscode.ViewColumn,
): Promise<void> {
  const document = named ?? (await vscode.workspace.openTextDocument({ content: text }));
  const editor = await vscode.window.showTextDocument(document, { preview: false, viewColumn });
  const start = new vscode.Position(0, 0);
  if (document.getText() === '') await editor.edit((edit) => edit.insert(start, text));
  else if (named) return;
  const cursor = new vscode.Position(line, 0);
  editor.selection = new vscode.Selection(cursor, cursor);
  editor.revealRange(new vscode.Range(cursor, cursor));
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
