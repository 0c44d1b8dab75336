import * as vscode from 'vscode';
import { decodeFloats } from '../../../client/bytes';
import type { AttentionLensApi } from '../../../client/api';
import { equal, ok, rejects } from './assert';
import { activated, hoverAt, hoverOn, percentages, positionOf } from './attentionLens';
import { openNotebookCell, openVirtual } from './documents';

const TEXT = 'The cat sat on the mat because it was warm.\n';
const SECTION = 'attentionLens';

describe('hover', () => {
  let api: AttentionLensApi;
  let document: vscode.TextDocument;

  before(async () => {
    api = await activated();
    document = await vscode.workspace.openTextDocument({ content: TEXT, language: 'plaintext' });
  });

  it('waits for the model and says what the token reads and what reads it', async () => {
    const [text, links] = await hoverOn(document, 'cat');
    ok(text && links, 'no hover');
    ok(/cat/.test(text.value), 'the token is not named');
    ok(/token 2 of 13/.test(text.value), `no place in: ${text.value}`);
    ok(percentages(text.value).length >= 8, `few percentages in: ${text.value}`);
    ok(/\[CLS\]/.test(text.value), 'the sink is not named');
    equal(api.status?.state, 'ready');
  });

  it('adds links that run our commands, and trusts nothing of the document', async () => {
    const [text, links] = await hoverOn(document, 'cat');
    ok(text && links, 'no hover');
    equal(text.isTrusted ?? false, false);
    const commands = [...links.value.matchAll(/command:([\w.]+)/g)].map(([, command]) => command);
    equal(commands, [
      'attentionLens.openHeatmap',
      'attentionLens.pinToken',
      'attentionLens.explainWeight',
      'attentionLens.copyRow',
      'attentionLens.chooseHead',
      'attentionLens.whatIsThis',
    ]);
  });

  it('shows the numbers that the server gives for the row', async () => {
    const position = positionOf(document, 'cat');
    const where = { textDocument: { uri: document.uri.toString() }, position: plain(position) };
    const row = await api.request('attentionLens/row', where);
    const weights = [...decodeFloats(row.weights)];
    equal(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-3, true, 'sum 1:');
    const [text] = await hoverAt(document, position);
    ok(text && row.sink, 'no hover or no sink');
    const { tokens, share } = row.sink;
    const shown = percentages(text.value);
    const strongest = Math.max(...weights.filter((_, token) => !tokens.includes(token)));
    ok(shown.includes(percent(strongest)), `${percent(strongest)} is not in ${shown.join(', ')}`);
    ok(
      shown.includes(percent(share)),
      `the sink's ${percent(share)} is not in ${shown.join(', ')}`,
    );
  });

  it('follows what is chosen', async () => {
    const chosen = { layer: 2, head: 5, reading: 'raw' as const };
    await api.request('attentionLens/setSelection', chosen);
    const [text] = await hoverOn(document, 'mat');
    ok(text && /layer 2/.test(text.value) && /head 5/.test(text.value), `other: ${text?.value}`);
    await api.request('attentionLens/setSelection', { layer: null, head: null, reading: 'raw' });
  });

  it('belongs to the newest text', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Look! ');
    await vscode.workspace.applyEdit(edit);
    const [text] = await hoverOn(document, 'cat');
    ok(text && /token 4 of 15/.test(text.value), `other: ${text?.value}`);
  });

  it('is not there where no token is', async () => {
    const empty = await vscode.workspace.openTextDocument({ content: '', language: 'plaintext' });
    equal(await hoverAt(empty, new vscode.Position(0, 0)), []);
  });

  it('helps in virtual documents, as in the sides of a diff', async () => {
    const old = await openVirtual(TEXT);
    const [text] = await hoverOn(old.document, 'warm');
    old.dispose();
    ok(text && /warm/.test(text.value), 'no hover');
  });

  it('helps in notebook cells', async () => {
    const cell = await openNotebookCell('The boat left the harbour.');
    const [text] = await hoverOn(cell, 'boat');
    ok(text && /boat/.test(text.value), 'no hover');
  });

  it('helps in files of any language', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    ok(folder, 'no folder is open');
    const file = vscode.Uri.joinPath(folder.uri, 'schedule.py');
    const source = await vscode.workspace.openTextDocument(file);
    const [text] = await hoverOn(source, 'def');
    ok(text && percentages(text.value).length > 0, 'no hover');
  });

  it('can be turned off, altogether and for a language', async () => {
    const section = vscode.workspace.getConfiguration(SECTION);
    await section.update('hover.enabled', false, vscode.ConfigurationTarget.Global);
    equal(await hoverOn(document, 'cat'), []);
    await section.update('hover.enabled', undefined, vscode.ConfigurationTarget.Global);
    ok((await hoverOn(document, 'cat')).length > 0, 'hover did not come back');
    const plaintext = vscode.workspace.getConfiguration(SECTION, { languageId: 'plaintext' });
    const target = vscode.ConfigurationTarget.Global;
    await plaintext.update('hover.enabled', false, target, true);
    equal(await hoverOn(document, 'cat'), []);
    await plaintext.update('hover.enabled', undefined, target, true);
    ok((await hoverOn(document, 'cat')).length > 0, 'hover did not come back');
  });

  it('is turned off and on by one command', async () => {
    await vscode.commands.executeCommand('attentionLens.toggleHover');
    equal(await hoverOn(document, 'cat'), []);
    await vscode.commands.executeCommand('attentionLens.toggleHover');
    ok((await hoverOn(document, 'cat')).length > 0, 'hover did not come back');
    const section = vscode.workspace.getConfiguration(SECTION);
    await section.update('hover.enabled', undefined, vscode.ConfigurationTarget.Global);
  });

  it('fails with a reason when a document is not open', async () => {
    const textDocument = { uri: 'untitled:Nowhere' };
    await rejects(api.request('attentionLens/row', { textDocument, token: 0 }), 'invalidParams');
  });
});

function plain({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
