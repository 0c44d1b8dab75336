/**
 * The attention of open documents, as a library: it knows neither an editor nor a
 * wire. Give it documents and a model; ask it for rows, maps, overviews and hovers.
 */
import * as l10n from '@vscode/l10n';
import type { Clock } from '../engine/clock';
import type { EngineState } from '../engine/supervisor';
import {
  INITIAL_SELECTION,
  type CompareParams,
  type CompareResult,
  type DidChangeViewParams,
  type ExplainParams,
  type ExplainResult,
  type DocumentMapParams,
  type DocumentMapResult,
  type MapParams,
  type MapResult,
  type OverviewParams,
  type OverviewResult,
  type Position,
  type PositionEffectParams,
  type PositionEffectResult,
  type PositionParams,
  type PositionResult,
  type PositionShareParams,
  type PositionShareResult,
  type Range,
  type RowParams,
  type RowResult,
  type Selection,
  type SetSelectionParams,
  type SetSelectionResult,
  type SetSourceParams,
  type WhereOfStack,
  type Settings,
  type StagesParams,
  type StagesResult,
  type StatisticsParams,
  type StatisticsResult,
  type Status,
  type TokensParams,
  type TokensResult,
  type ModelReportResult,
} from '../protocol';
import { Activity } from './activity';
import type { AskOptions } from './answer';
import {
  checkOverviewReading,
  mapQuestion,
  overviewQuestion,
  rowQuestion,
  tokensAnswer,
} from './dataAnswers';
import { ChapterControls } from './chapterControls';
import { compareQuestion } from './compareAnswer';
import { positionEffectQuestion } from './effectAnswer';
import { BandStore } from './bandStore';
import { documentMap } from './documentMap';
import { documentStatistics } from './documentStatistics';
import { InvalidParams, unlessAborted } from './errors';
import { explainQuestion } from './explainAnswer';
import { brokenDocumentHover } from './brokenDocumentHover';
import { hoverQuestion, type HoverAnswer } from './hoverAnswer';
import { Idle } from './idle';
import { modelReport } from './modelReport';
import { ModelSlot, type FetchWish, type ModelLoader, type ReadyModel } from './modelSlot';
import { ModelWindows } from './modelWindows';
import { numberModel } from './numberWindow';
import { OpenDocument } from './openDocument';
import { positionQuestion } from './positionAnswer';
import { Prefetch } from './prefetch';
import { checkWeighable, fitToStacks, resolveSelection } from './selection';
import { SourceTexts } from './sourceTexts';
import { modelOfAnyStack, ofWholeDocument, type Place } from './stacks';
import { positionShareQuestion } from './shareAnswer';
import { middleOf } from './queryRange';
import { stagesQuestion } from './stagesAnswer';
import { statisticsQuestion } from './statisticsAnswer';
import { OverviewStore } from './overviewStore';
import { StatisticsStore } from './statisticsStore';
import { Subjects } from './subjects';
import { DocumentText, type TextChange } from './text';
import type { Scheduler } from './tokenized';

/** What a lens needs of its surroundings. */
export interface LensHost {
  scheduler: Scheduler;
  /** For work that waits until nobody needs the engine. */
  clock: Clock;
  loader: ModelLoader;
  settings: Settings;
  /** Something that {@link Lens.status} tells has changed. */
  onDidChangeStatus(): void;
}

