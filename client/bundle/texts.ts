/** The texts of opened bundles as documents of their own, that cannot be edited. */
import * as vscode from 'vscode';
import type { Bundle } from './bundle';

const SCHEME = 'attention-lens-bundle';

export class BundleTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  /** By URI. */
  readonly #texts = new Map<string, string>();
  readonly #registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  /** Where the text of the bundle in `file` is to be had. */
  of(file: vscode.Uri, { manifest, text }: Bundle): vscode.Uri {
    const uri = vscode.Uri.from({
      scheme: SCHEME,
      path: `/${manifest.document.name.replace(/[\\/:*?"<>|]/g, '-')}`,
      query: file.toString(),
    });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  /** The file is closed. */
  forget(file: vscode.Uri): void {
    for (const written of this.#texts.keys())
      if (vscode.Uri.parse(written).query === file.toString()) this.#texts.delete(written);
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.#texts.get(uri.toString());
  }

  dispose(): void {
    this.#registered.dispose();
  }
}
