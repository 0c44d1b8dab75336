/**
 * The engine as the server sees it: windows that are analysed, and what is asked of them.
 * Calls survive a worker that crashes or hangs (supervisor.ts): windows are analysed again
 * when something is asked of them.
 */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { pairName } from './pairNames';
import { Supervisor, type EngineOptions, type EngineState } from './supervisor';
import { until } from './until';
import type { KnownWindow, Params, Progress, Result } from './generation';
import type {
  AnalyseParams,
  CompareAnswer,
  CompareParams,
  ExplainAnswer,
  ExplainParams,
  FirstLayerAnswer,
  FirstLayerParams,
  GiveParams,
  HeadVectorsAnswer,
  HeadVectorsParams,
  LoadParams,
  LoadReport,
  OverviewAnswer,
  OverviewParams,
  PositionTableAnswer,
  RegionParams,
  RelativeBiasAnswer,
  RelativeBiasParams,
  RowAnswer,
  RowParams,
  Slice,
  SliceParams,
  StatisticsAnswer,
  StatisticsParams,
} from './protocol';

export interface CallOptions {
  /** Its abort rejects the call at once with reason `cancelled`. */
  signal?: AbortSignal;
}

type Reader =
  | 'row'
  | 'column'
  | 'region'
  | 'overview'
  | 'statistics'
  | 'explain'
  | 'headVectors'
  | 'compare'
  | 'stages';

export class Engine {
  readonly #supervisor: Supervisor;
  /** Windows of the model in use, as they were asked for; a new worker has to come by them again. */
  readonly #windows = new Map<string, KnownWindow>();
  /** Windows that are being come by. */
  readonly #obtaining = new Map<string, Promise<unknown>>();

  constructor(options: EngineOptions) {
    this.#supervisor = new Supervisor(options);
  }

  get state(): EngineState {
    return this.#supervisor.state;
  }

  /** Returns the function that stops listening. */
  onDidChangeState(listener: (state: EngineState) => void): () => void {
    return this.#supervisor.onDidChangeState(listener);
  }

  /**
   * Loads a model, checks it, and only then lets the one before and its windows
   * go. Fails with `modelMissing`, `modelRefused`, `backendUnavailable`,
   * `engineDown`, `cancelled` or `closed`; a model before stays in use. An engine
   * that is down is started again.
   */
  load(params: LoadParams, { signal }: CallOptions = {}): Promise<LoadReport> {
    return this.#supervisor.load(params, () => this.#windows.clear(), signal);
  }

  /**
   * Analyses a window; the same name again replaces it. Fails with `tooLong`,
   * `modelRefused`, `cancelled`, `engineDown` or `closed`. Waits for the first load.
   */
  analyse(
    params: AnalyseParams,
    { signal, onProgress }: CallOptions & { onProgress?: Progress } = {},
  ): Promise<{ tokens: number }> {
    return this.#obtain({ method: 'analyse', params }, signal, onProgress);
  }

  /** Takes in a window whose tensors are given; the same name again replaces it. Fails as {@link analyse}, and with `badRequest`. */
  give(params: GiveParams, { signal }: CallOptions = {}): Promise<{ tokens: number }> {
    return this.#obtain({ method: 'give', params }, signal);
  }

  /**
   * What one token reads. This and the following fail with `unknownWindow`,
   * `badRequest`, `notInThisModel`, `cancelled`, `engineDown` or `closed`. Of a window under
   * analysis rows, columns and regions of one layer are answered once that is there (and fail
   * as the analysis does), those of all layers, and by rollout, at its end.
   */
  row(params: RowParams, options?: CallOptions): Promise<RowAnswer> {
    return this.#read('row', params, options);
  }

  /** Who reads one token: a column as it stands; its sink is null. */
  column(params: RowParams, options?: CallOptions): Promise<RowAnswer> {
    return this.#read('column', params, options);
  }

  /** A rectangle of the map, pooled to rows × columns: float32 [row, column]. */
  region(params: RegionParams, options?: CallOptions): Promise<{ values: Float32Array }> {
    return this.#read('region', params, options);
  }

  /** Every head's whole map as a thumbnail of size × size bytes. */
  overview(params: OverviewParams, options?: CallOptions): Promise<OverviewAnswer> {
    return this.#read('overview', params, options);
  }

  /** What each head does, in numbers: by name float32 [layer, head]. */
  statistics(params: StatisticsParams, options?: CallOptions): Promise<StatisticsAnswer> {
    return this.#read('statistics', params, options);
  }

