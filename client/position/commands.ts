/** *Change Position* and *Restore Position*. */
import * as vscode from 'vscode';
import type { EncodingChange } from '../../server/protocol';
import type { LanguageServer } from '../connection/languageServer';
import { readyStatus } from '../readyStatus';
import type { Chosen } from '../selection/chosen';
import { changeChoices, isQuestion, type ChangeChoice, type Question } from './choices';

interface Item extends vscode.QuickPickItem {
  change: ChangeChoice['change'];
}

/** Lets the person choose what happens to position; holds for hover, overlay and the panels that are not locked. */
export async function changePosition({ model, selection, select }: Chosen): Promise<void> {
  const items = changeChoices(model, selection.encoding, vscode.l10n.t).map(toItem);
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('What if position were different?'),
    placeHolder: vscode.l10n.t('Holds for hover, overlay and heatmap until you restore it'),
  });
  if (!chosen) return;
  const change = isQuestion(chosen.change) ? await ask(chosen, chosen.change) : chosen.change;
  if (change !== undefined) await select({ ...selection, encoding: change });
}

/** Back to the positions that the model was trained with. */
export async function restorePosition(server: LanguageServer): Promise<void> {
  const { selection } = await readyStatus(server);
  if (selection.encoding)
    await server.request('attentionLens/setSelection', { ...selection, encoding: null });
}

function toItem({ label, detail, current, change }: ChangeChoice): Item {
  return {
    label,
    detail,
    description: current,
    iconPath: new vscode.ThemeIcon(current === undefined ? 'blank' : 'check'),
    change,
  };
}

async function ask({ label }: Item, question: Question): Promise<EncodingChange | undefined> {
  const text = await vscode.window.showInputBox({
    title: label,
    prompt: question.prompt,
    value: question.value,
    validateInput: (text) => question.problem(text),
  });
  return text === undefined ? undefined : question.change(text);
}
