import * as vscode from 'vscode';
import { equal, ok, until } from './assert';
import { activated, positionOf } from './attentionLens';

const TEXT = 'The lighthouse keeper lit the lamps.\nNobody answered the keeper that night.\n';

async function open(content = TEXT): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ content });
  return vscode.window.showTextDocument(document);
}

function put(editor: vscode.TextEditor, word: string): vscode.Position {
  const at = positionOf(editor.document, word);
  editor.selection = new vscode.Selection(at, at);
  return at;
}

const wordAt = (editor: vscode.TextEditor): string =>
  editor.document.getText(editor.document.getWordRangeAtPosition(editor.selection.active));

describe('going along attention', () => {
  before(async () => {
    await activated();
  });

  it('puts the cursor on what is read most, then on the next', async () => {
    const editor = await open();
    const from = put(editor, 'keeper');
    await vscode.commands.executeCommand('attentionLens.goToStrongest');
    await until(() => !editor.selection.active.isEqual(from), 'the cursor to move');
    const strongest = editor.selection.active;
    ok(wordAt(editor).length > 0, 'the cursor stands on a word');
    await vscode.commands.executeCommand('attentionLens.goToNext');
    await until(() => !editor.selection.active.isEqual(strongest), 'the cursor to move on');
    ok(!editor.selection.active.isEqual(from), 'it does not go back to where it began');
  });

  it('writes a link to the place', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    ok(folder, 'a folder is open');
    const file = vscode.Uri.joinPath(folder.uri, 'linked.txt');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('The keeper answered.'));
    const editor = await vscode.window.showTextDocument(file);
    editor.selection = new vscode.Selection(0, 2, 0, 2);
    await vscode.commands.executeCommand('attentionLens.copyLink');
    const link = await vscode.env.clipboard.readText();
    ok(link.includes('://attention-lens.attention-lens/open?file='), link);
    ok(link.includes('line=1&character=3'), link);
    equal(link.includes('model'), false);
  });
});
