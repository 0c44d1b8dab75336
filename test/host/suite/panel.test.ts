import * as vscode from 'vscode';
import type { AttentionLensApi } from '../../../client/api';
import { equal, until } from './assert';
import { activated } from './attentionLens';

describe('panel', () => {
  let api: AttentionLensApi;

  before(async () => {
    api = await activated();
  });

  const tabs = (): vscode.Tab[] =>
    vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter(
        ({ input }) =>
          input instanceof vscode.TabInputWebview && input.viewType.endsWith('attentionLens.panel'),
      );

  it('opens beside the text, once, and has it analysed', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'Nets dried in the sun.' });
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('attentionLens.openHeatmap');
    await until(() => tabs().length === 1, 'the tab');
    await until(
      () =>
        api.status?.documents.some(
          ({ uri, analysed }) => uri === document.uri.toString() && analysed > 0,
        ) ?? false,
      'the analysis',
    );
    await vscode.commands.executeCommand('attentionLens.openHeatmap');
    equal(tabs().length, 1, 'panels:');
    equal(tabs()[0]?.group.viewColumn === vscode.ViewColumn.One, false, 'in the same column:');
    await vscode.window.tabGroups.close(tabs());
  });

  it('shows several documents side by side, of which only the panel that is not locked changes', async () => {
    const labels = (): string =>
      tabs()
        .map(({ label }) => label)
        .sort()
        .join(' | ');
    const show = (path: string): Thenable<vscode.TextEditor> =>
      vscode.window.showTextDocument(vscode.Uri.parse(`untitled:${path}`), {
        viewColumn: vscode.ViewColumn.One,
      });
    await show('nets.txt');
    await vscode.commands.executeCommand('attentionLens.openHeatmap');
    await until(() => labels() === 'Attention — nets.txt', 'the panel that follows');
    await show('ropes.txt');
    await vscode.commands.executeCommand('attentionLens.openAnotherPanel');
    await until(() => labels() === 'Attention — ropes.txt | [Attention] — ropes.txt', 'the other');
    await show('nets.txt');
    await until(() => labels() === 'Attention — nets.txt | [Attention] — ropes.txt', 'following');
    await vscode.window.tabGroups.close(tabs());
  });

  it('comes back after an engine that was restarted', async () => {
    await vscode.commands.executeCommand('attentionLens.restartEngine');
    await until(() => api.status?.state === 'ready', 'the engine');
  });
});
