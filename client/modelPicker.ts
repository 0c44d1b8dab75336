/** The quick pick behind *Choose Model*: what can be used, and nothing else. */
import * as vscode from 'vscode';
import type { Model } from '../server/protocol';
import type { LanguageServer } from './connection/languageServer';
import { BUNDLED_MODEL, CHAPTER_MODEL, useModel } from './models';
import { SECTION } from './settings';

interface Item extends vscode.QuickPickItem {
  model: string;
}

/** Lets the person choose a model, loads it, and keeps the choice when that went well. */
export async function pickModel(server: LanguageServer): Promise<void> {
  const configured = vscode.workspace.getConfiguration(SECTION).get('model', BUNDLED_MODEL);
  const chosen = await vscode.window.showQuickPick(
    items(server.status?.model ?? null, configured),
    {
      title: vscode.l10n.t('Model to look into'),
      placeHolder: vscode.l10n.t('Models run on this machine; no text leaves it.'),
      matchOnDetail: true,
    },
  );
  if (!chosen) return;
  await useModel(server, chosen.model);
  if (chosen.model !== configured)
    await vscode.workspace
      .getConfiguration(SECTION)
      .update('model', chosen.model, vscode.ConfigurationTarget.Global);
}

function items(inUse: Model | null, configured: string): Item[] {
  const current = inUse?.id ?? configured;
  const offered: Item[] = [
    {
      model: BUNDLED_MODEL,
      label: vscode.l10n.t('Bundled: all-MiniLM-L6-v2'),
      detail: vscode.l10n.t('A small English sentence encoder; part of the extension.'),
    },
    {
      model: CHAPTER_MODEL,
      label: vscode.l10n.t("The Chapter's model"),
      detail: vscode.l10n.t(
        'One attention layer as a textbook builds it, untrained: every control and every step can be seen.',
      ),
    },
  ];
  return offered.map((item) => (item.model === current ? { ...item, ...inUseNow(inUse) } : item));
}

function inUseNow(model: Model | null): Pick<Item, 'description' | 'detail'> {
  if (!model) return { description: vscode.l10n.t('in use') };
  return {
    description: vscode.l10n.t('in use'),
    detail: vscode.l10n.t(
      'Layers: {0}, heads: {1}, tokens of context: {2}',
      model.layers,
      model.heads,
      model.contextLength,
    ),
  };
}
