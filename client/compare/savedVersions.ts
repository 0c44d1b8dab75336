/** Documents as they are saved on disk, beside what is edited of them. */
import * as vscode from 'vscode';

/** Documents of this scheme hold what the file they are named after has on disk. */
export const SAVED_SCHEME = 'attention-lens-saved';

export class SavedVersions implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  /** By file: who hears that it was written by somebody else. */
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #listeners: vscode.Disposable[];

  constructor() {
    this.#listeners = [
      vscode.workspace.registerTextDocumentContentProvider(SAVED_SCHEME, this),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#announce(uri)),
    ];
  }

  /** The address of a file's saved version. */
  addressOf(file: vscode.Uri): vscode.Uri {
    return vscode.Uri.from({ scheme: SAVED_SCHEME, path: file.path, query: file.toString() });
  }

  /** The text on disk, in the encoding that VS Code reads the file in. Rejects where there is none. */
  async provideTextDocumentContent(address: vscode.Uri): Promise<string> {
    const file = vscode.Uri.parse(address.query);
    this.#watch(file);
    const bytes = await vscode.workspace.fs.readFile(file);
    return vscode.workspace.decode(bytes, { uri: file });
  }

  dispose(): void {
    for (const watcher of [...this.#watchers.values(), ...this.#listeners]) watcher.dispose();
    this.#watchers.clear();
    this.#changed.dispose();
  }

  #watch(file: vscode.Uri): void {
    const key = file.toString();
    if (this.#watchers.has(key)) return;
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const folder = vscode.Uri.joinPath(file, '..');
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, escaped(name)),
    );
    watcher.onDidChange(() => this.#announce(file));
    watcher.onDidCreate(() => this.#announce(file));
    this.#watchers.set(key, watcher);
  }

  #announce(file: vscode.Uri): void {
    if (this.#watchers.has(file.toString())) this.#changed.fire(this.addressOf(file));
  }
}

/** A file's name as a pattern that means it alone. */
function escaped(name: string): string {
  return name.replace(/[[\]{}*?]/g, (sign) => `[${sign}]`);
}
