/** Has the person choose one of several things in a list. */
import * as vscode from 'vscode';
import type { HostSide } from '../../webview/protocol';

/** The index of what was chosen; null when the person gave up. */
export async function chooseOne({
  title,
  items,
}: HostSide['methods']['choose']['params']): Promise<number | null> {
  const entries = items.map((item, index) => ({ ...item, index }));
  const chosen = await vscode.window.showQuickPick(entries, { title, matchOnDetail: true });
  return chosen?.index ?? null;
}
