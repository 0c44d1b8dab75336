/**
 * The host of a page that shows a bundle: answers what the panel asks from what is stored. Nothing is
 * computed by a model, and nothing outside of the bundle changes. Knows no VS Code.
 */
import { ChannelError } from '../../channel/channel';
import { encodeNumbers, entropy } from '../../server/analysis/numbers';
import {
  INITIAL_SELECTION,
  type Model,
  type Range,
  type RowResult,
  type Selection,
  type Status,
} from '../../server/protocol';
import { fitSelection } from '../../server/selectionRules';
import { BUNDLE_VIEWS, type PanelView } from '../../webview/protocol';
import type {
  ExportFile,
  HostSide,
  PanelBundle,
  PanelRow,
  PanelState,
  PanelTokens,
} from '../../webview/protocol';
import { rowAsMarkdown } from '../export/rowAsMarkdown';
import { panelTokens } from '../panel/answers';
import type { PageChannel } from '../panel/pages';
import type { Translate } from '../translate';

import { bundleSummary } from './summary';
import type { Bundle } from './bundle';
import { reading } from './parts';
import { NotStored, StoredReaders, type Asked } from './storedReaders';

/** There is one snapshot: a bundle does not change. */
const GENERATION = 1;
const VERSION = 1;

export interface BundleHostParts {
  bundle: Bundle;
  /** Of the bundle's file. */
  uri: string;
  translate: Translate;
  /** English text → the person's language, for the page. */
  strings: { [key: string]: string };
  saveFile: (file: ExportFile) => Promise<boolean>;
  choose: (choice: HostSide['methods']['choose']['params']) => Promise<number | null>;
  copy: (text: string) => Promise<void>;
  /** Shows places of the bundle's text beside the panel. */
  reveal: (query: Range | null, key: Range | null) => Promise<void>;
}

type Answer<M extends keyof HostSide['methods']> = HostSide['methods'][M]['result'];

export class BundleHost {
  readonly #parts: BundleHostParts;
  readonly #readers: StoredReaders;
  readonly #at: (range: Range) => string;
  #channel: PageChannel | undefined;
  #selection: Selection;
  #check: PanelBundle['check'];

  constructor(parts: BundleHostParts) {
    this.#parts = parts;
    this.#readers = new StoredReaders(parts.bundle);
    this.#at = reading(parts.bundle.text);
    this.#selection = parts.bundle.manifest.selection;
    this.#check = { state: 'running', message: '', progress: null };
  }

  /** Tells the page whether this machine gives the same numbers. */
  checked(check: PanelBundle['check']): void {
    this.#check = check;
    this.#channel?.send('state', this.#state());
  }

  /** Serves a page that has just been loaded. */
  serve(channel: PageChannel): void {
    this.#channel?.close();
    this.#channel = channel;
    const { manifest } = this.#parts.bundle;
    const { saved, chosen } = manifest.view;
    channel.handle('hello', () => ({
      state: this.#state(),
      strings: this.#parts.strings,
      place: { saved: { ...saved, view: viewOf(saved), document: this.#parts.uri }, chosen },
    }));
    channel.handle('tokens', () => this.#tokens());
    channel.handle('text', () => ({
      generation: GENERATION,
      text: this.#at(manifest.window.range),
    }));
    channel.handle('setSelection', (selection) => this.#select(selection));
    this.#answerNumbers(channel);
    this.#answerControls(channel);
    this.#refuseTheRest(channel);
  }

  /** The page is gone. */
  leave(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  #answerNumbers(channel: PageChannel): void {
    channel.handle('overview', async ({ reading, encoding, size }, signal) => {
      this.#requireEncoding(encoding);
      const { layers, heads } = this.#model;
      const found = await this.#stored(() => this.#readers.overview(reading, size, signal));
      return { generation: GENERATION, layers, heads, ...found };
    });
    channel.handle('statistics', ({ encoding, scope }) => this.#statistics(encoding, scope));
    channel.handle('region', async ({ selection, rows, columns, ...rest }, signal) => {
      this.#requireEncoding(selection.encoding);
      const { queries, keys } = rest;
      const size = {
        rows: Math.min(rows, queries[1] - queries[0]),
        columns: Math.min(columns, keys[1] - keys[0]),
      };
      const values = await this.#stored(() =>
        this.#readers.region(selection, { ...rest, ...size }, signal),
      );
      return { generation: GENERATION, ...size, values };
    });
    channel.handle('row', ({ selection, token, direction }) => {
      // No editor shows the text, so that nothing of it can be selected there.
      if (token === undefined) throw new ChannelError('invalidParams', 'A row is of one token.');
      return this.#stored(() => Promise.resolve(this.#row(selection, token, direction)));
    });
  }

  #answerControls(channel: PageChannel): void {
    const { saveFile, choose, copy, reveal } = this.#parts;
    channel.handle('saveFile', async (file) => ({ saved: await saveFile(file) }));
    channel.handle('choose', async (choice) => ({ index: await choose(choice) }));
    channel.handle('copyRow', async ({ selection, token }) =>
      copy(await this.#table(selection, token)),
    );
    channel.handle('reveal', ({ query, key }) => reveal(query, key));
    for (const method of [
      'highlight',
      'viewShown',
      'cancel',
      'restartEngine',
      'setLocked',
    ] as const)
      channel.handle(method, () => undefined);
  }

  /** What takes a model. */
  #refuseTheRest(channel: PageChannel): void {
    const refuse = (): never => {
      throw this.#missing(
        this.#parts.translate(
          'A bundle does not hold this; open its text with the model to see it.',
        ),
      );
    };
    for (const method of [
      ...(['documentMap', 'position', 'positionEffect', 'positionShare', 'explain'] as const),
      ...(['stages', 'errata', 'setChapter', 'selectModel', 'showWindow', 'saveBundle'] as const),
    ])
      channel.handle(method, refuse);
  }

  get #model(): Bundle['manifest']['model'] {
    return this.#parts.bundle.manifest.model;
  }

