import * as vscode from 'vscode';
import { equal } from './assert';
import { activated } from './attentionLens';

describe('activation', () => {
  it('registers only: neither opening a text nor typing starts the server', async () => {
    const api = await activated();
    const document = await vscode.workspace.openTextDocument({
      content: 'one two',
      language: 'plaintext',
    });
    const editor = await vscode.window.showTextDocument(document);
    for (const letter of ' three') {
      const end = document.positionAt(document.getText().length);
      await editor.edit((edit) => edit.insert(end, letter));
    }
    equal(document.getText(), 'one two three');
    equal(api.status, null);
  });

  it('registers every command that the manifest names', async () => {
    await activated();
    const registered = new Set(await vscode.commands.getCommands(true));
    const extension = vscode.extensions.getExtension('attention-lens.attention-lens');
    const { contributes } = extension?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const missing = contributes.commands.filter(({ command }) => !registered.has(command));
    equal(missing, []);
    equal(contributes.commands.length >= 12, true, 'enough commands:');
  });

  it('gives the protocol to other extensions', async () => {
    equal((await activated()).protocol, 1);
  });
});