  /** One weight of one head, with all that it is computed from. */
  explain(params: ExplainParams, options?: CallOptions): Promise<ExplainAnswer> {
    return this.#read('explain', params, options);
  }

  /** All queries and keys of one head. */
  headVectors(params: HeadVectorsParams, options?: CallOptions): Promise<HeadVectorsAnswer> {
    return this.#read('headVectors', params, options);
  }

  /** How far two windows' rows are apart, for each head. */
  compare(params: CompareParams, options?: CallOptions): Promise<CompareAnswer> {
    return this.#read('compare', params, options);
  }

  /** Named tensors of the graph for an analysed window, each cut as asked, in the order asked. */
  stages(
    params: { window: string; slices: SliceParams[] },
    options?: CallOptions,
  ): Promise<{ slices: Slice[] }> {
    return this.#read('stages', params, options);
  }

  /** The learned position table; fails with `notInThisModel` where there is none. */
  positionTable({ signal }: CallOptions = {}): Promise<PositionTableAnswer> {
    return this.#supervisor.survive(
      (generation) => generation.call('positionTable', {}, signal),
      signal,
    );
  }

  /** What a layer adds to scores by distance; fails with `notInThisModel` or `badRequest`. */
  relativeBias(
    params: RelativeBiasParams,
    { signal }: CallOptions = {},
  ): Promise<RelativeBiasAnswer> {
    return this.#supervisor.survive(
      (generation) => generation.call('relativeBias', params, signal),
      signal,
    );
  }

  /** What the first layer's queries and keys are made of; fails with `notInThisModel` or `badRequest`. */
  firstLayer(params: FirstLayerParams, { signal }: CallOptions = {}): Promise<FirstLayerAnswer> {
    return this.#supervisor.survive(
      (generation) => generation.call('firstLayer', params, signal),
      signal,
    );
  }

  /**
   * Lets windows go; unknown names are ignored. An analysis under way is not
   * stopped by it: cancel that first.
   */
  forget(windows: string[]): Promise<void> {
    for (const window of windows) this.#windows.delete(window);
    this.#drop(windows);
    return Promise.resolve();
  }

  /** Starts afresh, with the model in use or else the last one asked for. Fails as {@link load}. */
  async restart(): Promise<LoadReport> {
    const report = await this.#supervisor.restart();
    if (report) return report;
    const { wanted } = this.#supervisor;
    if (wanted) return this.load(wanted);
    throw new ChannelError('modelMissing', l10n.t('No model is loaded.'));
  }

  /** Ends the worker; everything pending and later fails with `closed`. */
  dispose(): void {
    this.#supervisor.dispose();
  }

  /** A worker that is lost has forgotten all by itself, so nothing can go wrong. */
  #drop(windows: string[]): void {
    const { generation } = this.#supervisor;
    generation?.forget(windows);
    generation?.call('forget', { windows }).catch(() => undefined);
  }

  /** Has a window analysed or taken in, and remembers how. */
  async #obtain(
    known: KnownWindow,
    signal?: AbortSignal,
    onProgress?: Progress,
  ): Promise<{ tokens: number }> {
    const { window } = known.params;
    const obtaining = this.#supervisor.survive(
      (generation) => generation.obtain(known, signal, onProgress),
      signal,
    );
    this.#obtaining.set(window, obtaining);
    try {
      const answer = await obtaining;
      this.#windows.set(window, known);
      return answer;
    } catch (error) {
      // A cancellation that came too late for the worker leaves a window nobody knows of.
      if (ChannelError.is(error, 'cancelled') && !this.#windows.has(window)) this.#drop([window]);
      throw error;
    } finally {
      if (this.#obtaining.get(window) === obtaining) this.#obtaining.delete(window);
    }
  }

  #read<M extends Reader>(
    method: M,
    params: Params<M>,
    { signal }: CallOptions = {},
  ): Promise<Result<M>> {
    const names = 'other' in params ? [params.window, params.other] : [params.window];
    return this.#supervisor.survive(async (generation) => {
      for (const name of names) {
        const window = this.#windows.get(pairName(name));
        if (window) await until(generation.ensure(window), signal);
      }
      try {
        return await generation.call(method, params, signal);
      } catch (error) {
        // A worker that has just begun may hear of this before it hears of the window.
        const obtaining = this.#obtaining.get(params.window);
        if (!obtaining || !ChannelError.is(error, 'unknownWindow')) throw error;
        await until(obtaining, signal);
        return generation.call(method, params, signal);
      }
    }, signal);
  }
}