  /** As the protocol has it; of how it tells positions apart a bundle says nothing. */
  #panelModel(): Model {
    return { ...this.#model, position: { kind: 'unknown' } };
  }

  #state(): PanelState {
    const { bundle, uri, translate } = this.#parts;
    const { manifest } = bundle;
    const selection = this.#selection;
    const { count } = manifest.window;
    const status: Status = {
      state: 'ready',
      model: this.#panelModel(),
      engine: { ...manifest.engine, threads: 1, passedOver: [] },
      selection,
      chapter: manifest.chapter,
      documents: [{ uri, version: VERSION, windows: count, analysed: 1, summaries: 0 }],
    };
    return {
      generation: GENERATION,
      status,
      document: { uri, name: manifest.document.name, version: VERSION },
      selection,
      chapter: null,
      locked: false,
      stale: false,
      progress: null,
      problem: null,
      bundle: { about: bundleSummary(bundle, translate), check: this.#check },
    };
  }

  #tokens(): PanelTokens {
    const { manifest, tokens, words } = this.#parts.bundle;
    const { numbers, window } = manifest;
    const answer = { version: VERSION, window, model: this.#panelModel(), total: tokens.length };
    return panelTokens(GENERATION, { ...answer, tokens, words, numbers }, this.#at);
  }

  #select(wanted: Selection): void {
    const selection = fitSelection({ ...INITIAL_SELECTION, ...wanted }, this.#panelModel());
    this.#requireEncoding(selection.encoding);
    const problem = this.#readers.lacks(selection);
    if (problem) throw this.#notStored(problem);
    this.#selection = selection;
    this.#channel?.send('state', this.#state());
  }

  #row(selection: Selection, token: number, direction: 'reads' | 'readBy'): PanelRow {
    this.#requireEncoding(selection.encoding);
    const { weights, sink } = this.#readers.row(selection, token, direction);
    return { generation: GENERATION, token, weights, sink, entropy: entropy(weights) };
  }

  #statistics(encoding: Selection['encoding'], scope: 'window' | 'document'): Answer<'statistics'> {
    this.#requireEncoding(encoding);
    const { statistics } = this.#parts.bundle;
    const { layers, heads } = this.#model;
    if (!statistics || scope === 'document')
      throw this.#missing(
        this.#parts.translate(
          'The bundle has no statistics of {0}.',
          scope === 'document'
            ? this.#parts.translate('the whole file')
            : this.#parts.translate('this window'),
        ),
      );
    const lists = Object.entries(statistics.statistics).map(([name, list]) => [
      name,
      Float32Array.from(list, (value) => value ?? NaN),
    ]);
    return {
      ...{ generation: GENERATION, layers, heads, coverage: null },
      ...{ counted: statistics.counted, even: statistics.even },
      statistics: Object.fromEntries(lists) as Answer<'statistics'>['statistics'],
    };
  }

  #table(selection: Selection, token: number): Promise<string> {
    const { tokens } = this.#parts.bundle;
    const model = this.#panelModel();
    return this.#stored(() =>
      rowAsMarkdown(
        { tokens, model },
        selection,
        token,
        (what) => Promise.resolve(this.#rowResult({ ...selection, ...what }, what)),
        this.#parts.translate,
      ),
    );
  }

  #rowResult(
    asked: Asked,
    { token = 0, direction = 'reads' }: { token?: number; direction?: 'reads' | 'readBy' },
  ): RowResult {
    const { window } = this.#parts.bundle.manifest;
    const { weights, sink } = this.#readers.row(asked, token, direction);
    return {
      ...{ version: VERSION, window, model: this.#model.hash, token, queries: [token, token + 1] },
      ...{ units: asked.merge, weights: encodeNumbers(weights), sink, context: [0, 0] },
      entropy: entropy(weights),
    };
  }

  #requireEncoding(encoding: Selection['encoding']): void {
    const stored = this.#parts.bundle.manifest.selection.encoding;
    if (JSON.stringify(encoding ?? null) === JSON.stringify(stored)) return;
    throw this.#missing(
      this.#parts.translate(
        'A bundle holds the numbers of one position; open its text with the model to change it.',
      ),
    );
  }

  async #stored<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw error instanceof NotStored ? this.#notStored(error.what) : error;
    }
  }

  #notStored(what: NotStored['what']): ChannelError {
    const { translate } = this.#parts;
    return this.#missing(
      what === 'reading'
        ? translate('The bundle does not hold this reading; it was saved in another one.')
        : translate('The bundle does not hold these heads; all of them would have been too large.'),
    );
  }

  #missing(message: string): ChannelError {
    return new ChannelError('notInBundle', message);
  }
}

/** The view that was shown, where a bundle has one. */
function viewOf({ view }: { [name: string]: unknown }): PanelView {
  return BUNDLE_VIEWS.find((each) => each === view) ?? 'head';
}
