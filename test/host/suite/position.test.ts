import * as vscode from 'vscode';
import { decodeFloats } from '../../../client/bytes';
import type { AttentionLensApi } from '../../../client/api';
import { INITIAL_SELECTION, type Selection } from '../../../server/protocol';
import { equal, ok, until } from './assert';
import { activated, hoverOn } from './attentionLens';

const AS_TRAINED: Selection = INITIAL_SELECTION;

describe('a change of position', () => {
  let api: AttentionLensApi;
  let document: vscode.TextDocument;

  before(async () => {
    api = await activated();
    document = await vscode.workspace.openTextDocument({
      content: 'The keeper lit the lamp before the storm reached the harbour.',
    });
  });

  after(async () => {
    await api.request('attentionLens/setSelection', AS_TRAINED);
  });

  it('is said wherever numbers are shown, and one command restores it', async () => {
    const [trained] = await hoverOn(document, 'storm');
    const encoding = { mode: 'off' as const };
    await api.request('attentionLens/setSelection', { ...AS_TRAINED, encoding });
    await until(() => api.status?.selection.encoding?.mode === 'off', 'the news of the change');
    const [changed] = await hoverOn(document, 'storm');
    ok(changed && /position off/.test(changed.value), `no badge in: ${changed?.value}`);
    ok(/was \d/.test(changed.value), `no weight as trained in: ${changed.value}`);
    await vscode.commands.executeCommand('attentionLens.restorePosition');
    await until(() => api.status?.selection.encoding === null, 'the news of the restoration');
    const [restored] = await hoverOn(document, 'storm');
    equal(restored?.value, trained?.value);
  });

  it('keeps the head that is shown', async () => {
    const encoding = { mode: 'reversed' as const };
    const selection = {
      ...INITIAL_SELECTION,
      layer: 1,
      head: 2,
      reading: 'raw' as const,
      encoding,
    };
    await api.request('attentionLens/setSelection', selection);
    await vscode.commands.executeCommand('attentionLens.restorePosition');
    const { selection: shown } = await api.request('attentionLens/status', {});
    equal(shown, { ...selection, encoding: null });
  });

  it('says which heads it changes most', async () => {
    const textDocument = { uri: document.uri.toString() };
    const encoding = { mode: 'off' as const };
    const effect = await api.request('attentionLens/positionEffect', { textDocument, encoding });
    const distances = [...decodeFloats(effect.totalVariation)];
    equal(distances.length, effect.layers * effect.heads);
    ok(
      distances.every((distance) => distance >= 0 && distance <= 1),
      'not a distance',
    );
    ok(Math.max(...distances) > 2 * Math.min(...distances), 'all heads the same');
  });

  it('has the numbers of the encoding', async () => {
    const textDocument = { uri: document.uri.toString() };
    const position = await api.request('attentionLens/position', { textDocument, token: 2 });
    equal(position.scheme.kind, 'learned');
    equal(position.tokenPosition, 2);
    const rows = position.positions[1] - position.positions[0];
    equal(decodeFloats(position.matrix ?? '').length, rows * position.dimensions);
  });
});
