import * as vscode from 'vscode';
import { equal, ok, until } from './assert';
import { activated } from './attentionLens';

const LINK = 'vscode://attention-lens.attention-lens/open';

/** What no link may change. */
async function untouched(): Promise<string> {
  const api = await activated();
  const settings = vscode.workspace.getConfiguration('attentionLens');
  const names = ['model', 'hub.endpoint', 'engine.backend', 'engine.threads', 'hover.enabled'];
  return JSON.stringify([
    names.map((name) => settings.get<unknown>(name)),
    api.status?.model?.id ?? null,
    api.status?.selection.reading ?? null,
    api.status?.selection.encoding ?? null,
  ]);
}

/** Follows a link to its end; whatever is said about it is cleared away. */
async function follow(link: string): Promise<void> {
  let ended = false;
  void vscode.commands.executeCommand('attentionLens.openLink', link).then(() => (ended = true));
  await until(() => {
    void vscode.commands.executeCommand('notifications.clearAll');
    return ended;
  }, `the link ${link} to be followed`);
}

async function fileInWorkspace(): Promise<vscode.Uri> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  ok(folder, 'a folder is open');
  const file = vscode.Uri.joinPath(folder.uri, 'deepLink.txt');
  await vscode.workspace.fs.writeFile(
    file,
    new TextEncoder().encode('The keeper answered.\nTwice.'),
  );
  return file;
}

describe('a link to a place', () => {
  before(async () => {
    // The server runs, so that there is a model and a selection that could be changed.
    await (await activated()).request('attentionLens/status', {});
    const api = await activated();
    await until(() => api.status?.state === 'ready', 'a model');
  });

  it('that is wrong opens nothing and changes nothing', async () => {
    const file = encodeURIComponent(encodeURIComponent((await fileInWorkspace()).toString()));
    const missing = encodeURIComponent(
      encodeURIComponent((await fileInWorkspace()).with({ path: '/no/such/file.txt' }).toString()),
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const before = await untouched();
    for (const link of [
      `${LINK}?file=${missing}`,
      `${LINK}?file=${file}&layer=99`,
      `${LINK}?file=${file}&head=99`,
      `${LINK}?file=${file}&line=0`,
      `${LINK}?file=${file}&line=1e9`,
      `${LINK}?file=${file}&view=settings`,
      `${LINK}?line=1`,
      `${LINK.replace('/open', '/run')}?file=${file}`,
      'https://example.com/open?file=x',
      'command:workbench.action.closeWindow',
    ]) {
      await follow(link);
      equal(vscode.window.visibleTextEditors.length, 0, link);
      equal(await untouched(), before, link);
    }
  });

  it('opens file, place and head, and passes over whatever else it names', async () => {
    const uri = await fileInWorkspace();
    const file = encodeURIComponent(encodeURIComponent(uri.toString()));
    const before = await untouched();
    const more = 'model=chapter&endpoint=https%3A%2F%2Fexample.com&reading=rollout&encoding=off';
    await follow(`${LINK}?file=${file}&line=2&character=3&layer=1&head=2&${more}`);
    const editor = vscode.window.activeTextEditor;
    equal(editor?.document.uri.toString(), uri.toString());
    equal([editor?.selection.active.line, editor?.selection.active.character], [1, 2]);
    const api = await activated();
    const isChosen = (): boolean =>
      api.status?.selection.layer === 1 && api.status.selection.head === 2;
    await until(isChosen, 'the head to be chosen');
    equal(await untouched(), before);
  });

  after(async () => {
    const everything = { layer: null, head: null };
    await (await activated()).request('attentionLens/setSelection', everything);
  });
});
