/** Follows the server's progress on what was asked of it. */
import * as vscode from 'vscode';
import { WorkDoneProgress, type BaseLanguageClient } from 'vscode-languageclient';

export class Activity implements vscode.Disposable {
  readonly #running = new Map<string, number>();
  readonly #changed = new vscode.EventEmitter<number | null>();
  #next = 1;

  /** Share (0 … 1) of the work that is least far; null when none runs. */
  readonly onDidChange = this.#changed.event;

  /** A token for one request; dispose of it when the request has been answered. */
  follow(
    client: BaseLanguageClient,
    onProgress?: (share: number, message?: string) => void,
  ): vscode.Disposable & { token: string } {
    const token = `attentionLens.${this.#next++}`;
    const listener = client.onProgress(WorkDoneProgress.type, token, (value) => {
      if (value.kind === 'end') return this.#finish(token);
      const share = (value.percentage ?? 0) / 100;
      this.#running.set(token, share);
      onProgress?.(share, value.message);
      this.#fire();
    });
    return {
      token,
      dispose: () => {
        listener.dispose();
        this.#finish(token);
      },
    };
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #finish(token: string): void {
    if (this.#running.delete(token)) this.#fire();
  }

  #fire(): void {
    this.#changed.fire(this.#running.size === 0 ? null : Math.min(...this.#running.values()));
  }
}
