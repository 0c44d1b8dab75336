/** *Manage Downloaded Models*: what is on the disk, and how it goes from there. */
import * as vscode from 'vscode';
import { sizeText } from '../../server/models/hub/size';
import type { Download } from '../../server/protocol';
import type { LanguageServer } from '../connection/languageServer';

interface Item extends vscode.QuickPickItem {
  download: Download;
}

/** Lets the person choose downloads and deletes them after a question. */
export async function manageDownloads(server: LanguageServer): Promise<void> {
  const { downloads, folder } = await server.request('attentionLens/downloads', {});
  if (downloads.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Attention Lens: no models are downloaded.'),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(downloads.map(itemOf), {
    title: vscode.l10n.t('Downloaded models: choose what to delete'),
    placeHolder: folder ?? '',
    canPickMany: true,
    matchOnDescription: true,
  });
  if (!chosen || chosen.length === 0) return;
  const bytes = chosen.reduce((sum, { download }) => sum + download.bytes, 0);
  const remove = vscode.l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete {0} from the disk ({1})?', chosen.map(({ label }) => label).join(', '), sizeText(bytes)),
    { modal: true, detail: vscode.l10n.t('It can be downloaded again.') },
    remove,
  );
  if (answer !== remove) return;
  for (const { download } of chosen) {
    const { model, commit } = download;
    await server.request('attentionLens/deleteDownload', { model, commit });
  }
}

function itemOf(download: Download): Item {
  const { model, commit, revisions, bytes, complete, inUse } = download;
  const state = inUse
    ? [vscode.l10n.t('in use')]
    : complete
      ? []
      : [vscode.l10n.t('broke off; choosing it again goes on')];
  return {
    download,
    label: model.slice('hf:'.length),
    description: [sizeText(bytes), ...state].join(' · '),
    detail: [...revisions, commit.slice(0, 12)].join(' · '),
  };
}
