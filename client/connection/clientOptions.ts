/** How the language client is set up, the same for both targets. */
import type * as vscode from 'vscode';
import { RevealOutputChannelOn, type LanguageClientOptions } from 'vscode-languageclient';
import { isAnalysable } from '../documents';
import { SECTION, serverSettings } from '../settings';
import { mutedTrace } from './mutedTrace';

export const CLIENT_ID = 'attentionLens';
export const CLIENT_NAME = 'Attention Lens';

/**
 * Fresh options for one start: they carry the settings of that moment. `storage` is the folder for
 * what the server downloads, where it can.
 */
export function clientOptions(
  extension: vscode.Uri,
  log: vscode.LogOutputChannel,
  storage: string | undefined,
): LanguageClientOptions {
  return {
    documentSelector: [{ language: '*' }],
    outputChannel: log,
    traceOutputChannel: mutedTrace(),
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: {
      ...serverSettings(),
      assets: extension.toString(),
      ...(storage === undefined ? {} : { storage }),
    },
    initializationFailedHandler: () => false,
    middleware: {
      didOpen: (document, next) => (isAnalysable(document) ? next(document) : Promise.resolve()),
      didChange: (event, next) => (isAnalysable(event.document) ? next(event) : Promise.resolve()),
      didClose: (document, next) => (isAnalysable(document) ? next(document) : Promise.resolve()),
      // Our own provider asks for hovers, so that the server need not run for
      // VS Code to know that there are some; a second one would show them twice.
      provideHover: () => null,
      workspace: {
        // The section also holds the client's own settings; the server is told its part.
        configuration: ({ items }) =>
          items.map(({ section }) => (section === SECTION ? serverSettings() : null)),
      },
    },
  };
}
