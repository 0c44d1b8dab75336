import * as vscode from 'vscode';
import type { AttentionLensApi } from '../../../client/api';
import { until } from './assert';
import { activated, positionOf } from './attentionLens';

describe('overlay', () => {
  let api: AttentionLensApi;

  before(async () => {
    api = await activated();
  });

  const analysed = (document: vscode.TextDocument): boolean =>
    api.status?.documents.some(
      ({ uri, version, analysed }) =>
        uri === document.uri.toString() && version === document.version && analysed > 0,
    ) ?? false;

  it('analyses the text at the cursor once it is on, and follows edits', async () => {
    const document = await vscode.workspace.openTextDocument({
      content: 'The sea was calm that day.',
    });
    const editor = await vscode.window.showTextDocument(document);
    const sea = positionOf(document, 'sea');
    editor.selection = new vscode.Selection(sea, sea);
    await vscode.commands.executeCommand('attentionLens.toggleOverlay');
    await until(() => analysed(document), 'the analysis');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'Yes. '));
    await until(() => analysed(document), 'the analysis of the edited text');
    await vscode.commands.executeCommand('attentionLens.toggleOverlay');
  });

  it('is turned on by pinning a token', async () => {
    const document = await vscode.workspace.openTextDocument({
      content: 'Waves broke on the rocks.',
    });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('attentionLens.pinToken', {
      uri: document.uri.toString(),
      position: { line: 0, character: 7 },
    });
    await until(() => analysed(document), 'the analysis');
    await vscode.commands.executeCommand('attentionLens.unpinToken');
    await vscode.commands.executeCommand('attentionLens.toggleOverlay');
  });
});
