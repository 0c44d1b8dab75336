import * as vscode from 'vscode';
import type { AttentionLensApi } from '../../../client/api';
import { equal, ok, rejects, until } from './assert';
import { activated, hoverAt, hoverOn, percentages, positionOf } from './attentionLens';

describe('the Chapter model', () => {
  let api: AttentionLensApi;

  before(async () => {
    api = await activated();
  });

  after(async () => {
    await api.request('attentionLens/selectModel', { model: 'bundled' });
  });

  const inUse = (id: string) => () => api.status?.model?.id === id;

  /** The document that a command has just opened. */
  const shown = (name: string): vscode.TextDocument => {
    const document = vscode.window.visibleTextEditors
      .map((editor) => editor.document)
      .find(({ uri }) => uri.path.endsWith(name));
    ok(document, `${name} is not shown`);
    return document;
  };

  it('is used on any text once it is chosen, and its controls change what hover says', async () => {
    const document = await vscode.workspace.openTextDocument({
      content: 'The gulls followed the boat to the pier.',
    });
    await api.request('attentionLens/selectModel', { model: 'chapter' });
    await until(inUse('chapter'), 'the news of the model');
    const [before] = await hoverOn(document, 'boat');
    ok(before && /8 heads/.test(before.value), `not its heads: ${before?.value}`);
    await api.request('attentionLens/setSelection', { chapter: { heads: 2, encoding: 'none' } });
    const [after] = await hoverOn(document, 'boat');
    ok(after && /2 heads/.test(after.value), `not two heads: ${after?.value}`);
    await until(() => api.status?.chapter?.encoding === 'none', 'the news of the encoding');
    await api.request('attentionLens/setSelection', {
      chapter: { heads: 8, encoding: 'sinusoidal' },
    });
  });

  it('computes the worked example of §4.1.5 right', async () => {
    await api.request('attentionLens/selectModel', { model: 'bundled' });
    await until(inUse('bundled'), 'the news of the bundled model');
    await vscode.commands.executeCommand('attentionLens.openWorkedExample', '4.1.5');
    await until(inUse('chapter'), 'the news of the model');
    const document = shown('chapter-4.1.5-attention.csv');
    const [text] = await hoverAt(document, lastLine(document));
    ok(text, 'no hover');
    // Erratum 5: the weights of query 1 with d_k = 1.
    for (const share of [0.636409, 0.234122, 0.086129, 0.031685])
      ok(percentages(text.value).includes(percent(share)), `no ${percent(share)} in ${text.value}`);
    equal(vscode.workspace.getConfiguration('attentionLens').get('model'), 'bundled');
  });

  it('follows the numbers and entries of an example', async () => {
    const document = shown('chapter-4.1.5-attention.csv');
    const edit = new vscode.WorkspaceEdit();
    const entry = positionOf(document, 'd_k: 1');
    edit.replace(document.uri, new vscode.Range(entry, entry.translate(0, 6)), 'd_k: 5');
    await vscode.workspace.applyEdit(edit);
    const [text] = await hoverAt(document, lastLine(document));
    // Erratum 5 again, with √5 as the chapter has it.
    ok(text && percentages(text.value).includes(percent(0.403744)), `other: ${text?.value}`);
    const again = document.getText();
    await vscode.commands.executeCommand('attentionLens.openWorkedExample', '4.1.5');
    equal(shown('chapter-4.1.5-attention.csv').getText(), again);
  });

  it('says what is wrong with numbers that are none', async () => {
    const document = await vscode.workspace.openTextDocument({
      content: '---\nqueries: 1, 2\n---\n1, 2, 3\n',
    });
    const textDocument = { uri: document.uri.toString() };
    await rejects(api.request('attentionLens/row', { textDocument, token: 0 }), 'badDocument');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(3, 0),
    );
    const said = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    // The sentence alone: at no token there is anything to pin or to explain.
    ok(
      said.some((part) => part.includes('queries')),
      `other: ${said.join()}`,
    );
    ok(!said.some((part) => part.includes('command:')), `links: ${said.join()}`);
  });

  it('has its program and the numbers that it takes side by side', async () => {
    await vscode.commands.executeCommand('attentionLens.openProgram');
    ok(shown('attention.py').getText().includes('import numpy'), 'no program');
    const document = shown('numbers.csv');
    const [text] = await hoverAt(document, lastLine(document));
    // What attention.py prints as the first row of its weights.
    ok(text && percentages(text.value).includes('98.4'), `other: ${text?.value}`);
  });

  it('tells its errata, and only it has stages', async () => {
    const { errata } = await api.request('attentionLens/errata', {});
    equal(
      errata.map(({ number }) => number),
      Array.from({ length: 13 }, (_, index) => index + 1),
    );
    const textDocument = { uri: shown('attention.py').uri.toString() };
    const { stages } = await api.request('attentionLens/stages', { textDocument, token: 1 });
    equal(stages.length, 9);
    await api.request('attentionLens/selectModel', { model: 'bundled' });
    const asked = api.request('attentionLens/stages', { textDocument, token: 1 });
    await rejects(asked, 'notInThisModel');
  });
});

/** On the first number of the last line that has any. */
function lastLine(document: vscode.TextDocument): vscode.Position {
  const lines = document.getText().trimEnd().split('\n');
  return new vscode.Position(lines.length - 1, 0);
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
