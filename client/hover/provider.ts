/** Hovers in every language: the server's text and one line of links. */
import * as vscode from 'vscode';
import { forLog, toFailure, type ServerFailure } from '../connection/failure';
import type { LanguageServer } from '../connection/languageServer';
import type { LspHover } from '../connection/lspHover';
import { isAnalysable } from '../documents';
import { hoverEnabled } from '../settings';
import { HOVER_COMMANDS, hoverLinks, textLinks, type TextLinks } from './links';

export class AttentionHover implements vscode.HoverProvider {
  readonly #server: LanguageServer;
  readonly #log: vscode.LogOutputChannel;

  constructor(server: LanguageServer, log: vscode.LogOutputChannel) {
    this.#server = server;
    this.#log = log;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    if (!isAnalysable(document) || !hoverEnabled(document)) return null;
    try {
      const selected = selectionAt(document, position);
      const answer = await this.#server.hover(document, position, token, selected);
      if (!answer || token.isCancellationRequested) return null;
      const changed = (this.#server.status?.selection.encoding ?? null) !== null;
      return render(answer, document, position, { changed, texts: this.#textLinks(document) });
    } catch (error) {
      const failure = toFailure(error);
      if (failure.reason === 'cancelled' || failure.reason === 'stale') return null;
      this.#log.warn(`Hover: ${forLog(failure)}`);
      return new vscode.Hover(explain(failure));
    }
  }

  #textLinks({ uri }: vscode.TextDocument): TextLinks {
    return textLinks(uri.toString(), this.#server.status);
  }
}

/** What its links depend on. */
interface Offers {
  changed: boolean;
  texts: TextLinks;
}

/** What is selected where the pointer is: it is asked about as a whole. */
function selectionAt(
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.Range | undefined {
  const editor = vscode.window.visibleTextEditors.find((open) => open.document === document);
  return editor?.selections.find((range) => !range.isEmpty && range.contains(position));
}

function render(
  answer: LspHover,
  document: vscode.TextDocument,
  position: vscode.Position,
  offers: Offers,
): vscode.Hover {
  const { kind, value } = answer.contents;
  const text = new vscode.MarkdownString();
  if (kind === 'markdown') text.appendMarkdown(keepPercentTogether(value));
  else text.appendText(value);
  const range = answer.range && toRange(answer.range);
  // A sentence about a document that cannot be read stands at no token: nothing there can be pinned or explained.
  if (range?.isEmpty) return new vscode.Hover([text], range);
  return new vscode.Hover([text, links(document, position, offers)], range);
}

/** VS Code's hover is narrow: a table would break between a number and its sign. */
function keepPercentTogether(markdown: string): string {
  return markdown.replace(/(\d) %/g, '$1\u00a0%');
}

/** Trusted apart from the server's text, which quotes the document. */
function links(
  document: vscode.TextDocument,
  { line, character }: vscode.Position,
  { changed, texts }: Offers,
): vscode.MarkdownString {
  const target = { uri: document.uri.toString(), position: { line, character } };
  const markdown = new vscode.MarkdownString(hoverLinks(target, changed, vscode.l10n.t, texts));
  markdown.isTrusted = { enabledCommands: Object.values(HOVER_COMMANDS) };
  return markdown;
}

function explain(failure: ServerFailure): vscode.MarkdownString[] {
  const sentence = new vscode.MarkdownString().appendText(failure.message);
  // What is wrong is in the text itself.
  if (failure.reason === 'badDocument') return [sentence];
  const restart = 'attentionLens.restartEngine';
  const log = 'attentionLens.showLog';
  const actions = new vscode.MarkdownString(
    `[${vscode.l10n.t('Restart engine')}](command:${restart}) · [${vscode.l10n.t('Show log')}](command:${log})`,
  );
  actions.isTrusted = { enabledCommands: [restart, log] };
  return [sentence, actions];
}

function toRange({ start, end }: NonNullable<LspHover['range']>): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
