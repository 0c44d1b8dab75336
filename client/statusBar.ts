/** One status-bar item: what is shown, and how the engine is. */
import * as vscode from 'vscode';
import type { Model, Selection, Status } from '../server/protocol';
import { fitSelection } from '../server/selectionRules';
import { numbersModel } from './chapter/documentModel';
import type { LanguageServer } from './connection/languageServer';
import { isAnalysable } from './documents';
import { BUNDLED_MODEL } from './models/modelIds';
import { selectionLabel } from './selection/label';

export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem(
    'attentionLens.status',
    vscode.StatusBarAlignment.Right,
    90,
  );
  readonly #server: LanguageServer;
  readonly #selection: () => Selection;
  readonly #disposables: vscode.Disposable[];
  #activity: number | null = null;
  /** What reads the active document, where it brings a model of its own. */
  #numbers: Model | null = null;

  constructor(server: LanguageServer, selection: () => Selection) {
    this.#server = server;
    this.#selection = selection;
    this.#item.name = vscode.l10n.t('Attention Lens');
    this.#disposables = [
      this.#item,
      { dispose: server.onStatus(() => this.#update()) },
      server.onActivity((share) => {
        this.#activity = share;
        this.#update();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#update()),
    ];
    this.#update();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #update(): void {
    const status = this.#server.status;
    void this.#readNumbers(status);
    this.#show(status);
    const editor = vscode.window.activeTextEditor;
    if (editor && !isAnalysable(editor.document)) this.#item.hide();
    else this.#item.show();
  }

  /** What comes too late, after another editor or state, is passed over. */
  async #readNumbers(status: Status | null): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const numbers = await numbersModel(this.#server, status, editor?.document);
    const isNew = status === this.#server.status && editor === vscode.window.activeTextEditor;
    if (!isNew || JSON.stringify(numbers) === JSON.stringify(this.#numbers)) return;
    this.#numbers = numbers;
    this.#show(status);
  }

  #show(status: Status | null): void {
    const label = shownLabel(status, this.#selection(), this.#numbers);
    const failed = status?.state === 'failed';
    this.#item.command = failed ? 'attentionLens.restartEngine' : 'attentionLens.chooseHead';
    this.#item.backgroundColor = failed
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.#item.text = failed
      ? `$(warning) ${vscode.l10n.t('Attention Lens: stopped')}`
      : this.#busyText(status, label);
    this.#item.accessibilityInformation = {
      label: `${vscode.l10n.t('Attention Lens')}: ${failed ? (status.message ?? '') : label}`,
      role: 'button',
    };
    this.#item.tooltip = tooltip(status);
  }

  #busyText(status: Status | null, label: string): string {
    if (status?.state === 'starting')
      return `$(loading~spin) ${vscode.l10n.t('Loading the attention model')}`;
    if (this.#activity !== null)
      return `$(loading~spin) ${label} · ${Math.round(this.#activity * 100)} %`;
    return `$(eye) ${label}`;
  }
}

/** A model that is not the usual one is named. */
function shownLabel(status: Status | null, last: Selection, numbers: Model | null): string {
  const selection = status?.state === 'ready' ? status.selection : last;
  const shown = numbers ? fitSelection(selection, numbers) : selection;
  const label = selectionLabel(shown, vscode.l10n.t);
  if (status?.chapter) return `${vscode.l10n.t('Chapter model')} · ${label}`;
  const model = status?.model;
  return model && model.id !== BUNDLED_MODEL ? `${model.name} · ${label}` : label;
}

function tooltip(status: Status | null): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const line of describe(status)) {
    text.appendText(line);
    text.appendMarkdown('\n\n');
  }
  const commands = [
    ['attentionLens.openHeatmap', vscode.l10n.t('Open heatmap')],
    ['attentionLens.chooseReading', vscode.l10n.t('Choose reading')],
    ['attentionLens.toggleOverlay', vscode.l10n.t('Toggle overlay')],
    ['attentionLens.chooseModel', vscode.l10n.t('Choose model')],
    ['attentionLens.showLog', vscode.l10n.t('Show log')],
  ] as const;
  text.appendMarkdown(
    commands.map(([command, title]) => `[${title}](command:${command})`).join(' · '),
  );
  text.isTrusted = { enabledCommands: commands.map(([command]) => command) };
  return text;
}

function describe(status: Status | null): string[] {
  if (!status)
    return [vscode.l10n.t('The model is loaded with the first hover, overlay or heatmap.')];
  if (status.state === 'starting') return [vscode.l10n.t('The model is being loaded.')];
  if (status.state === 'failed')
    return [
      status.message ?? vscode.l10n.t('The engine stopped.'),
      vscode.l10n.t('Click to restart it.'),
    ];
  const { model, engine } = status;
  return [
    ...(model
      ? [
          vscode.l10n.t(
            'Model: {0} (layers: {1}, heads: {2})',
            model.name,
            model.layers,
            model.heads,
          ),
        ]
      : []),
    ...(model?.leftOut ?? []).map(({ layer, reason }) =>
      vscode.l10n.t('Layer {0} is not shown: {1}', layer, reason),
    ),
    vscode.l10n.t('Engine: {0}, threads: {1}', engine.backend, engine.threads),
    ...engine.passedOver.map(({ reason }) => reason),
    vscode.l10n.t('Click to choose layer and head.'),
  ];
}
