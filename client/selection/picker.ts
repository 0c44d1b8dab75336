/** The quick picks behind *Choose Layer and Head* and *Choose Reading*. */
import * as vscode from 'vscode';
import type { Model, Selection } from '../../server/protocol';
import { choices } from './choices';
import { readingChoices } from './readingChoices';

/** What both lists are made of. */
interface Listed {
  label: string;
  detail?: string;
  group?: string;
  selection: Selection;
  current: boolean;
}

interface Item extends vscode.QuickPickItem {
  choice?: Listed;
}

/** Lets the person choose layer and head; undefined when nothing was chosen. */
export function pickSelection(model: Model, current: Selection): Promise<Selection | undefined> {
  return pick(choices(model, current, vscode.l10n.t), {
    title: vscode.l10n.t('Layer and head to show'),
    placeholder: vscode.l10n.t('Type a layer or head, such as "layer 4 · head 7"'),
  });
}

/** Lets the person choose what weights are read as; undefined when nothing was chosen. */
export function pickReading(current: Selection): Promise<Selection | undefined> {
  return pick(readingChoices(current, vscode.l10n.t), {
    title: vscode.l10n.t('How attention is read'),
    placeholder: vscode.l10n.t('Holds for hover, overlay and heatmap'),
  });
}

async function pick(
  listed: readonly Listed[],
  text: Pick<vscode.QuickPick<Item>, 'title' | 'placeholder'>,
): Promise<Selection | undefined> {
  const items = listed.flatMap(toItems);
  const active = items.find((item) => item.choice?.current);
  const chosen = await show(items, active, text);
  return chosen?.choice?.selection;
}

function toItems(choice: Listed): Item[] {
  const item: Item = {
    label: choice.label,
    detail: choice.detail,
    description: choice.current ? vscode.l10n.t('shown now') : undefined,
    iconPath: new vscode.ThemeIcon(choice.current ? 'check' : 'blank'),
    choice,
  };
  return choice.group
    ? [{ label: choice.group, kind: vscode.QuickPickItemKind.Separator }, item]
    : [item];
}

/** `showQuickPick` cannot preselect; the one that is shown must be where the list opens. */
function show(
  items: Item[],
  active: Item | undefined,
  { title, placeholder }: Pick<vscode.QuickPick<Item>, 'title' | 'placeholder'>,
): Promise<Item | undefined> {
  const picker = vscode.window.createQuickPick<Item>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.matchOnDetail = true;
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
