import * as vscode from 'vscode';
import { positionInWindow } from '../../../client/panel/windows';
import type { Position, WindowInfo } from '../../../server/protocol';
import { equal, ok } from './assert';
import { activated, hoverAt } from './attentionLens';

describe('a document longer than the context of the model', () => {
  it('is shown window by window, each found from any place', async () => {
    const api = await activated();
    const content = Array.from(
      { length: 120 },
      (_, line) => `Line ${line} tells of the sea, the wind and the boats.`,
    );
    const document = await vscode.workspace.openTextDocument({ content: content.join('\n') });
    const textDocument = { uri: document.uri.toString() };
    const windowAt = async (position: Position): Promise<WindowInfo> => {
      const slice: [number, number] = [0, 1];
      return (await api.request('attentionLens/tokens', { textDocument, position, slice })).window;
    };
    const { count } = await windowAt({ line: 0, character: 0 });
    ok(count !== null && count > 2, `too few windows: ${count}`);
    for (const guess of [0, 60, 119]) {
      for (let index = 0; index < count; index++) {
        const found = await positionInWindow(index, { line: guess, character: 0 }, windowAt);
        ok(found, `window ${index} was not found from line ${guess}`);
        equal((await windowAt(found)).index, index);
      }
    }
    const [text] = await hoverAt(document, new vscode.Position(119, 2));
    ok(text && /Line/.test(text.value), 'no hover at the end');
  });
});
