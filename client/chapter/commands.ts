/** *Open Worked Example*, *Open the Chapter's Program* and *Chapter Settings*. */
import * as vscode from 'vscode';
import type { ChapterSettings } from '../../server/chapter/controls';
import { LARGEST_SCALE } from '../../server/positional/ranges';
import { WORKED_EXAMPLES, type WorkedExample } from '../../server/chapter/workedExamples';
import type { LanguageServer } from '../connection/languageServer';
import { BUNDLED_MODEL, CHAPTER_MODEL } from '../models/modelIds';
import { useModel } from '../models/useModel';
import { isScale } from '../position/choices';
import { readyStatus } from '../readyStatus';
import { controls, type Control } from './controls';
import { numbers, readSample, showBelow, showUnsaved } from './documents';

/** Opens one of the chapter's examples, to be looked into with the Chapter model. */
export async function openWorkedExample(server: LanguageServer, section: unknown): Promise<void> {
  const example = WORKED_EXAMPLES.find((each) => each.section === section) ?? (await pickExample());
  if (!example) return;
  await showUnsaved(numbers(example.fileName, example.text));
  await useChapterModel(server);
}

/** Opens the chapter's program and, below it, its input for the Chapter model: the numbers are the same. */
export async function openProgram(server: LanguageServer, extension: vscode.Uri): Promise<void> {
  const [program, input] = ['attention.py', 'numbers.csv'];
  await showUnsaved({ name: program, text: await readSample(extension, program), line: 0 });
  await showBelow(numbers(input, await readSample(extension, input)));
  await useChapterModel(server);
}

/**
 * Puts the Chapter model to use for now: that an example was opened says nothing
 * about the model for all documents to come, so that no setting is kept.
 */
export async function useChapterModel(server: LanguageServer): Promise<void> {
  const { chapter } = await readyStatus(server);
  if (chapter) return;
  await useModel(server, CHAPTER_MODEL);
  void offerWayBack(server);
}

/** Lets the person turn the Chapter model's controls, one after the other, until they are done. */
export async function chapterSettings(server: LanguageServer): Promise<void> {
  await useChapterModel(server);
  for (;;) {
    const { chapter } = await readyStatus(server);
    const change = chapter && (await pickChange(chapter));
    if (!change) return;
    await server.request('attentionLens/setSelection', { chapter: change });
  }
}

async function offerWayBack(server: LanguageServer): Promise<void> {
  const back = vscode.l10n.t('Use the bundled model again');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t("Attention Lens: the Chapter's model is in use now."),
    back,
  );
  if (chosen === back) await useModel(server, BUNDLED_MODEL);
}

async function pickExample(): Promise<WorkedExample | undefined> {
  const title: Record<WorkedExample['section'], string> = {
    '4.1.5': vscode.l10n.t('Attention over five numbers'),
    '4.2.4': vscode.l10n.t('An encoding with a scale factor'),
    '4.3.3': vscode.l10n.t('Input and encoding joined'),
  };
  const chosen = await vscode.window.showQuickPick(
    WORKED_EXAMPLES.map((example) => ({
      label: `§${example.section}`,
      description: title[example.section],
      example,
    })),
    {
      title: vscode.l10n.t("The chapter's worked examples"),
      placeHolder: vscode.l10n.t('Opens as a document whose numbers are the tokens'),
    },
  );
  return chosen?.example;
}

/** Undefined when the person is done. */
async function pickChange(
  settings: ChapterSettings,
): Promise<Partial<ChapterSettings> | undefined> {
  const chosen = await vscode.window.showQuickPick(
    controls(settings, vscode.l10n.t).map((control) => ({
      label: control.label,
      description: control.shown,
      control,
    })),
    { title: vscode.l10n.t("The Chapter's model"), placeHolder: vscode.l10n.t('What to change') },
  );
  if (!chosen) return undefined;
  // Whoever leaves a control without a choice is back at the list.
  return (await pickValue(chosen.control, settings)) ?? {};
}

async function pickValue(
  { label, values }: Control,
  { scale }: ChapterSettings,
): Promise<Partial<ChapterSettings> | undefined> {
  if (values === 'scale') return askScale(label, scale);
  const chosen = await vscode.window.showQuickPick(
    values.map(({ current, ...value }) => ({
      ...value,
      iconPath: new vscode.ThemeIcon(current ? 'check' : 'blank'),
    })),
    { title: label },
  );
  return chosen?.change;
}

async function askScale(
  title: string,
  scale: number,
): Promise<Partial<ChapterSettings> | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Factor of the encoding, a number above 0'),
    value: String(scale),
    validateInput: (text) =>
      isScale(text)
        ? undefined
        : vscode.l10n.t(
            'Write a number above 0, at most {0}; for no position, choose another encoding.',
            LARGEST_SCALE,
          ),
  });
  return text === undefined ? undefined : { scale: Number(text) };
}
