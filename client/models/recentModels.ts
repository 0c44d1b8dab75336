/** Models of the person's own that were in use, the newest first. */
import type * as vscode from 'vscode';

const KEY = 'attentionLens.recentModels';
const KEPT = 8;

export class RecentModels {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get all(): readonly string[] {
    const kept: unknown = this.#state.get(KEY);
    return Array.isArray(kept) ? kept.filter((each) => typeof each === 'string') : [];
  }

  /** What comes with the extension is always offered and need not be kept. */
  async add(model: string): Promise<void> {
    if (!/^(file|hf):/.test(model)) return;
    const others = this.all.filter((each) => each !== model);
    await this.#state.update(KEY, [model, ...others].slice(0, KEPT));
  }

  async remove(model: string): Promise<void> {
    await this.#state.update(
      KEY,
      this.all.filter((each) => each !== model),
    );
  }
}
