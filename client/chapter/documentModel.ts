/** A document of numbers brings heads and an encoding of its own: the model by which it is read. */
import type * as vscode from 'vscode';
import type { Model, Status } from '../../server/protocol';
import type { LanguageServer } from '../connection/languageServer';

/** Of a document of numbers that the model in use reads so; null for any other text, and for one with a mistake in it. */
export async function numbersModel(
  server: LanguageServer,
  status: Status | null,
  document: vscode.TextDocument | undefined,
): Promise<Model | null> {
  if (!document || !status?.chapter) return null;
  try {
    const { model, numbers } = await server.request('attentionLens/tokens', {
      textDocument: { uri: document.uri.toString() },
      slice: [0, 0],
    });
    return numbers ? model : null;
  } catch {
    return null;
  }
}
