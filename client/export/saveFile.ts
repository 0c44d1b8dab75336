/** Saves what the panel exports as a file of the person's, on whatever file system is open. */
import * as vscode from 'vscode';
import type { ExportFile } from '../../webview/protocol';

const FILTERS: { readonly [kind in ExportFile['kind']]: string } = {
  svg: 'SVG',
  png: 'PNG',
  csv: 'CSV',
  npy: 'NumPy',
  npz: 'NumPy',
  json: 'JSON',
};

/**
 * Asks where to, and writes. Resolves with false when the person gave up; rejects when the place
 * refuses. VS Code's dialog asks before it names a file that is there; for what goes beside it, this does.
 */
export async function saveFile({ kind, name, bytes, beside }: ExportFile): Promise<boolean> {
  const place = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export'),
    filters: { [FILTERS[kind]]: [kind] },
    defaultUri: placeFor(`${fileName(name)}.${kind}`),
  });
  if (!place) return false;
  const second = beside && withExtension(place, beside.extension);
  if (second && !(await mayWrite(second))) return false;
  await vscode.workspace.fs.writeFile(place, bytes);
  if (second) await vscode.workspace.fs.writeFile(second, beside.bytes);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Saved {0}', baseName(place)), 4000);
  return true;
}

/** In the workspace's folder, where there is one. */
export function placeFor(name: string): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, name);
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const letters = [...name].map((letter) => (letter < ' ' ? '-' : letter)).join('');
  return letters.replaceAll(/[\\/:*?"<>|]/g, '-') || 'attention';
}

export function baseName({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function withExtension(place: vscode.Uri, extension: string): vscode.Uri {
  return place.with({ path: `${place.path.replace(/\.[^./]*$/, '')}.${extension}` });
}

async function mayWrite(place: vscode.Uri): Promise<boolean> {
  const found = await Promise.resolve(vscode.workspace.fs.stat(place)).catch(() => null);
  if (!found) return true;
  const replace = vscode.l10n.t('Replace');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('“{0}” is there already. Replace it?', baseName(place)),
    { modal: true, detail: vscode.l10n.t('It says what the axes of the array are.') },
    replace,
  );
  return chosen === replace;
}
