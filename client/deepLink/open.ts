/** Follows a link to a place, and writes one. */
import * as vscode from 'vscode';
import { choose } from '../../server/selectionRules';
import type { LanguageServer } from '../connection/languageServer';
import { isAnalysable } from '../documents';
import type { HeatmapPanels } from '../panel/panel';
import { readyStatus } from '../readyStatus';
import { LINK_PATH, LinkError, readLink, writeLink, type Link } from './link';

const EXTENSION = 'attention-lens.attention-lens';

/** Schemes of files that a link may name; those of the workspace's folders come to them. */
const FILE_SCHEMES = ['file', 'vscode-remote', 'vscode-vfs'];

/**
 * Opens what the link names, once all of it has been checked: file, place, head, view. It never
 * chooses a model, a host or a setting. Rejects with `LinkError`.
 */
export async function openLink(
  uri: vscode.Uri,
  server: LanguageServer,
  panel: HeatmapPanels,
): Promise<void> {
  const link = readLink(uri.path, uri.query, vscode.l10n.t);
  const file = fileOf(link.file);
  await requireFile(file);
  const choice = await headOf(link, server);
  if (!(await mayOpen(file))) return;
  const document = await vscode.workspace.openTextDocument(file);
  const { line, character } = link.position;
  const place = document.validatePosition(new vscode.Position(line, character));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
  if (choice) await server.request('attentionLens/setSelection', choice);
  if (link.view === null) return;
  const target = {
    uri: document.uri.toString(),
    position: { line: place.line, character: place.character },
  };
  await panel.showView(target, { view: link.view });
}

/** Follows a link that the person has as text; asks for it unless it is given. */
export async function openWrittenLink(
  written: unknown,
  server: LanguageServer,
  panel: HeatmapPanels,
): Promise<void> {
  const text = typeof written === 'string' ? written : await askForLink();
  if (!text) return;
  const uri = /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? vscode.Uri.parse(text.trim()) : null;
  if (uri?.authority.toLowerCase() !== EXTENSION)
    throw new LinkError(
      vscode.l10n.t('That is no link of Attention Lens; copy one with Copy Link to This View.'),
    );
  await openLink(uri, server, panel);
}

function askForLink(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Open a link to a view'),
    placeHolder: `${vscode.env.uriScheme}://${EXTENSION}${LINK_PATH}?file=…`,
  });
}

/** Puts a link to the editor's place, the panel's view and the head shown into the clipboard. */
export async function copyLink(server: LanguageServer, panel: HeatmapPanels): Promise<void> {
  const editor =
    vscode.window.activeTextEditor ??
    vscode.window.visibleTextEditors.find(({ document }) => isAnalysable(document));
  if (!editor || !isAnalysable(editor.document))
    throw new LinkError(vscode.l10n.t('Open a document first: a link names a place in one.'));
  const { uri } = editor.document;
  if (!schemes().includes(uri.scheme))
    throw new LinkError(vscode.l10n.t('Save the document first: a link names a file.'));
  const { line, character } = editor.selection.active;
  const { layer, head } = (await readyStatus(server)).selection;
  const text = writeLink(vscode.env.uriScheme, EXTENSION, {
    file: uri.toString(),
    position: { line, character },
    view: panel.view,
    layer,
    head,
  });
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Link copied'), 3000);
}

function schemes(): string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return [...FILE_SCHEMES, ...folders.map(({ uri }) => uri.scheme)];
}

/** A path is one of the machine that the workspace is on. */
function fileOf(file: string): vscode.Uri {
  if (/^(\/|[a-zA-Z]:[\\/])/.test(file)) {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const local = vscode.Uri.file(file);
    return folder ? folder.uri.with({ path: local.path }) : local;
  }
  const uri = /^[a-z][a-z0-9+.-]*:\//i.test(file) ? vscode.Uri.parse(file) : null;
  if (uri && schemes().includes(uri.scheme)) return uri;
  throw new LinkError(
    vscode.l10n.t(
      'The link’s file must be an absolute path or the URI of a file; nothing was opened.',
    ),
  );
}

async function requireFile(uri: vscode.Uri): Promise<void> {
  const found = await Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => null);
  if (found && (found.type & vscode.FileType.Directory) === 0) return;
  throw new LinkError(
    vscode.l10n.t('There is no file “{0}” here; nothing was opened.', shown(uri)),
  );
}

/** The selection with the link's head; null where it names none. */
async function headOf(
  { layer, head }: Link,
  server: LanguageServer,
): Promise<ReturnType<typeof choose> | null> {
  if (layer === null && head === null) return null;
  const { model, selection } = await readyStatus(server);
  const wrong =
    layer !== null && layer >= model.layers
      ? vscode.l10n.t('layer {0}', layer)
      : head !== null && head >= model.heads
        ? vscode.l10n.t('head {0}', head)
        : null;
  if (wrong !== null)
    throw new LinkError(
      vscode.l10n.t(
        'The link names {0}, but {1} has layers 0 to {2} and heads 0 to {3}; nothing was opened.',
        wrong,
        model.name,
        model.layers - 1,
        model.heads - 1,
      ),
    );
  return choose(selection, { layer, head });
}

/** A link from elsewhere may point anywhere: outside of the workspace the person is asked. */
async function mayOpen(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.getWorkspaceFolder(uri)) return true;
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('A link wants to open a file outside of the workspace.'),
    { modal: true, detail: shown(uri) },
    open,
  );
  return chosen === open;
}

function shown(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
}
