/** The quick pick behind *Choose Layer and Head*. */
import * as vscode from 'vscode';
import type { Model, Selection } from '../../server/protocol';
import { choices, type Choice } from './choices';

interface Item extends vscode.QuickPickItem {
  choice?: Choice;
}

/** Lets the person choose; undefined when nothing was chosen. */
export async function pickSelection(
  model: Model,
  current: Selection,
): Promise<Selection | undefined> {
  const items = choices(model, current, vscode.l10n.t).flatMap(toItems);
  const active = items.find((item) => item.choice?.current);
  const chosen = await show(items, active);
  return chosen?.choice?.selection;
}

function toItems(choice: Choice): Item[] {
  const item: Item = {
    label: choice.label,
    description: choice.current ? vscode.l10n.t('shown now') : undefined,
    iconPath: new vscode.ThemeIcon(choice.current ? 'check' : 'blank'),
    choice,
  };
  return choice.group
    ? [{ label: choice.group, kind: vscode.QuickPickItemKind.Separator }, item]
    : [item];
}

/** `showQuickPick` cannot preselect; the one that is shown must be where the list opens. */
function show(items: Item[], active: Item | undefined): Promise<Item | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = vscode.l10n.t('Layer and head to show');
  picker.placeholder = vscode.l10n.t('Type a layer or head, such as "layer 4 · head 7"');
  picker.items = items;
  if (active) picker.activeItems = [active];
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}
