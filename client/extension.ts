/** The extension, the same on every host: activation registers, nothing more. */
import * as vscode from 'vscode';
import { publicApi, type AttentionLensApi } from './api';
import { BUNDLE_EDITOR, BundleEditors } from './bundle/editor';
import { BundleTexts } from './bundle/texts';
import { registerCommands } from './commands';
import { clientOptions } from './connection/clientOptions';
import { LanguageServer, type ClientFactory } from './connection/languageServer';
import { AttentionHover } from './hover/provider';
import { OverlayLegend } from './overlay/legend';
import { Overlay } from './overlay/overlay';
import { answerHub, type Fetcher } from './models/hubAnswers';
import { RecentModels } from './models/recentModels';
import { HubTokens } from './models/token';
import { HeatmapPanels, PANEL_TYPE } from './panel/panel';
import { PositionBadge } from './position/badge';
import { SelectionMemory } from './selection/memory';
import { announceRestarts } from './restartNotice';
import { StatusBar } from './statusBar';
import { SourceTexts } from './texts/sourceTexts';
import { ViewReporter } from './viewReporter';

/** What an entry keeps until the extension is deactivated. */
export interface Extension {
  /** For whoever activated it. */
  readonly api: AttentionLensApi;
  /** Ends the server. */
  stop(): Promise<void>;
}

/** What differs between hosts. */
export interface Host {
  /** Makes the language client. */
  create: ClientFactory;
  /** Where models of the person's own can be opened, and downloaded by `fetch`; `endpoint` is HF_ENDPOINT. */
  hub?: { fetch: Fetcher; endpoint: string | undefined };
}

/** Registers everything. */
export function start(context: vscode.ExtensionContext, { create, hub }: Host): Extension {
  const log = vscode.window.createOutputChannel('Attention Lens', { log: true });
  const memory = new SelectionMemory(context.workspaceState, log);
  const tokens = new HubTokens(context.secrets, hub?.endpoint);
  const server = new LanguageServer(
    log,
    (options) => {
      const client = create(options);
      if (hub) answerHub(client, tokens, hub.fetch);
      return client;
    },
    () => clientOptions(context.extensionUri, log, hub && context.globalStorageUri.fsPath),
    (client) => memory.restore(client),
  );
  const stopRemembering = server.onStatus((status) => memory.observe(status));
  const stopAnnouncing = server.onStatus(announceRestarts());
  const sources = new SourceTexts(server);
  const selection = () => memory.last;
  const overlay = new Overlay(server, context.workspaceState, log);
  const panel = new HeatmapPanels(context.extensionUri, server, selection, overlay);
  const texts = new BundleTexts();
  context.subscriptions.push(
    log,
    texts,
    { dispose: stopRemembering },
    { dispose: stopAnnouncing },
    { dispose: server.onStatus((status) => sources.observe(status)) },
    overlay,
    panel,
    new StatusBar(server, selection),
    new PositionBadge(server),
    new OverlayLegend(overlay),
    new ViewReporter(server, overlay),
    vscode.languages.registerHoverProvider({ language: '*' }, new AttentionHover(server, log)),
    vscode.window.registerCustomEditorProvider(
      BUNDLE_EDITOR,
      new BundleEditors(context.extensionUri, server, texts),
      { supportsMultipleEditorsPerDocument: true },
    ),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, panel),
    ...registerCommands({
      extension: context.extensionUri,
      server,
      overlay,
      panel,
      models: { server, recent: new RecentModels(context.globalState), opensFiles: !!hub },
      tokens,
      sources,
      log,
    }),
  );
  void vscode.commands.executeCommand('setContext', 'attentionLens.opensFiles', !!hub);
  return { api: publicApi(server), stop: () => server.dispose() };
}
