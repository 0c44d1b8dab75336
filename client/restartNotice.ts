import * as vscode from 'vscode';
import type { Status } from '../server/protocol';

/** One message for each time that the engine came back by itself; the status bar shows the rest. */
export function announceRestarts(): (status: Status | null) => void {
  let before: string | undefined;
  return (status) => {
    const message = status?.message;
    if (status?.state === 'ready' && message && message !== before)
      void vscode.window.showInformationMessage(vscode.l10n.t('Attention Lens: {0}', message));
    before = message;
  };
}
