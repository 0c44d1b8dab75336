/** Shows the report on the model in use as a page of its own; nothing is saved. */
import * as vscode from 'vscode';
import type { AttentionServer } from '../connection/attentionServer';
import { reportMarkdown } from './markdown';

const SCHEME = 'attention-lens-report';

export class ModelReport implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #server: Pick<AttentionServer, 'request'>;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration: vscode.Disposable;
  readonly onDidChange = this.#changed.event;
  #text = '';

  constructor(server: Pick<AttentionServer, 'request'>) {
    this.#server = server;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async show(): Promise<void> {
    this.#text = reportMarkdown(await this.#server.request('attentionLens/modelReport', {}));
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t('Model Report')}.md` });
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  provideTextDocumentContent(): string {
    return this.#text;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
