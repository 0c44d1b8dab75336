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
    const open = (content: string): Thenable<vscode.TextDocument> =>
      vscode.workspace.openTextDocument({ content });
    const [nets, ropes] = [await open('Nets dried in the sun.'), await open('Ropes did not.')];
    const show = (document: vscode.TextDocument): Thenable<vscode.TextEditor> =>
      vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const following = ({ uri }: vscode.TextDocument): string => `Attention — ${uri.path}`;
    const locked = ({ uri }: vscode.TextDocument): string => `[Attention] — ${uri.path}`;
    await show(nets);
    await vscode.commands.executeCommand('attentionLens.openHeatmap');
    await until(() => labels() === following(nets), 'the panel that follows');
    await show(ropes);
    await vscode.commands.executeCommand('attentionLens.openAnotherPanel');
    await until(() => labels() === `${following(ropes)} | ${locked(ropes)}`, 'a locked panel');
    await show(nets);
    await until(() => labels() === `${following(nets)} | ${locked(ropes)}`, 'one that follows');
    await vscode.window.tabGroups.close(tabs());
  });

  it('comes back after an engine that was restarted', async () => {
    await vscode.commands.executeCommand('attentionLens.restartEngine');
    await until(() => api.status?.state === 'ready', 'the engine');
  });
});
