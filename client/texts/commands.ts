/** *Set Source Text…* and the choice between the attentions that a model of two texts has. */
import * as vscode from 'vscode';
import { STACKS, type Stack } from '../../server/protocol';
import { textEditor } from '../activeText';
import type { LanguageServer } from '../connection/languageServer';
import { isAnalysable } from '../documents';
import { readyStatus } from '../readyStatus';
import type { SourceTexts } from './sourceTexts';

interface SourceItem extends vscode.QuickPickItem {
  /** Null: none. */
  uri: vscode.Uri | null;
}

/** Asks from which open document the named one, or that in the editor, was made. */
export async function setSourceText(
  server: LanguageServer,
  texts: SourceTexts,
  named: unknown,
): Promise<void> {
  const target =
    vscode.workspace.textDocuments.find((each) => each.uri.toString() === named) ??
    textEditor()?.document;
  if (!target)
    return say(vscode.l10n.t('Attention Lens: put the cursor on a word of a document first.'));
  if (!(await hasDecoder(server))) return;
  const uri = target.uri.toString();
  const items = sourceItems(target, texts.of(uri));
  if (items.every((item) => item.uri === null))
    return say(
      vscode.l10n.t(
        'Attention Lens: open the text that this one was made from, then choose it here.',
      ),
    );
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('The text that “{0}” was made from', nameOf(target.uri)),
    placeHolder: vscode.l10n.t('The encoder reads it; the decoder reads this text beside it'),
    matchOnDescription: true,
  });
  if (!picked) return;
  await texts.set(uri, picked.uri?.toString() ?? null);
  const done = picked.uri
    ? vscode.l10n.t(
        'Hovers in {0} now show what it reads of {1}',
        nameOf(target.uri),
        nameOf(picked.uri),
      )
    : vscode.l10n.t('{0} has no source text any more', nameOf(target.uri));
  vscode.window.setStatusBarMessage(done, 5000);
}

/** Chooses whose attention hovers show; asks where `stack` is none. */
export async function chooseStack(server: LanguageServer, stack: unknown): Promise<void> {
  if (!(await hasDecoder(server))) return;
  const { selection } = await readyStatus(server);
  const chosen = STACKS.find((each) => each === stack) ?? (await pickStack(selection.stack));
  if (chosen) await server.request('attentionLens/setSelection', { ...selection, stack: chosen });
}

async function pickStack(current: Stack | undefined): Promise<Stack | undefined> {
  const items = STACKS.map((stack) => ({
    label: stackLabel(stack),
    description: stack === current ? vscode.l10n.t('shown now') : undefined,
    stack,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Which attention hovers show'),
  });
  return picked?.stack;
}

function stackLabel(stack: Stack): string {
  switch (stack) {
    case 'encoder':
      return vscode.l10n.t('Encoder: within the source text');
    case 'decoder':
      return vscode.l10n.t('Decoder: within the target text');
    case 'cross':
      return vscode.l10n.t('Cross: from the target text to its source');
  }
}

/** A model that reads one text has nothing to set; says so, and offers another model. */
async function hasDecoder(server: LanguageServer): Promise<boolean> {
  const { model } = await readyStatus(server);
  if (model.decoder) return true;
  const choose = vscode.l10n.t('Choose Model');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Attention Lens: {0} reads one text. A source text needs an encoder–decoder, such as T5 or BART.',
      model.name,
    ),
    choose,
  );
  if (chosen === choose) await vscode.commands.executeCommand('attentionLens.chooseModel');
  return false;
}

function sourceItems(target: vscode.TextDocument, current: string | undefined): SourceItem[] {
  const others = vscode.workspace.textDocuments.filter(
    (document) =>
      isAnalysable(document) &&
      document.uri.toString() !== target.uri.toString() &&
      isShown(document),
  );
  const items = others.map(({ uri }): SourceItem => {
    const chosen = uri.toString() === current;
    return {
      label: nameOf(uri),
      description: vscode.workspace.asRelativePath(uri),
      iconPath: new vscode.ThemeIcon(chosen ? 'check' : 'blank'),
      uri,
    };
  });
  const none: SourceItem = {
    label: vscode.l10n.t('None'),
    description: vscode.l10n.t('this text is read by itself'),
    iconPath: new vscode.ThemeIcon('blank'),
    uri: null,
  };
  return current === undefined ? items : [...items, none];
}

/** Documents without a tab are open for other reasons than a person's. */
function isShown({ uri }: vscode.TextDocument): boolean {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(
      ({ input }) =>
        input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
    );
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

function say(sentence: string): void {
  void vscode.window.showInformationMessage(sentence);
}
