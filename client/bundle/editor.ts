/** The editor of *.attnlens files: the panel, with the bundle's numbers in place of the engine's. */
import * as vscode from 'vscode';
import { columnBeside } from '../activeText';
import type { LanguageServer } from '../connection/languageServer';
import { chooseOne } from '../export/chooseOne';
import { copyText } from '../export/copyText';
import { saveFile } from '../export/saveFile';
import { pageHtml, pageIcon, pageOptions } from '../panel/page';
import { connectPages, type PageChannel } from '../panel/pages';
import type { Bundle } from './bundle';
import { BundleError, bundleSentence, quotable } from './bundleError';
import { BundleCheck } from './check';
import { BundleHost } from './host';
import { readBundle } from './readBundle';
import { refusedHost } from './refusedHost';
import type { BundleTexts } from './texts';

export const BUNDLE_EDITOR = 'attentionLens.bundle';

/** Of the file, packed. */
const MOST_BYTES = 2 ** 28;

/** A file that was read, or why it is not shown. */
interface BundleDocument extends vscode.CustomDocument {
  opened: Bundle | string;
}

export class BundleEditors implements vscode.CustomReadonlyEditorProvider<BundleDocument> {
  readonly #extension: vscode.Uri;
  readonly #server: LanguageServer;
  readonly #texts: BundleTexts;

  constructor(extension: vscode.Uri, server: LanguageServer, texts: BundleTexts) {
    this.#extension = extension;
    this.#server = server;
    this.#texts = texts;
  }

  async openCustomDocument(
    uri: vscode.Uri,
    _context: vscode.CustomDocumentOpenContext,
    token: vscode.CancellationToken,
  ): Promise<BundleDocument> {
    const given = new AbortController();
    token.onCancellationRequested(() => given.abort());
    const opened = await openFile(uri, given.signal);
    return { uri, opened, dispose: () => this.#texts.forget(uri) };
  }

  resolveCustomEditor({ uri, opened }: BundleDocument, panel: vscode.WebviewPanel): void {
    panel.webview.options = pageOptions(this.#extension);
    panel.iconPath = pageIcon(this.#extension);
    const disposables =
      typeof opened === 'string'
        ? [connectPages(panel.webview, (channel) => refusedHost(channel, opened, strings()))]
        : this.#serve(uri, opened, panel);
    panel.onDidDispose(() => {
      for (const disposable of disposables) disposable.dispose();
    });
    panel.webview.html = pageHtml(this.#extension, panel.webview);
  }

  #serve(uri: vscode.Uri, bundle: Bundle, panel: vscode.WebviewPanel): vscode.Disposable[] {
    const text = this.#texts.of(uri, bundle);
    const host = new BundleHost({
      bundle,
      uri: uri.toString(),
      translate: vscode.l10n.t,
      strings: strings(),
      saveFile,
      choose: chooseOne,
      copy: copyText,
      reveal: (query, key) => reveal(text, query ?? key),
    });
    const check = new BundleCheck({
      server: this.#server,
      bundle,
      translate: vscode.l10n.t,
      openText: async () => (await vscode.workspace.openTextDocument(text)).uri.toString(),
      changed: (found) => host.checked(found),
    });
    const serve = (channel: PageChannel): void => host.serve(channel);
    void check.run();
    return [
      connectPages(panel.webview, serve),
      check,
      { dispose: () => host.leave() },
      panel.onDidChangeViewState(() => {
        if (!panel.visible) host.leave();
      }),
    ];
  }
}

function strings(): { [key: string]: string } {
  return vscode.l10n.bundle ?? {};
}

/** The bundle, or a sentence that says why there is none. */
async function openFile(uri: vscode.Uri, signal: AbortSignal): Promise<Bundle | string> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MOST_BYTES) throw new BundleError('tooLarge');
    return await readBundle(await vscode.workspace.fs.readFile(uri), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof BundleError) return bundleSentence(error, vscode.l10n.t);
    const reason = error instanceof Error ? error.message : String(error);
    return vscode.l10n.t('The bundle could not be read: {0}', quotable(reason));
  }
}

/** Beside the panel, without taking the focus from it. */
async function reveal(text: vscode.Uri, range: RangeLike | null): Promise<void> {
  if (!range) return;
  const { start, end } = range;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(text), {
    viewColumn: columnBeside(),
    preserveFocus: true,
    selection: new vscode.Range(start.line, start.character, end.line, end.character),
  });
}

interface RangeLike {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

/** Has the person choose a bundle, and opens it. */
export async function openBundle(): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Open bundle'),
    filters: { [vscode.l10n.t('Attention Lens bundle')]: ['attnlens'] },
  });
  const [file] = chosen ?? [];
  if (file) await vscode.commands.executeCommand('vscode.openWith', file, BUNDLE_EDITOR);
}
