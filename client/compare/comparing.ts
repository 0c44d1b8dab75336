/** Answers what the page asks about two texts beside each other. */
import type { Position, ServerRequests, Where } from '../../server/protocol';
import { alignmentKeys } from '../../server/analysis/alignment';
import type {
  CompareMethods,
  ComparedText,
  PanelComparedSide,
  PanelComparedTokens,
} from '../../webview/compare/protocol';
import type { PanelPositionEffect, PanelRegion } from '../../webview/protocol';
import type { AttentionServer } from '../connection/attentionServer';
import { ServerFailure } from '../connection/failure';
import { panelPositionEffect, panelRegion, panelTokens } from '../panel/answers';
import type { PanelEditors, Quiet } from '../panel/editors';
import { EDIT_QUIET_MS, type Gaze } from '../panel/gaze';
import { pageFailure, stale } from '../panel/pageFailure';
import type { PageChannel } from '../panel/pages';
import { retryStale } from '../retry';
import type { Translate } from '../translate';
import type { OtherTexts } from './otherTexts';

export interface ComparingParts {
  server: AttentionServer;
  editors: Pick<PanelEditors, 'open' | 'textAt'>;
  others: OtherTexts;
  translate: Translate;
  quiet: Quiet;
}

const START: Position = { line: 0, character: 0 };

export class Comparing {
  readonly #parts: ComparingParts;
  readonly #gaze: Gaze;
  /** Documents that the page was told of, beside the one shown. */
  readonly #told = new Set<string>();
  #channel: PageChannel | undefined;

  constructor(parts: ComparingParts, gaze: Gaze) {
    this.#parts = parts;
    this.#gaze = gaze;
  }

  /** A document reads differently now. */
  edited(uri: string): void {
    if (this.#told.has(uri)) this.changed();
  }

  /** Other texts than the one shown are open now, or read differently. */
  changed(): void {
    this.#parts.quiet.run(() => this.#channel?.send('texts', {}), EDIT_QUIET_MS);
  }

  stop(): void {
    this.#parts.quiet.cancel();
    this.#channel = undefined;
  }

  serve(channel: PageChannel): void {
    this.#channel = channel;
    this.#told.clear();
    channel.handle('comparable', async ({ generation }) => {
      const { uri } = this.#shown(generation);
      return this.#explained(() => this.#parts.others.list(uri));
    });
    channel.handle('comparedTokens', ({ generation, text }, signal) =>
      this.#explained(() => this.#tokens(generation, text, signal)),
    );
    channel.handle('comparedRegion', (params, signal) =>
      this.#explained(() => this.#region(params, signal)),
    );
    channel.handle('chooseModel', () => this.#explained(() => this.#parts.others.chooseModel()));
    channel.handle('comparedHeads', ({ generation, sides }, signal) =>
      this.#explained(() => this.#heads(generation, sides, signal)),
    );
  }

  async #tokens(
    generation: number,
    text: ComparedText,
    signal: AbortSignal,
  ): Promise<PanelComparedTokens> {
    const where = await this.#where(text, generation);
    const { uri } = where.textDocument;
    const answer = await this.#ask('attentionLens/tokens', where, generation, signal);
    const written = panelTokens(generation, answer, (range) =>
      this.#parts.editors.textAt(uri, answer.version, range),
    );
    return { ...written, uri, keys: alignmentKeys(answer.tokens, answer.numbers) };
  }

  async #region(
    {
      generation,
      text,
      version,
      selection,
      queries,
      keys,
    }: CompareMethods['comparedRegion']['params'],
    signal: AbortSignal,
  ): Promise<PanelRegion> {
    const where = await this.#where(text, generation);
    const size = { rows: queries[1] - queries[0], columns: keys[1] - keys[0] };
    const asked = { ...where, ...selection, queries, keys, size };
    const answer = await this.#ask('attentionLens/map', asked, generation, signal);
    if (answer.version !== version) throw stale();
    return panelRegion(generation, answer);
  }

  async #heads(
    generation: number,
    [first, second]: [PanelComparedSide, PanelComparedSide],
    signal: AbortSignal,
  ): Promise<PanelPositionEffect> {
    const where = await this.#where(first.text, generation);
    const other = await this.#where(second.text, generation);
    const asked = {
      ...where,
      encoding: first.encoding,
      other: { ...other, encoding: second.encoding },
    };
    const answer = await this.#ask('attentionLens/compare', asked, generation, signal);
    return panelPositionEffect(generation, answer);
  }

  /** Where a text stands, open so that the server knows it: the window that belongs to what is shown. */
  async #where(text: ComparedText, generation: number): Promise<Where> {
    const shown = this.#shown(generation);
    const own = text.kind === 'shown';
    const uri = own ? shown.uri : await this.#parts.others.locate(text, shown.uri);
    const open = await this.#parts.editors.open(uri);
    if (own && open?.version !== shown.version) throw stale();
    if (!open)
      throw new ServerFailure(
        'invalidParams',
        this.#parts.translate('The document is not there any more. Choose another one.'),
      );
    if (!own) this.#told.add(uri);
    return {
      textDocument: { uri },
      position: text.kind === 'document' ? START : this.#gaze.anchor,
    };
  }

  async #ask<M extends 'attentionLens/tokens' | 'attentionLens/map' | 'attentionLens/compare'>(
    method: M,
    params: ServerRequests[M]['params'],
    generation: number,
    signal: AbortSignal,
  ): Promise<ServerRequests[M]['result']> {
    const wanted = (): boolean => !signal.aborted && this.#isCurrent(generation);
    const answer = await retryStale(
      () => this.#parts.server.request(method, params, { signal }),
      wanted,
    );
    if (!this.#isCurrent(generation)) throw stale();
    return answer;
  }

  #shown(generation: number): { uri: string; version: number } {
    const { document } = this.#gaze;
    if (!document || !this.#isCurrent(generation)) throw stale();
    return document;
  }

  #isCurrent(generation: number): boolean {
    return !this.#gaze.stale && generation === this.#gaze.generation;
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw pageFailure(error);
    }
  }
}
