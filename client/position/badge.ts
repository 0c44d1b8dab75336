/** In the status bar while position is changed, so that nobody takes what is shown for the model's own. */
import * as vscode from 'vscode';
import type { Status } from '../../server/protocol';
import type { AttentionServer } from '../connection/attentionServer';
import { changeLabel } from './label';

export class PositionBadge implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(
    'attentionLens.position',
    vscode.StatusBarAlignment.Right,
    89.9,
  );
  readonly #stop: () => void;
  #changed = false;

  constructor(server: AttentionServer) {
    this.#item.name = vscode.l10n.t('Attention Lens: position');
    this.#item.command = 'attentionLens.restorePosition';
    this.#item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    this.#stop = server.onStatus((status) => this.#show(status));
  }

  dispose(): void {
    this.#stop();
    this.#item.dispose();
  }

  #show(status: Status | null): void {
    const change = status?.state === 'ready' ? status.selection.encoding : null;
    this.#setContext(change !== null);
    if (!change) return this.#item.hide();
    const label = changeLabel(change, vscode.l10n.t);
    this.#item.text = `$(beaker) ${label}`;
    this.#item.tooltip = vscode.l10n.t(
      'Position is changed in hover, overlay and heatmap. Click to restore it.',
    );
    this.#item.accessibilityInformation = {
      label: `${label}. ${vscode.l10n.t('Restore position')}`,
      role: 'button',
    };
    this.#item.show();
  }

  /** For the menus: there is something to restore. */
  #setContext(changed: boolean): void {
    if (changed === this.#changed) return;
    this.#changed = changed;
    void vscode.commands.executeCommand('setContext', 'attentionLens.positionChanged', changed);
  }
}
