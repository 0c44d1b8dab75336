/** Saves what the panel shows as a file of the person's, on whatever file system is open. */
import * as vscode from 'vscode';
import type { MatrixFile } from './host';

/** Asks where to, and writes. Resolves with false when the person gave up; rejects when the place refuses. */
export async function saveFile({ kind, name, bytes }: MatrixFile): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const fileName = `${name.replaceAll(/[\\/:*?"<>|]/g, '-')}.${kind}`;
  const place = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the matrix'),
    filters: kind === 'csv' ? { CSV: ['csv'] } : { NumPy: ['npy'] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, fileName) }),
  });
  if (!place) return false;
  await vscode.workspace.fs.writeFile(place, bytes);
  return true;
}
