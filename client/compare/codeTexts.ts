/** The texts of VS Code that one can be compared with. */
import * as vscode from 'vscode';
import type { ComparedText, PanelComparable } from '../../webview/compare/protocol';
import { isAnalysable } from '../documents';
import { ServerFailure, toFailure } from '../connection/failure';
import { committedAddress } from './committedVersions';
import type { OtherTexts } from './otherTexts';
import type { SavedVersions } from './savedVersions';

export class CodeTexts implements OtherTexts {
  readonly #saved: SavedVersions;

  constructor(saved: SavedVersions) {
    this.#saved = saved;
  }

  async list(shown: string): Promise<PanelComparable> {
    const file = vscode.Uri.parse(shown);
    const documents = openDocuments()
      .filter((uri) => uri.toString() !== shown)
      .map((uri) => ({ uri: uri.toString(), name: vscode.workspace.asRelativePath(uri) }));
    const [saved, head] = await Promise.all([
      reasonOf(savedFile(file)),
      reasonOf(committedAddress(file)),
    ]);
    return { documents, saved, head };
  }

  async locate(text: ComparedText, shown: string): Promise<string> {
    const file = vscode.Uri.parse(shown);
    switch (text.kind) {
      case 'shown':
        return shown;
      case 'document':
        return text.uri;
      case 'saved':
        return this.#saved.addressOf(await explained(savedFile(file))).toString();
      case 'head':
        return (await explained(committedAddress(file))).toString();
    }
  }

  async chooseModel(): Promise<void> {
    await vscode.commands.executeCommand('attentionLens.chooseModel');
  }

  onDidChange(listener: () => void): vscode.Disposable {
    return vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
      if (opened.length + closed.length > 0) listener();
    });
  }
}

/** What stands in tabs: documents that an extension opened in secret are nobody's. */
function openDocuments(): vscode.Uri[] {
  const found = new Map<string, vscode.Uri>();
  for (const { input } of vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs))
    if (input instanceof vscode.TabInputText && isAnalysable(input))
      found.set(input.uri.toString(), input.uri);
  return [...found.values()];
}

/** The file itself, if there is one. */
async function savedFile(file: vscode.Uri): Promise<vscode.Uri> {
  if (file.scheme === 'untitled')
    throw new Error(vscode.l10n.t('The document has never been saved.'));
  try {
    await vscode.workspace.fs.stat(file);
  } catch {
    throw new Error(vscode.l10n.t('The document is not a file that can be read from disk.'));
  }
  return file;
}

/** Null where the address can be had, else the sentence that says why not. */
async function reasonOf(address: Promise<vscode.Uri>): Promise<string | null> {
  try {
    await address;
    return null;
  } catch (error) {
    return toFailure(error).message;
  }
}

async function explained(address: Promise<vscode.Uri>): Promise<vscode.Uri> {
  try {
    return await address;
  } catch (error) {
    throw new ServerFailure('invalidParams', toFailure(error).message);
  }
}
