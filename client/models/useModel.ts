/** How a model is put to use. */
import * as vscode from 'vscode';
import type { Model } from '../../server/protocol';
import { ServerFailure, toFailure } from '../connection/failure';
import type { LanguageServer } from '../connection/languageServer';

/**
 * Loads a model and makes it the one in use, with progress where the person looks; keeps no
 * setting. Rejects with `ServerFailure`, `cancelled` where the person did not want it after all.
 */
export async function useModel(server: LanguageServer, model: string): Promise<Model> {
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Loading the attention model'),
      cancellable: true,
    },
    async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      let told = 0;
      const onProgress = (share: number, message?: string): void => {
        progress.report({ increment: (share - told) * 100, ...(message ? { message } : {}) });
        told = share;
      };
      const { signal } = controller;
      return server.request('attentionLens/selectModel', { model }, { signal, onProgress });
    },
  ).then(undefined, (error: unknown) => {
    throw declined(error);
  });
  return result.model;
}

/** Here the person can always be asked, so a missing consent is a "no" just given. */
function declined(error: unknown): ServerFailure {
  const failure = toFailure(error);
  return failure.reason === 'consentRequired'
    ? new ServerFailure('cancelled', failure.message)
    : failure;
}
