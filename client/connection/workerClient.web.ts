import * as vscode from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
} from 'vscode-languageclient/browser';
import type { ReadFileParams } from '../../server/protocol';
import { CLIENT_ID, CLIENT_NAME } from './clientOptions';
import { readExtensionFile } from './readFile';

/** A language client whose server is a web worker that reads the extension's files through us. */
export class WorkerClient extends LanguageClient {
  readonly #extension: vscode.Uri;

  constructor(extension: vscode.Uri, options: LanguageClientOptions) {
    let worker: Worker | undefined;
    super(
      CLIENT_ID,
      CLIENT_NAME,
      async () => {
        worker?.terminate();
        worker = await startWorker(vscode.Uri.joinPath(extension, 'dist', 'server.web.js'));
        // Some hosts hand out workers that are no instances of `Worker`, which the
        // language client would not know: give it the ends of the wire instead.
        return {
          reader: new BrowserMessageReader(worker),
          writer: new BrowserMessageWriter(worker),
        };
      },
      options,
    );
    this.#extension = extension;
    this.onRequest('attentionLens/readFile', (params: ReadFileParams) => this.#read(params));
    this.#end = () => worker?.terminate();
  }

  readonly #end: () => void;

  override async dispose(timeoutMs?: number): Promise<void> {
    try {
      await super.dispose(timeoutMs);
    } finally {
      this.#end();
    }
  }

  #read(params: ReadFileParams): ReturnType<typeof readExtensionFile> {
    return readExtensionFile(params, this.#extension, {
      parse: (uri) => vscode.Uri.parse(uri, true),
      read: (uri) => vscode.workspace.fs.readFile(uri),
    });
  }
}

/**
 * Starts a worker from a blob: hosts with a remote refuse workers by URL, and
 * this way works on every one of them.
 */
async function startWorker(script: vscode.Uri): Promise<Worker> {
  const source = await vscode.workspace.fs.readFile(script);
  const url = URL.createObjectURL(new Blob([source.slice().buffer], { type: 'text/javascript' }));
  return new Worker(url, { name: CLIENT_NAME });
}
