import type { ChapterSettings } from '../../server/chapter/controls';
import { INITIAL_SELECTION, type Model, type Range, type Selection } from '../../server/protocol';
import { choose, fitSelection } from '../../server/selectionRules';
import type { WebviewApi } from '../host';
import type { Cell } from '../map/viewport';
import { FIRST_STATISTIC } from '../heads/statisticNames';
import type {
  ExportKind,
  HostSide,
  PanelPlace,
  PanelPositionEffect,
  PanelState,
  PanelStatistics,
  PanelTokens,
} from '../protocol';
import { Comparison } from '../compare/comparison';
import { Answers, type Overview } from './answers';
import { setTranslations } from '../text';
import { Highlighter } from './highlighter';
import type { HostChannel } from './hostChannel';
import { encodingKey, selectionKey, type Lens } from './lens';
import type { Looked } from './looked';
import { Lookup } from './lookup';
import { Pictures } from './pictures';
import { Rows, type Run } from './rows';
import { readSaved, type Saved } from './saved';
import { cellOfTokens, unitsOf, type Units } from './units';
import { WholeFile } from './wholeFile';

/** What the host is told, without an answer that anything here depends on. */
type Told =
  | 'viewShown'
  | 'setLocked'
  | 'reveal'
  | 'showWindow'
  | 'cancel'
  | 'restartEngine'
  | 'chooseModel'
  | 'setChapter'
  | 'selectModel';

/**
 * What the panel knows and where the person is. The extension host owns document and
 * selection; this keeps the newest snapshot, has what belongs to it asked for, and tells its
 * listeners.
 */
export class Session {
  readonly channel: HostChannel;
  readonly rows: Rows;
  readonly pictures: Pictures;
  readonly answers: Answers;
  readonly highlighter: Highlighter;
  readonly file: WholeFile;
  /** Two texts or readings beside each other. */
  readonly comparison: Comparison;
  /** How far each head moves by what is done to position; asked for where it is shown. */
  readonly effect = new Lookup<PanelPositionEffect>(() => this.changed());
  /** What each head does on the window, in numbers; asked for where it is shown. */
  readonly statistics = new Lookup<PanelStatistics>(() => this.changed());
  state: PanelState | null = null;
  saved: Saved;
  /** The token at the editor's cursor. */
  cursor: number | null = null;
  /** The tokens that are selected in the editor; null: fewer than two. */
  selected: Run | null = null;
  /** Tokens that are pinned in the editor. */
  pinned: readonly number[] = [];
  /** The pair of tokens under the pointer, and the one chosen by click or arrow keys. */
  pointed: Looked | null = null;
  chosen: Looked | null = null;

  /** Exports what is shown; set by who shows it. */
  exportAs: (kind: ExportKind, table?: string) => void = () => undefined;
  /** Has all that is looked at put into a bundle; set by who shows how far it is. */
  saveBundle: () => void = () => undefined;

  readonly #api: WebviewApi;
  readonly #listeners = new Set<() => void>();
  #selectionSent: Selection | null = null;
  #units: { from: PanelTokens; units: Units } | null = null;
  #attempt = 0;

