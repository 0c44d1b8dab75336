import { join } from 'node:path';
import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { CLIENT_ID, CLIENT_NAME } from './connection/clientOptions';
import type { AttentionLensApi } from './api';
import { start, type Extension } from './extension';
import { storageFetcher } from './models/fetcher.node';

let extension: Extension | undefined;

/** The extension in a Node host: the server is a child process. */
export function activate(context: vscode.ExtensionContext): AttentionLensApi {
  const module = join(context.extensionPath, 'dist', 'attention-lens-server.js');
  extension = start(context, {
    create: (options) =>
      new LanguageClient(
        CLIENT_ID,
        CLIENT_NAME,
        {
          run: { module, transport: TransportKind.ipc },
          debug: {
            module,
            transport: TransportKind.ipc,
            options: { execArgv: ['--nolazy', '--inspect=6009'] },
          },
        },
        options,
      ),
    hub: {
      fetch: storageFetcher(context.globalStorageUri.fsPath),
      endpoint: process.env.HF_ENDPOINT,
    },
  });
  return extension.api;
}

/** Waits for the server to end. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
  extension = undefined;
}
