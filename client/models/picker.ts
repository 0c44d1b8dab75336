/** The quick pick behind *Choose Model*, and the ways to a model of one's own. */
import * as vscode from 'vscode';
import type { Download, Model } from '../../server/protocol';
import { ServerFailure } from '../connection/failure';
import type { LanguageServer } from '../connection/languageServer';
import { SECTION } from '../settings';
import { manageDownloads } from './downloads';
import { entriesOf, type Choice, type Entry } from './entries';
import { BUNDLED_MODEL } from './modelIds';
import { hubNameOf, isHubName } from './names';
import type { RecentModels } from './recentModels';
import { useModel } from './useModel';

export interface PickerParts {
  server: LanguageServer;
  recent: RecentModels;
  /** Whether the server can open files. */
  opensFiles: boolean;
}

interface Item extends vscode.QuickPickItem {
  choice?: Choice;
}

/** Lets the person choose a model, loads it, and keeps the choice when that went well. */
export async function pickModel(parts: PickerParts): Promise<void> {
  const chosen = await vscode.window.showQuickPick(items(parts), {
    title: vscode.l10n.t('Model to look into'),
    placeHolder: vscode.l10n.t('Models run on this machine; no text leaves it.'),
    matchOnDetail: true,
    matchOnDescription: true,
  });
  if (!chosen?.choice) return;
  if ('manage' in chosen.choice) return manageDownloads(parts.server);
  const model = 'model' in chosen.choice ? chosen.choice.model : await ask(chosen.choice.open);
  if (model !== undefined) await chooseModel(parts, model);
}

/** Loads a model, and keeps it as the chosen one when that went well. */
export async function chooseModel({ server, recent }: PickerParts, model: string): Promise<void> {
  const chosen = await useOneOf(server, model);
  if (!chosen) return;
  const { id } = chosen;
  await recent.add(id);
  const section = vscode.workspace.getConfiguration(SECTION);
  if (section.get('model') === id) return;
  // A workspace that names a model would hide what is chosen for all of them.
  const inWorkspace = section.inspect('model')?.workspaceValue !== undefined;
  await section.update(
    'model',
    id,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

/** Where a folder has its model in several forms, the person is asked for one. */
async function useOneOf(server: LanguageServer, model: string): Promise<Model | undefined> {
  try {
    return await useModel(server, model);
  } catch (error) {
    if (!ServerFailure.is(error, 'severalCandidates') || error.candidates.length === 0) throw error;
    const forms = error.candidates.map((candidate) => ({
      candidate,
      label: candidate.slice(candidate.lastIndexOf('#') + 1),
    }));
    const chosen = await vscode.window.showQuickPick(forms, {
      title: vscode.l10n.t('This folder has the model in several forms'),
      placeHolder: vscode.l10n.t('The first is the most faithful; rounded ones (fp16, int8, q4) draw another picture.'),
    });
    return chosen && (await useModel(server, chosen.candidate));
  }
}

async function items({ server, recent, opensFiles }: PickerParts): Promise<Item[]> {
  const entries = entriesOf(
    {
      inUse: server.status?.model ?? null,
      configured: vscode.workspace.getConfiguration(SECTION).get('model', BUNDLED_MODEL),
      recent: recent.all,
      downloads: opensFiles ? await downloadsOf(server) : [],
      opensFiles,
    },
    vscode.l10n.t,
  );
  const titles: { [group in Entry['group']]: string } = {
    extension: vscode.l10n.t('Part of the extension'),
    recent: vscode.l10n.t('Recently used'),
    downloaded: vscode.l10n.t('Downloaded'),
    open: vscode.l10n.t('Your own'),
  };
  return entries.flatMap((entry, at): Item[] => [
    ...(entry.group === entries[at - 1]?.group
      ? []
      : [{ label: titles[entry.group], kind: vscode.QuickPickItemKind.Separator }]),
    entry,
  ]);
}

/** The list is worth having without them too. */
async function downloadsOf(server: LanguageServer): Promise<readonly Download[]> {
  return server.request('attentionLens/downloads', {}).then(
    ({ downloads }) => downloads,
    () => [],
  );
}

async function ask(what: 'folder' | 'onnxFile' | 'hub'): Promise<string | undefined> {
  if (what === 'hub') return askName();
  const folder = what === 'folder';
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: folder ? vscode.l10n.t('Folder of a Model') : vscode.l10n.t('.onnx File'),
      openLabel: vscode.l10n.t('Open Model'),
      canSelectFolders: folder,
      canSelectFiles: !folder,
      ...(folder ? {} : { filters: { ONNX: ['onnx'] } }),
    })) ?? [];
  return chosen && `file:${chosen.fsPath}`;
}

async function askName(): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Hugging Face Model'),
    prompt: vscode.l10n.t(
      'The hub is asked what the model consists of; nothing is downloaded before you agree.',
    ),
    placeHolder: vscode.l10n.t('owner/name or owner/name@revision'),
    ignoreFocusOut: true,
    validateInput: (typed) =>
      typed === '' || isHubName(hubNameOf(typed))
        ? null
        : vscode.l10n.t('Write owner/name, such as google-bert/bert-base-uncased, or owner/name@revision.'),
  });
  const name = hubNameOf(text ?? '');
  return isHubName(name) ? `hf:${name}` : undefined;
}
