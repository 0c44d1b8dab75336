/** The commands that export what is looked at. */
import * as vscode from 'vscode';
import * as v from 'valibot';
import { EXPORT_KINDS, type ExportKind } from '../../webview/protocol';
import type { LanguageServer } from '../connection/languageServer';
import type { Target } from '../hover/links';
import type { HeatmapPanels } from '../panel/panel';
import { readyStatus } from '../readyStatus';
import { copyText } from './copyText';
import { rowAsMarkdown } from './rowAsMarkdown';

const kindSchema = v.picklist(EXPORT_KINDS);

/** Exports the panel's view; the argument, e.g. of a keybinding, may name the format. */
export async function exportView(panel: HeatmapPanels, argument: unknown): Promise<void> {
  const named = v.safeParse(kindSchema, argument);
  const kind = named.success ? named.output : await pickKind();
  if (kind) await panel.exportAs(kind);
}

async function pickKind(): Promise<ExportKind | undefined> {
  const { l10n } = vscode;
  const details: { readonly [kind in ExportKind]: [label: string, detail: string] } = {
    svg: ['SVG', l10n.t('vector picture, text as text')],
    png1: ['PNG 1×', l10n.t('picture')],
    png2: ['PNG 2×', l10n.t('picture for sharp screens')],
    png3: ['PNG 3×', l10n.t('picture for print')],
    csv: ['CSV', l10n.t('one table')],
    npy: ['NPY', l10n.t('one array, with a JSON beside it')],
    npz: ['NPZ', l10n.t('all arrays, for NumPy')],
    json: ['JSON', l10n.t('all numbers and names')],
  };
  const items = EXPORT_KINDS.map((kind) => {
    const [label, description] = details[kind];
    return { label, description, format: kind };
  });
  const title = l10n.t('Export the view as …');
  return (await vscode.window.showQuickPick(items, { title }))?.format;
}

/** Puts the row of the token at a place into the clipboard, as a Markdown table. */
export async function copyRow(server: LanguageServer, target: Target | null): Promise<void> {
  if (!target) return;
  const { selection } = await readyStatus(server);
  const where = { textDocument: { uri: target.uri }, position: target.position };
  const tokens = await server.request('attentionLens/tokens', where);
  const { token } = await server.request('attentionLens/row', {
    ...where,
    ...selection,
    merge: 'tokens',
  });
  const text = await rowAsMarkdown(
    tokens,
    selection,
    token,
    (what) => server.request('attentionLens/row', { ...where, ...selection, ...what }),
    vscode.l10n.t,
  );
  await copyText(text);
}
