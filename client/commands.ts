/** What the extension's commands do. */
import * as vscode from 'vscode';
import * as v from 'valibot';
import { textEditor } from './activeText';
import { chapterSettings, openProgram, openWorkedExample } from './chapter/commands';
import { openBundle } from './bundle/editor';
import { compareWith, compareWithVersion } from './compare/commands';
import { copyLink, openLink, openWrittenLink } from './deepLink/open';
import { copyRow, exportView } from './export/commands';
import { forLog, toFailure } from './connection/failure';
import type { LanguageServer } from './connection/languageServer';
import type { Target } from './hover/links';
import { Navigation } from './navigation/navigation';
import type { Overlay } from './overlay/overlay';
import type { HeatmapPanels } from './panel/panel';
import { manageDownloads } from './models/downloads';
import { pickModel, type PickerParts } from './models/picker';
import type { HubTokens } from './models/token';
import { changePosition, restorePosition } from './position/commands';
import { ModelReport } from './report/show';
import { chosen, type Chosen } from './selection/chosen';
import { pickReading, pickSelection } from './selection/picker';
import { hoverEnabled, toggleHover } from './settings';
import { chooseStack, setSourceText } from './texts/commands';
import type { SourceTexts } from './texts/sourceTexts';
import { openSample } from './walkthrough/sample';

export interface CommandParts {
  /** The extension's own folder. */
  extension: vscode.Uri;
  server: LanguageServer;
  overlay: Overlay;
  panel: HeatmapPanels;
  models: PickerParts;
  tokens: HubTokens;
  sources: SourceTexts;
  log: vscode.LogOutputChannel;
}

const WALKTHROUGH = 'attention-lens.attention-lens#attentionLens.start';
const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const targetSchema = v.object({
  uri: v.string(),
  position: v.object({ line: index, character: index }),
});

/** Registers all commands and the links to places; an error of one is a message with what to do, never silence. */
export function registerCommands(parts: CommandParts): vscode.Disposable[] {
  const { extension, server, overlay, panel, models, tokens, sources, log } = parts;
  const navigation = new Navigation(server);
  const report = new ModelReport(server);
  const commands: Record<string, (argument: unknown) => unknown> = {
    openHeatmap: (argument) => panel.show(parseTarget(argument)),
    openAnotherPanel: () => panel.openAnother(),
    togglePanelLock: () => panel.toggleLock(),
    explainWeight: (argument) => panel.explain(parseTarget(argument)),
    showTokenAttention,
    chooseHead: async () => chooseHead(await chosen(server, panel)),
    chooseReading: async () => chooseReading(await chosen(server, panel)),
    setSourceText: (uri) => setSourceText(server, sources, uri),
    chooseStack: (stack) => chooseStack(server, stack),
    chooseModel: () => pickModel(models),
    manageDownloads: () => manageDownloads(server),
    setHubToken: () => tokens.set(),
    removeHubToken: () => tokens.remove(),
    changePosition: async () => changePosition(await chosen(server, panel)),
    restorePosition: () => restorePosition(server),
    openWorkedExample: (section) => openWorkedExample(server, section),
    openSample: () => openSample(extension),
    openProgram: () => openProgram(server, extension),
    chapterSettings: () => chapterSettings(server),
    goToStrongest: () => navigation.strongest(),
    goToNext: () => navigation.next(),
    showReads: () => navigation.show('reads'),
    showReadBy: () => navigation.show('readBy'),
    copyLink: () => copyLink(server, panel),
    openLink: (link) => openWrittenLink(link, server, panel),
    exportView: (kind) => exportView(panel, kind),
    saveBundle: () => panel.exportAs('bundle'),
    openBundle: () => openBundle(),
    copyRow: (argument) => copyRow(server, parseTarget(argument) ?? cursorTarget()),
    findHeads: () => panel.findHeads(),
    compareWith: () => compareWith(panel, panel.texts),
    compareWithSaved: () => compareWithVersion(panel, panel.texts, 'saved'),
    compareWithHead: () => compareWithVersion(panel, panel.texts, 'head'),
    showModelReport: () => report.show(),
    showErrata: () => panel.showErrata(),
    toggleOverlay: () => overlay.toggle(),
    toggleOverlayDirection: () => overlay.toggleDirection(),
    pinToken: (argument) => overlay.pin(parseTarget(argument) ?? cursorTarget()),
    unpinToken: () => overlay.pin(null),
    toggleHover: announceHover,
    restartEngine: () => server.restart(),
    showLog: () => log.show(),
    whatIsThis: () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false),
  };
  return [
    report,
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`attentionLens.${name}`, (argument: unknown) =>
        explained(() => run(argument), log),
      ),
    ),
    vscode.window.registerUriHandler({
      handleUri: async (uri) => {
        await explained(() => openLink(uri, server, panel), log);
      },
    }),
  ];
}

async function explained(run: () => unknown, log: vscode.LogOutputChannel): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    const failure = toFailure(error);
    if (failure.reason === 'cancelled') return undefined;
    log.warn(`Command: ${forLog(failure)}`);
    const restart = vscode.l10n.t('Restart engine');
    const showLog = vscode.l10n.t('Show log');
    const chosen = await vscode.window.showErrorMessage(
      vscode.l10n.t('Attention Lens: {0}', failure.message),
      ...(failure.reason === 'engineDown' ? [restart] : []),
      showLog,
    );
    if (chosen === restart) await vscode.commands.executeCommand('attentionLens.restartEngine');
    if (chosen === showLog) log.show();
    return undefined;
  }
}

/** Arguments come from hover links and from keybindings; anything else is as if there were none. */
function parseTarget(argument: unknown): Target | undefined {
  const result = v.safeParse(targetSchema, argument);
  return result.success ? result.output : undefined;
}

/** The token at the cursor; null, with a word to the person, where there is no text. */
function cursorTarget(): Target | null {
  const editor = textEditor();
  if (!editor) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Attention Lens: put the cursor on a word of a document first.'),
    );
    return null;
  }
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

/** VS Code's own hover at the cursor, which our provider takes part in. */
async function showTokenAttention(): Promise<void> {
  if (!cursorTarget()) return;
  const editor = textEditor();
  if (editor) await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  if (editor && !hoverEnabled(editor.document)) {
    const enable = vscode.l10n.t('Turn hovers on');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t('Attention Lens: hovers are off for this language.'),
      enable,
    );
    if (chosen !== enable) return;
    await toggleHover();
  }
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await vscode.commands.executeCommand('editor.action.showHover');
}

async function chooseHead({ model, selection, select }: Chosen): Promise<void> {
  const picked = await pickSelection(model, selection);
  if (picked) await select(picked);
}

async function chooseReading({ selection, select }: Chosen): Promise<void> {
  const picked = await pickReading(selection);
  if (picked) await select(picked);
}

async function announceHover(): Promise<void> {
  const enabled = await toggleHover();
  vscode.window.setStatusBarMessage(
    enabled ? vscode.l10n.t('Attention hovers are on') : vscode.l10n.t('Attention hovers are off'),
    3000,
  );
}