  constructor(channel: HostChannel, api: WebviewApi) {
    this.channel = channel;
    this.#api = api;
    this.saved = readSaved(api.getState());
    this.file = new WholeFile(channel, () => this.changed());
    this.rows = new Rows(channel, () => this.changed());
    this.answers = new Answers(channel, () => this.#refresh());
    this.pictures = new Pictures(
      channel,
      () => this.changed(),
      (error) => this.answers.report(error),
    );
    this.highlighter = new Highlighter(channel);
    this.comparison = new Comparison(this);
    channel.on('show', (place) => this.#show(place));
    channel.on('export', ({ kind }) =>
      kind === 'bundle' ? this.saveBundle() : this.exportAs(kind),
    );
    channel.on('state', (state) => this.#accept(state));
    channel.on('pinned', ({ generation, tokens }) => {
      if (generation !== this.state?.generation) return;
      this.pinned = tokens;
      this.changed();
    });
    channel.on('cursor', ({ generation, token, selected }) => {
      if (generation !== this.state?.generation) return;
      this.cursor = token;
      this.selected = this.#runOf(selected);
      // Who selects in the text wants to see that, whatever was looked at before.
      if (this.selected) this.chosen = null;
      this.#inspect();
      this.changed();
    });
  }

  /** Introduces the page to the host; the first snapshot comes with the answer. */
  async start(): Promise<void> {
    try {
      const isFresh = (this.#api.getState() ?? null) === null;
      const { state, strings, place } = await this.channel.request('hello', { saved: this.saved });
      setTranslations(strings);
      if (place && isFresh) this.saved = readSaved(place.saved);
      this.#tellView(this.saved.view);
      this.#accept(state);
      if (place && isFresh) this.choose(place.chosen);
    } catch (error) {
      this.answers.report(error);
    }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /**
   * What is looked at: the host's selection, or the one just asked of it, as far as the
   * document's model has it.
   */
  get selection(): Selection {
    const selection = this.#selectionSent ?? this.state?.selection ?? INITIAL_SELECTION;
    const { model } = this;
    return model ? fitSelection(selection, model) : selection;
  }

  /** Names the picture: another subject is another set of numbers. */
  get subject(): string {
    return this.subjectOf(this.selection);
  }

  subjectOf(selection: Selection): string {
    return `${this.snapshot}/${selectionKey(selection)}`;
  }

  /** Names the text, the model and the try: what was asked for another snapshot is old. */
  get snapshot(): string {
    return `${this.state?.generation ?? -1}.${this.#attempt}`;
  }

  /** The model that reads the document: a document of numbers brings its own. */
  get model(): Model | null {
    return this.currentTokens?.model ?? this.tokens?.model ?? this.state?.status?.model ?? null;
  }

  get tokens(): PanelTokens | null {
    return this.answers.tokens;
  }

  get overview(): Overview | null {
    return this.answers.overview;
  }

  /** Tokens of the newest snapshot; those of an older one would put names on wrong rows. */
  get currentTokens(): PanelTokens | null {
    return this.tokens && this.tokens.generation === this.state?.generation ? this.tokens : null;
  }

  /** Whether what is drawn belongs to an older text. */
  get stale(): boolean {
    if (!this.state) return false;
    const older = this.tokens !== null && this.tokens.generation !== this.state.generation;
    return this.state.stale || older;
  }

  /** What rows and columns count in what is looked at; the same object as long as that is so. */
  get units(): Units | null {
    const tokens = this.currentTokens;
    const { merge } = this.selection;
    if (!tokens) return null;
    if (this.#units?.from !== tokens || this.#units.units.merge !== merge)
      this.#units = { from: tokens, units: unitsOf(tokens, merge) };
    return this.#units.units;
  }

  /** Whose rows are shown: a token's, or those of what is selected in the editor as one query. */
  get asked(): number | Run | null {
    // A single weight is one of two tokens.
    const selected = this.saved.view === 'explain' ? null : this.selected;
    return this.pointed?.query ?? this.chosen?.query ?? selected ?? this.cursor;
  }

  /** The token that inspector and sentence speak of; the first one of several. */
  get inspected(): number | null {
    const { asked } = this;
    return asked === null || typeof asked === 'number' ? asked : asked.tokens[0];
  }

  save(part: Partial<Saved>): void {
    if (part.view !== undefined && part.view !== this.saved.view) this.#tellView(part.view);
    this.saved = { ...this.saved, ...part };
    this.#api.setState(this.saved);
    this.changed();
  }

  /** What contradicts the part gives way. */
  select(part: Partial<Selection>): void {
    const selection = choose(this.selection, part);
    this.#selectionSent = selection;
    this.#refresh();
    const done = (): void => {
      if (this.#selectionSent !== selection) return;
      this.#selectionSent = null;
      this.#refresh();
    };
    this.answers.failure = null;
    this.channel.request('setSelection', selection).then(done, (error: unknown) => {
      done();
      this.answers.report(error);
    });
  }

  point(cell: Looked | null): void {
    this.pointed = cell;
    this.#inspect();
    this.#highlight(cell);
    this.changed();
  }

  /** What was chosen last is read out, also while the pointer rests elsewhere on the map. */
  choose(cell: Looked | null): void {
    this.pointed = null;
    this.chosen = cell;
    this.#inspect();
    this.#highlight(cell);
    this.changed();
  }

  #highlight(cell: Cell | null): void {
    this.highlighter.show(cell && this.#rangesOf(cell));
  }

  reveal(cell: Cell): void {
    const ranges = this.#rangesOf(cell);
    if (ranges?.query || ranges?.key) this.#tell('reveal', ranges);
  }

  /** Where query and key stand, each with all its pieces where words are looked at. */
  #rangesOf(cell: Cell): { query: Range | null; key: Range | null } | null {
    const { units } = this;
    if (!units) return null;
    const { query, key } = cellOfTokens(units, cell);
    return { query: units.ranges[query] ?? null, key: units.ranges[key] ?? null };
  }

  /** Changes the Chapter model; the next snapshot shows it. */
  setChapter(part: Partial<ChapterSettings>): void {
    this.#tell('setChapter', part);
  }

  /** Has the panel stay with its document, or follow the editor. */
  setLocked(locked: boolean): void {
    this.#tell('setLocked', { locked });
  }

  /** Has the person choose a model from the editor's list. */
  chooseModel(): void {
    this.#tell('chooseModel', {});
  }

  selectModel(model: string): void {
    this.#tell('selectModel', { model });
  }

  showWindow(index: number): void {
    this.#tell('showWindow', { index });
  }

  /** Asks which windows of the file are analysed, whenever that may have changed. */
  wantWindows(): void {
    if (this.state) this.file.wantWindows(this.state, this.snapshot);
  }

  /** Has the map of the whole file asked for, and filled in. */
  wantWholeMap(size: number): void {
    if (this.state && !this.stale)
      this.file.wantMap(this.state, this.snapshot, this.selection, size);
  }

  cancel(): void {
    this.#tell('cancel', {});
  }

  restartEngine(): void {
    this.#tell('restartEngine', {});
  }

  /** Asks again for what could not be had. */
  retry(): void {
    if (!this.state) {
      this.answers.failure = null;
      void this.start();
      return;
    }
    this.answers.forgetAsked();
    this.#attempt++;
    this.#refresh();
  }

  /** Has the heads' statistics asked for, once their pictures are here. */
  wantStatistics(): void {
    const { encoding } = this.selection;
    const generation = this.state?.generation;
    // Rollout has no pictures of heads to wait for.
    const drawn = this.selection.reading === 'rollout' || this.overview?.generation === generation;
    if (!this.state || generation === undefined || !drawn || this.stale) return;
    if (this.ofWholeFile) this.file.wantStatistics(this.state, this.snapshot, encoding);
    const what = { generation, encoding, scope: 'window', within: null, fill: false } as const;
    this.statistics.want(`${this.snapshot}/${encodingKey(encoding)}`, (signal) =>
      this.channel.request('statistics', what, { signal }),
    );
  }

  /** Whether heads are looked for by the whole file: where it has several windows, and that is chosen. */
  get ofWholeFile(): boolean {
    return this.saved.finder.scope === 'document' && this.windowCount !== 1;
  }

  /** Windows of the file; null until all of it is tokenized. */
  get windowCount(): number | null {
    const { window } = this.currentTokens ?? this.tokens ?? {};
    const { status, document } = this.state ?? {};
    const known = status?.documents.find(({ uri }) => uri === document?.uri);
    return window?.count ?? known?.windows ?? null;
  }

  /** Looks for heads by a statistic; the one looked for last where none is named. */
  findHeads(part: Partial<Saved['finder']> = {}): void {
    const { finder } = this.saved;
    const statistic = finder.statistic ?? FIRST_STATISTIC;
    this.save({ view: 'overview', finder: { ...finder, statistic, ...part } });
  }

  #show({ view, page, findHeads, compareWith }: PanelPlace): void {
    this.save({ view, page: page ?? this.saved.page });
    if (findHeads) this.findHeads();
    if (compareWith) this.comparison.begin(compareWith);
  }

  #lens(): Lens {
    const { reading, encoding } = this.selection;
    return { reading, encoding };
  }

  #tellView(view: string): void {
    this.#tell('viewShown', { view });
  }

  #tell<M extends Told>(method: M, params: HostSide['methods'][M]['params']): void {
    this.channel.request(method, params).catch((error: unknown) => this.answers.report(error));
  }

  #accept(state: PanelState): void {
    const before = this.state;
    this.state = state;
    if (before?.generation !== state.generation) {
      this.cursor = null;
      this.selected = null;
      this.pinned = [];
      this.pointed = null;
      this.chosen = null;
    }
    this.#refresh();
  }

  #refresh(): void {
    this.rows.setSubject(this.subject);
    this.#inspect();
    if (this.state) this.answers.follow(this.state, this.#lens(), this.selection.aggregate);
    const { document, generation } = this.state ?? {};
    const { layer, head, reading } = this.selection;
    const window = this.tokens?.generation === generation ? this.tokens?.window.index : null;
    this.save({
      document: document?.uri ?? null,
      window: window ?? this.saved.window,
      own: this.state?.locked ? this.selection : null,
      selection: { layer, head, reading },
    });
  }

  #inspect(): void {
    const { asked, inspected, currentTokens: tokens } = this;
    if (asked === null || inspected === null || !tokens) return;
    if (inspected < tokens.texts.length) this.rows.want(asked, tokens.generation, this.selection);
  }

  #runOf(selected: readonly [number, number] | null): Run | null {
    const ranges = this.currentTokens?.ranges;
    const first = ranges?.[selected?.[0] ?? NaN];
    const last = ranges?.[(selected?.[1] ?? NaN) - 1];
    if (!selected || !first || !last) return null;
    return { tokens: selected, range: { start: first.start, end: last.end } };
  }
}
