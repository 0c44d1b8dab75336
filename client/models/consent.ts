/** The question before anything is asked of a model hub. */
import * as vscode from 'vscode';
import type { ConfirmDownloadParams, ConfirmDownloadResult } from '../../server/protocol';

/**
 * A download is agreed to in a dialog of its own. Where only the settings name a model, nobody is
 * waiting for it: the question then stands in a corner.
 */
export async function confirmDownload({
  step,
  message,
  detail,
}: ConfirmDownloadParams): Promise<ConfirmDownloadResult> {
  const lookUp = step === 'lookUp';
  const yes = lookUp ? vscode.l10n.t('Ask') : vscode.l10n.t('Download');
  const chosen = lookUp
    ? await vscode.window.showInformationMessage(
        vscode.l10n.t('Attention Lens: {0}', `${message} ${detail}`),
        yes,
        vscode.l10n.t('Not now'),
      )
    : await vscode.window.showInformationMessage(message, { modal: true, detail }, yes);
  return { accepted: chosen === yes };
}
