import type * as vscode from 'vscode';
import { WorkerClient } from './connection/workerClient.web';
import type { AttentionLensApi } from './api';
import { start, type Extension } from './extension';

let extension: Extension | undefined;

/** The extension in a web worker host: the server is a worker of its own. */
export function activate(context: vscode.ExtensionContext): AttentionLensApi {
  extension = start(context, {
    create: (options) => new WorkerClient(context.extensionUri, options),
  });
  return extension.api;
}

/** Waits for the server to end. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
  extension = undefined;
}