export class Lens {
  readonly #host: LensHost;
  readonly #slot: ModelSlot;
  readonly #subjects: Subjects;
  readonly #windows: ModelWindows;
  readonly #activity: Activity;
  readonly #idle: Idle;
  readonly #chapter: ChapterControls;
  readonly #kept = {
    overviews: new OverviewStore(),
    statistics: new StatisticsStore(),
    bands: new BandStore(),
  };
  readonly #documents = new Map<string, OpenDocument>();
  readonly #sources = new SourceTexts(this.#documents);
  #settings: Settings;
  #selection: Selection = INITIAL_SELECTION;
  #engine: EngineState = { state: 'ready' };
  #looks = 0;

  constructor(host: LensHost) {
    this.#host = host;
    this.#settings = host.settings;
    this.#slot = new ModelSlot(host.loader, (previous) => this.#modelChanged(previous));
    this.#chapter = new ChapterControls(this.#slot);
    this.#windows = new ModelWindows(host.settings, () => host.onDidChangeStatus());
    this.#activity = new Activity(
      () => host.clock.now(),
      () => this.#idle.giveWay(),
      () => this.#idle.wake(),
    );
    this.#subjects = new Subjects(this.#slot, this.#windows, this.#activity);
    const prefetch = new Prefetch(this.#slot, this.#windows, {
      settings: () => this.#settings,
      selection: () => this.#selection,
      summarised: () => host.onDidChangeStatus(),
    });
    this.#idle = new Idle({
      clock: host.clock,
      wait: () => this.#activity.wait,
      next: () => prefetch.next(this.#documents.values()),
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  set settings(settings: Settings) {
    this.#settings = settings;
    this.#windows.settings = settings;
    if (!settings.background) this.#idle.giveWay();
    this.#idle.wake();
  }

  open(uri: string, version: number, text: string): void {
    this.#documents.get(uri)?.close();
    const onTokenized = (): void => {
      this.#host.onDidChangeStatus();
      this.#idle.wake();
    };
    const document = new DocumentText(uri, version, text);
    this.#documents.set(uri, new OpenDocument(document, this.#host.scheduler, onTokenized));
    this.#host.onDidChangeStatus();
  }

  /** Changes to documents that are not open are ignored. */
  change(uri: string, version: number, changes: readonly TextChange[]): void {
    this.#documents.get(uri)?.change(changes, version);
    this.#activity.edited();
    this.#host.onDidChangeStatus();
  }

  close(uri: string): void {
    this.#documents.get(uri)?.close();
    this.#sources.close(uri);
    if (this.#documents.delete(uri)) this.#host.onDidChangeStatus();
  }

  /** Where the person looks: what is in view is analysed before anybody asks. */
  look({ textDocument, cursor, visible, pinned, focused }: DidChangeViewParams): void {
    const document = this.#documents.get(textDocument.uri);
    if (document) {
      document.cursor = cursor ?? document.cursor;
      document.visible = visible ?? [];
      document.pinned = pinned ?? [];
      this.#lookedAt(document);
    }
    this.#activity.focused(focused ?? true);
  }

  /** Ends the work that nobody has asked for. */
  stop(): void {
    this.#idle.stop();
  }

  /** Loads a model and makes it the one in use; on failure the one in use stays. */
  loadModel(id: string, signal: AbortSignal, fetch?: FetchWish): Promise<ReadyModel> {
    const wanted = { id, chapter: this.#chapter.settings };
    return this.#slot.load(fetch ? { ...wanted, fetch } : wanted, signal);
  }

  /** What was found in the model in use; waits until there is one. */
  async modelReport(signal: AbortSignal): Promise<ModelReportResult> {
    const ready = await this.#slot.ready(signal);
    return modelReport(ready, this.status().engine);
  }

  /** Starts the engine again after it failed. */
  restart(signal: AbortSignal): Promise<ReadyModel> {
    this.#engine = { state: 'ready' };
    const id = this.#slot.current?.model.id ?? this.#settings.model;
    return this.#slot.restart({ id, chapter: this.#chapter.settings }, signal);
  }

  /** The model in use is computed by another engine. */
  engineReplaced(ready: ReadyModel): void {
    this.#engine = { state: 'ready' };
    this.#slot.replace(ready);
  }

  /** Tells what the engine says of itself. */
  engineChanged(state: EngineState): void {
    this.#engine = state;
    if (state.state === 'failed' && this.#slot.state.state === 'ready')
      this.#slot.engineDown(state.message ?? l10n.t('The engine stopped. Restart it.'));
    this.#host.onDidChangeStatus();
  }

  status(): Status {
    const slot = this.#slot.state;
    const ready = this.#slot.current;
    const restarting = slot.state === 'ready' && this.#engine.state === 'starting';
    const said = this.#engine.message ?? this.#windows.warning;
    const message = slot.state === 'failed' ? slot.error.message : said;
    return {
      state: restarting ? 'starting' : slot.state,
      ...(message ? { message } : {}),
      model: ready?.model ?? null,
      engine: {
        backend: ready?.report.backend ?? '',
        threads: ready?.report.threads ?? 0,
        detail: ready?.report.detail ?? '',
        passedOver: [...(ready?.report.passedOver ?? [])],
      },
      selection: this.#selection,
      chapter: ready?.chapter ?? null,
      documents: [...this.#documents.values()].map((document) => ({
        uri: document.text.uri,
        version: document.text.version,
        windows: document.windowCount,
        analysed: this.#subjects.analysedCount(document),
        summaries: document.summaries,
        ...this.#sourceOf(document),
      })),
    };
  }

  #sourceOf({ text: { uri } }: OpenDocument): { source?: string } {
    const source = this.#sources.of(uri);
    return source === undefined ? {} : { source };
  }

  /** What hover shows from now on, and how the Chapter model is set. */
  async select(
    { chapter, textDocument, ...select }: SetSelectionParams,
    { signal }: AskOptions,
  ): Promise<SetSelectionResult> {
    const ready = await this.#slot.ready(signal);
    const model = this.#modelFor(textDocument?.uri, ready);
    const next = chapter && this.#chapter.next(chapter);
    // Alone, controls leave the selection as it is.
    const replaces = !chapter || Object.values(select).some((value) => value !== undefined);
    const own = modelOfAnyStack(model, select.stack);
    const will = next ? { ...own, ...next.model } : own;
    const selection = replaces ? resolveSelection(select, will) : undefined;
    if (selection) checkWeighable(selection, ready.manifest);
    await next?.load(signal);
    if (selection) this.#selection = selection;
    this.#host.onDidChangeStatus();
    this.#idle.wake();
    return { selection: this.#selection, chapter: this.#slot.current?.chapter ?? null };
  }

  /** The model in use, or what a document of numbers that was read with it has instead. */
  #modelFor(uri: string | undefined, { model }: ReadyModel): ReadyModel['model'] {
    const document = uri === undefined ? undefined : this.#documents.get(uri);
    const numbers = document?.readAsNumbers ? document.numbers() : null;
    return numbers ? numberModel(model, numbers) : model;
  }

  async tokens(params: TokensParams, options: AskOptions): Promise<TokensResult> {
    const document = this.#document(params);
    const subject = await this.#subjects.locate(document, this.#place(params), options);
    return tokensAnswer(subject, params);
  }

  async row(params: RowParams, options: AskOptions): Promise<RowResult> {
    const document = this.#document(params);
    const { queryRange, position = queryRange && middleOf(document, queryRange) } = params;
    const question = rowQuestion(params, options.signal);
    const place = this.#place({ ...params, position });
    return this.#subjects.answer(document, place, options, question);
  }

  async map(params: MapParams, options: AskOptions): Promise<MapResult> {
    const document = this.#document(params);
    const question = mapQuestion(params, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  async overview(params: OverviewParams, options: AskOptions): Promise<OverviewResult> {
    const document = this.#document(params);
    checkOverviewReading(params.reading ?? 'raw');
    const question = overviewQuestion(params, this.#kept, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  /** What each head does on one window, in numbers. */
  async statistics(params: StatisticsParams, options: AskOptions): Promise<StatisticsResult> {
    const document = this.#document(params);
    if (params.scope === 'document') {
      if ((params.stack ?? 'encoder') !== 'encoder') throw ofWholeDocument();
      return this.#documentStatistics(document, params, options);
    }
    const question = statisticsQuestion(params, this.#kept.statistics, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  async #documentStatistics(
    document: OpenDocument,
    params: StatisticsParams,
    options: AskOptions,
  ): Promise<StatisticsResult> {
    const { scheduler } = this.#host;
    return this.#subjects.wholeDocument(document, options, async (sources) => {
      const subject = await this.#subjects.locate(document, this.#place(params), options);
      const { statistics } = this.#kept;
      return documentStatistics(sources, subject, params, statistics, { ...options, scheduler });
    });
  }

  /** Of the whole document, as far as it is analysed. */
  documentMap(params: DocumentMapParams, options: AskOptions): Promise<DocumentMapResult> {
    const { scheduler } = this.#host;
    return this.#subjects.wholeDocument(this.#document(params), options, (sources) =>
      documentMap(sources, params, this.#kept.bands, { ...options, scheduler }),
    );
  }

  async position(params: PositionParams, options: AskOptions): Promise<PositionResult> {
    const document = this.#document(params);
    const question = positionQuestion(params, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  async positionEffect(
    params: PositionEffectParams,
    options: AskOptions,
  ): Promise<PositionEffectResult> {
    const document = this.#document(params);
    const question = positionEffectQuestion(params, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  /** A window beside another one, of the same model. */
  async compare(params: CompareParams, options: AskOptions): Promise<CompareResult> {
    const document = this.#document(params);
    const other = this.#document(params.other);
    const located = await this.#subjects.locate(
      other,
      { position: params.other.position },
      options,
    );
    const question = compareQuestion(params, located, options.signal);
    const { modified } = other;
    const signal = AbortSignal.any([options.signal, modified]);
    const answer = this.#subjects.answer(
      document,
      { position: params.position },
      { ...options, signal },
      question,
    );
    return unlessAborted(answer, options.signal, modified);
  }

  async positionShare(
    params: PositionShareParams,
    options: AskOptions,
  ): Promise<PositionShareResult> {
    const document = this.#document(params);
    const question = positionShareQuestion(params, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  /** How one weight of one head comes about, in the raw reading. */
  async explain(params: ExplainParams, options: AskOptions): Promise<ExplainResult> {
    const document = this.#document(params);
    const question = explainQuestion(params, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  /** Of the Chapter model alone. */
  async stages(params: StagesParams, options: AskOptions): Promise<StagesResult> {
    const document = this.#document(params);
    const question = stagesQuestion(params, options.signal);
    return this.#subjects.answer(document, this.#place(params), options, question);
  }

  /**
   * Of the newest version, whatever the asker has seen; null where no token stands. A range
   * that the position lies in is the query as a whole.
   */
  async hover(
    uri: string,
    position: Position,
    markdown: boolean,
    options: AskOptions,
    queryRange?: Range,
  ): Promise<HoverAnswer | null> {
    const document = this.#document({ textDocument: { uri } });
    const { model } = await this.#slot.ready(options.signal);
    const { stack } = this.#selection;
    const pair = model.decoder && this.#sources.pairOf(document, position, stack);
    const hover = {
      side: pair?.side ?? 'queries',
      selection: this.#selection,
      rows: this.#settings.hover.rows,
      markdown,
      queryRange,
    };
    const question = hoverQuestion(hover, options.signal);
    try {
      const { asked, place } = pair ?? { asked: document, place: { position } };
      return await this.#subjects.answerNewest(asked, place, options, question);
    } catch (error) {
      return brokenDocumentHover(error, position, markdown);
    }
  }

  #document({ textDocument: { uri } }: { textDocument: { uri: string } }): OpenDocument {
    const document = this.#documents.get(uri);
    if (document) return this.#lookedAt(document);
    throw new InvalidParams(
      'textDocument',
      l10n.t('"textDocument" is not open in the server: open it first.'),
    );
  }

  #place(where: WhereOfStack): Place {
    return this.#sources.place(where, this.#slot.current?.model);
  }

  /** Says which text a document was made from, until it says another or either is closed. */
  setSource({ textDocument, source }: SetSourceParams): Record<never, never> {
    this.#document({ textDocument });
    this.#sources.set(textDocument.uri, source?.uri);
    this.#host.onDidChangeStatus();
    return {};
  }

  #lookedAt(document: OpenDocument): OpenDocument {
    document.lookedAt = ++this.#looks;
    return document;
  }

  #modelChanged(previous: ReadyModel | undefined): void {
    const { current } = this.#slot;
    if (current && current !== previous) {
      this.#selection = fitToStacks(this.#selection, current);
      if (current.tokenizer !== previous?.tokenizer)
        for (const document of this.#documents.values()) document.forgetTokens();
    }
    this.#host.onDidChangeStatus();
    this.#idle.wake();
  }
}
