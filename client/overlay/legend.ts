/** What the overlay shades, in the status bar: direction, colours, and whose row it is. */
import * as vscode from 'vscode';
import type { Overlay } from './overlay';

export class OverlayLegend implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(
    'attentionLens.overlay',
    vscode.StatusBarAlignment.Right,
    89.8,
  );
  readonly #overlay: Overlay;
  readonly #disposables: vscode.Disposable[];

  constructor(overlay: Overlay) {
    this.#overlay = overlay;
    this.#item.name = vscode.l10n.t('Attention Lens: overlay');
    this.#item.command = 'attentionLens.toggleOverlayDirection';
    this.#disposables = [
      this.#item,
      overlay.onDidChange(() => this.#update()),
      overlay.onDidDraw(() => this.#update()),
    ];
    this.#update();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #update(): void {
    const { enabled, direction, pinned, drawn } = this.#overlay;
    if (!enabled) return this.#item.hide();
    const name = direction === 'reads' ? vscode.l10n.t('reads') : vscode.l10n.t('read by');
    const of =
      drawn?.selected === undefined
        ? ''
        : ` · ${vscode.l10n.t('selection: {0} tokens', drawn.selected)}`;
    this.#item.text = `${pinned ? '$(pinned)' : '$(paintcan)'} ■ ${name}${of}`;
    this.#item.color = new vscode.ThemeColor(`attentionLens.${direction}`);
    this.#item.tooltip = tooltip(drawn?.refusal !== undefined);
    this.#item.accessibilityInformation = {
      label: `${vscode.l10n.t('Attention Lens: overlay')}: ${name}${of}${
        pinned ? ` · ${vscode.l10n.t('pinned')}` : ''
      }`,
      role: 'button',
    };
    this.#item.show();
  }
}

function tooltip(refused: boolean): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.supportHtml = true;
  text.supportThemeIcons = true;
  const square = (direction: 'reads' | 'readBy'): string =>
    `<span style="color:var(--vscode-attentionLens-${direction});">■</span> `;
  const line = (direction: 'reads' | 'readBy', sentence: string): void => {
    text.appendMarkdown(square(direction));
    text.appendText(sentence);
    text.appendMarkdown('\n\n');
  };
  line(
    'reads',
    vscode.l10n.t('reads: the stronger the tint, the more the outlined token reads there'),
  );
  line('readBy', vscode.l10n.t('read by: tinted and underlined is what reads the outlined token'));
  if (refused) {
    text.appendText(
      vscode.l10n.t(
        'The selection has no row of its own: no token stands in it, or it is longer than the model reads at once. Shown is the row of the cursor.',
      ),
    );
    text.appendMarkdown('\n\n');
  }
  const commands = [
    ['attentionLens.toggleOverlayDirection', vscode.l10n.t('Turn round')],
    ['attentionLens.pinToken', vscode.l10n.t('Pin the token at the cursor')],
    ['attentionLens.unpinToken', vscode.l10n.t('Unpin')],
    ['attentionLens.toggleOverlay', vscode.l10n.t('Turn off')],
  ] as const;
  text.appendMarkdown(
    commands.map(([command, title]) => `[${title}](command:${command})`).join(' · '),
  );
  text.isTrusted = { enabledCommands: commands.map(([command]) => command) };
  return text;
}
