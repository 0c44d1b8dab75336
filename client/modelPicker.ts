/** The quick pick behind *Choose Model*: what can be used, and nothing else. */
import * as vscode from 'vscode';
import type { LanguageServer } from './connection/languageServer';
import { SECTION } from './settings';

interface Item extends vscode.QuickPickItem {
  model: string;
}

/** Lets the person choose a model, loads it, and keeps the choice when that went well. */
export async function pickModel(server: LanguageServer): Promise<void> {
  const configured = vscode.workspace.getConfiguration(SECTION).get('model', 'bundled');
  const chosen = await vscode.window.showQuickPick(items(server, configured), {
    title: vscode.l10n.t('Model to look into'),
    placeHolder: vscode.l10n.t('Models run on this machine; no text leaves it.'),
  });
  if (!chosen) return;
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Loading the attention model'),
    },
    () => server.request('attentionLens/selectModel', { model: chosen.model }),
  );
  if (chosen.model !== configured)
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('model', chosen.model, vscode.ConfigurationTarget.Global);
}

function items(server: LanguageServer, configured: string): Item[] {
  const inUse = server.status?.model;
  return [
    {
      model: 'bundled',
      label: vscode.l10n.t('Bundled: all-MiniLM-L6-v2'),
      description: configured === 'bundled' ? vscode.l10n.t('in use') : undefined,
      detail: inUse
        ? vscode.l10n.t(
            '{0} layers, {1} heads, {2} tokens of context',
            inUse.layers,
            inUse.heads,
            inUse.contextLength,
          )
        : vscode.l10n.t('A small English sentence encoder; part of the extension.'),
    },
  ];
}
