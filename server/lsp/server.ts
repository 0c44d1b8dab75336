/** The language server: one client on one connection, whatever carries it. */
import {
  ErrorCodes,
  MarkupKind,
  PositionEncodingKind,
  ResponseError,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import * as l10n from '@vscode/l10n';
import { ProductModels, type ProductModelsHost } from '../analysis/productModels';
import { Lens } from '../analysis/lens';
import { DEFAULT_SETTINGS } from '../analysis/settings';
import type { Scheduler } from '../analysis/tokenized';
import { systemClock } from '../engine/clock';
import type { HubLink, ModelHub } from '../models/hub/hub';
import { PROTOCOL_VERSION, type Settings } from '../protocol';
import { followDocuments } from './documents';
import { answerDownloads } from './downloads';
import { isInternal, traceOf } from './errorCodes';
import { hubLink, storageOf } from './hubLink';
import { translationsFor, useLanguage } from './language';
import { WorkProgress } from './progress';
import { answerRequests } from './requests';
import { Runner } from './runner';
import { SettingsSync } from './settingsSync';
import { StatusNews } from './statusNews';

/** What differs between Node and the web. */
export interface Platform {
  scheduler: Scheduler;
  /** Files and engine, once the client has said where they are. */
  assets(
    connection: Connection,
    options: unknown,
  ): Pick<ProductModelsHost, 'files' | 'openers' | 'engineParts'>;
  /** The models of a hub; absent where nothing that is downloaded could be kept. */
  hub?(link: HubLink): ModelHub;
  /** The client has asked for the end. */
  onShutdown(): void;
}

/** Serves until the connection closes. Call `connection.listen()` afterwards. */
export function serve(connection: Connection, platform: Platform): void {
  const runner = new Runner(connection);
  let session: Session | undefined;
  connection.onInitialize((params) => {
    if (session)
      return new ResponseError<never>(ErrorCodes.InvalidRequest, l10n.t('Already initialized.'));
    useLanguage(params.locale);
    runner.phase = 'running';
    session = new Session(connection, platform, runner, params);
    return session.result;
  });
  connection.onInitialized(() => session?.start());
  connection.onShutdown(() => {
    runner.phase = 'shutDown';
    session?.stop();
    platform.onShutdown();
  });
}

class Session {
  readonly #connection: Connection;
  readonly #runner: Runner;
  readonly #lens: Lens;
  readonly #news: StatusNews;
  readonly #settings: SettingsSync;
  readonly #models: ProductModels;
  readonly #end = new AbortController();
  readonly #markdown: boolean;
  #started = false;

  constructor(
    connection: Connection,
    platform: Platform,
    runner: Runner,
    { capabilities, initializationOptions, locale }: InitializeParams,
  ) {
    const options: unknown = initializationOptions;
    this.#connection = connection;
    this.#runner = runner;
    this.#markdown =
      capabilities.textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) ?? false;
    const link = hubLink(connection, capabilities, () => this.#lens.settings, storageOf(options));
    const hub = platform.hub?.(link);
    const { openers, ...assets } = platform.assets(connection, options);
    this.#models = new ProductModels({
      ...assets,
      openers: hub ? { ...openers, hub: (source, wish) => hub.open(source, wish) } : openers,
      wish: () => this.#lens.settings.engine,
      translations: translationsFor(locale),
      log: (line) => runner.log(line),
      onEngineState: (state) => {
        if (state.message) runner.log(state.message);
        this.#lens.engineChanged(state);
      },
      onReplaced: (ready) => {
        runner.log(l10n.t('Model {0} is ready. {1}', ready.model.name, ready.report.detail));
        this.#lens.engineReplaced(ready);
      },
    });
    this.#lens = new Lens({
      scheduler: platform.scheduler,
      clock: systemClock,
      loader: this.#models,
      settings: DEFAULT_SETTINGS,
      onDidChangeStatus: () => this.#news.changed(),
    });
    this.#news = new StatusNews(connection, () => this.#lens.status());
    this.#settings = new SettingsSync(connection, runner, (settings) => this.#use(settings));
    this.#settings.initialize(capabilities, options);
    followDocuments(runner, this.#lens);
    answerRequests(runner, this.#lens, () => this.#markdown);
    answerDownloads(runner, this.#lens, hub);
  }

  readonly result: InitializeResult = {
    capabilities: {
      positionEncoding: PositionEncodingKind.UTF16,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      hoverProvider: true,
      experimental: { attentionLens: { protocol: PROTOCOL_VERSION } },
    },
  };

  /** Loads the model, without waiting for a document or for the client's settings. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#load(this.#lens.settings.model);
    void this.#settings.initialized();
  }

  stop(): void {
    this.#news.stop();
    this.#lens.stop();
    this.#end.abort();
    this.#models.dispose();
  }

  async #load(id: string): Promise<void> {
    // Nobody has asked for it just now: what has to be fetched shows its own progress.
    const progress = new WorkProgress(this.#connection, undefined);
    const signal = AbortSignal.any([this.#end.signal, progress.cancelled]);
    try {
      const fetch = { wantedBy: 'settings', onProgress: progress.download } as const;
      const { model, report } = await this.#lens.loadModel(id, signal, fetch);
      this.#runner.log(l10n.t('Model {0} is ready. {1}', model.name, report.detail));
    } catch (error) {
      if (this.#end.signal.aborted) return;
      // The status carries the sentence; the log says more only where it is our own fault.
      if (error instanceof Error) this.#runner.log(error.message);
      if (isInternal(error)) this.#runner.log(traceOf(error));
    } finally {
      progress.end();
    }
  }

  #use(settings: Settings): void {
    const before = this.#lens.settings;
    this.#lens.settings = settings;
    if (!this.#started) return;
    if (settings.model !== before.model) void this.#load(settings.model);
    else if (
      settings.engine.threads !== before.engine.threads ||
      settings.engine.backend !== before.engine.backend
    )
      void this.#load(this.#lens.status().model?.id ?? settings.model);
  }
}
