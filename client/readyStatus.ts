import * as vscode from 'vscode';
import type { Model, Status } from '../server/protocol';
import type { LanguageServer } from './connection/languageServer';

/** What the server says of itself once a model is there; waits for it with progress where the person looks. */
export async function readyStatus(server: LanguageServer): Promise<Status & { model: Model }> {
  const status = await server.request('attentionLens/status', {});
  if (status.model) return { ...status, model: status.model };
  const model = await loaded(server);
  return { ...(await server.request('attentionLens/status', {})), model };
}

function loaded(server: LanguageServer): Thenable<Model> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Loading the attention model'),
      cancellable: true,
    },
    (_progress, token) => server.model(token),
  );
}
