/** Comparisons that begin in the editor: what is compared with, chosen from a list or named by a command. */
import * as vscode from 'vscode';
import { textEditor } from '../activeText';
import type { HeatmapPanels } from '../panel/panel';
import type { CompareSource } from '../../webview/compare/sources';
import type { CodeTexts } from './codeTexts';

interface Item extends vscode.QuickPickItem {
  source?: CompareSource;
}

/** Has the person choose what the document is compared with, and opens the panel there. */
export async function compareWith(panels: HeatmapPanels, texts: CodeTexts): Promise<void> {
  const document = comparedDocument();
  if (!document) return;
  const items = await itemsOf(texts, document.uri.toString());
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compare the Attention of This Document With …'),
    matchOnDescription: true,
  });
  if (chosen?.source) await panels.compare(document, chosen.source);
}

/** Opens the panel where the document is compared with a version of itself. */
export async function compareWithVersion(
  panels: HeatmapPanels,
  texts: CodeTexts,
  kind: 'saved' | 'head',
): Promise<void> {
  const document = comparedDocument();
  if (!document) return;
  // What there is not is said at once, in place of a panel that says it.
  await texts.locate({ kind }, document.uri.toString());
  await panels.compare(document, { kind });
}

function comparedDocument(): vscode.TextDocument | null {
  const editor = textEditor();
  if (editor) return editor.document;
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Attention Lens: open a document to compare first.'),
  );
  return null;
}

async function itemsOf(texts: CodeTexts, shown: string): Promise<Item[]> {
  const { documents, saved, head } = await texts.list(shown);
  const heading = (label: string): Item => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
  });
  const items: Item[] = [heading(vscode.l10n.t('versions'))];
  if (saved === null)
    items.push({
      label: vscode.l10n.t('Saved on Disk'),
      description: vscode.l10n.t('what the file holds now'),
      source: { kind: 'saved' },
    });
  if (head === null)
    items.push({
      label: vscode.l10n.t('Last Commit (HEAD)'),
      description: vscode.l10n.t('what Git has'),
      source: { kind: 'head' },
    });
  items.push(heading(vscode.l10n.t('model')), {
    label: vscode.l10n.t('Position Off'),
    description: vscode.l10n.t('the same text without its order'),
    source: { kind: 'position', encoding: { mode: 'off' } },
  });
  items.push({
    label: vscode.l10n.t('Another Head'),
    description: vscode.l10n.t('to be chosen in the panel'),
    source: { kind: 'heads', layer: 0, head: 0 },
  });
  if (documents.length > 0) items.push(heading(vscode.l10n.t('open documents')));
  for (const { uri, name } of documents)
    items.push({ label: name, source: { kind: 'document', uri } });
  return items;
}
