/** A list of places with their weights; moving through it shows each in the text. */
import * as vscode from 'vscode';
import type { Range } from '../../server/protocol';
import type { Place } from './places';

/** More would say nothing: the rest is noise. */
const LISTED = 50;
const BAR = 10;

interface Item extends vscode.QuickPickItem {
  place: Place;
}

/** The place that was chosen, `peek` for VS Code’s own peek list of the strongest, undefined for none: then the text is where it was. */
export async function pickPlace(
  editor: vscode.TextEditor,
  places: readonly Place[],
  title: string,
): Promise<Place | 'peek' | undefined> {
  const { document } = editor;
  const peek: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('references'),
    tooltip: vscode.l10n.t('Show the strongest in a peek list'),
  };
  const mark = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.findMatchBackground'),
  });
  const seen = editor.visibleRanges[0];
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Enter goes to the word, Escape stays here');
  pick.matchOnDescription = true;
  pick.buttons = [peek];
  pick.items = places.slice(0, LISTED).map((place) => itemOf(document, place, places[0]));
  try {
    const chosen = await new Promise<Place | 'peek' | undefined>((resolve) => {
      pick.onDidChangeActive(([item]) => item && preview(editor, mark, item.place.range));
      pick.onDidAccept(() => resolve(pick.activeItems[0]?.place));
      pick.onDidTriggerButton(() => resolve('peek'));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    if (!chosen && seen) editor.revealRange(seen, vscode.TextEditorRevealType.AtTop);
    return chosen;
  } finally {
    mark.dispose();
    pick.dispose();
  }
}

function preview(
  editor: vscode.TextEditor,
  mark: vscode.TextEditorDecorationType,
  { start, end }: Range,
): void {
  const range = new vscode.Range(start.line, start.character, end.line, end.character);
  editor.setDecorations(mark, [range]);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function itemOf(document: vscode.TextDocument, place: Place, strongest = place): Item {
  const { start, end } = place.range;
  const word = document.getText(
    new vscode.Range(start.line, start.character, end.line, end.character),
  );
  const share = place.weight / strongest.weight;
  const bar = '█'.repeat(Math.max(1, Math.round(share * BAR)));
  return {
    label: word,
    description: `${weightText(place.weight)} ${bar}  ${start.line + 1}:${start.character + 1}`,
    detail: document.lineAt(start.line).text.trim(),
    place,
  };
}

/** A weight with one decimal; what would print as zero but is not says so. */
export function weightText(weight: number): string {
  return weight > 0 && weight < 0.0005 ? '< 0.1 %' : `${(weight * 100).toFixed(1)} %`;
}
