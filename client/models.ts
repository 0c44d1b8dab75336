/** The models that can be chosen, and how one of them is put to use. */
import * as vscode from 'vscode';
import type { Model } from '../server/protocol';
import type { LanguageServer } from './connection/languageServer';

/** As the setting, `attentionLens/selectModel` and a model's `id` name them. */
export const BUNDLED_MODEL = 'bundled';
export const CHAPTER_MODEL = 'chapter';

/** Loads a model and makes it the one in use, with progress where the person looks; keeps no setting. */
export async function useModel(server: LanguageServer, model: string): Promise<Model> {
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Loading the attention model'),
    },
    () => server.request('attentionLens/selectModel', { model }),
  );
  return result.model;
}
