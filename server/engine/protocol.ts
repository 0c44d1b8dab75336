/**
 * The engine worker's channel. The engine keeps Q, K and V of each analysed
 * window and one log-sum-exp per head and row, and answers rows, columns, map
 * regions and the overview from them; no [layer, head, query, key] tensor exists.
 */
import type { Side } from '../../channel/channel';
import type { ModelManifest, ScoreRule } from '../models/manifest';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import type { Aggregate, LeftOutLayer, Reading } from '../protocol';
import type { BackendName } from './backends/backend';

/**
 * A file for the engine: a path it reads itself (Node), or its bytes (web). `stamp`: of the
 * file's state when its SHA-256 was found, which need not be found again while it has that.
 */
export type FileSource = { path: string; stamp?: string } | { bytes: Uint8Array };

export interface LoadParams {
  manifest: ModelManifest;
  graph: FileSource;
  /** By the location that the graph names. */
  weights: { [location: string]: FileSource };
  /** ONNX Runtime's WASM, and its script if that is not in the bundle, where the engine cannot find them beside itself. */
  runtime?: { bytes: Uint8Array; script?: Uint8Array };
  /** What shall compute; `wasm` unless said otherwise. */
  backend?: BackendName;
  /** 0 leaves it to the backend. */
  threads: number;
  /** A few passes are all it is for: nothing is optimised for more. */
  brief?: boolean;
  /** Bundle of @vscode/l10n for the worker's sentences: English → the person's language. */
  translations?: { [english: string]: string };
}

export interface LoadReport {
  backend: BackendName;
  threads: number;
  /** One line for status and log: runtime version, kernel, probe result. */
  detail: string;
  /** Worst difference between our weights and the graph's own, over the probe and the layers that passed it. */
  probeError: number;
  /** Layers that are not shown: those of the manifest, and those that the probe found wrong. Absent where all are. */
  leftOut?: readonly LeftOutLayer[];
}

/** Which heads, and how their weights become one. `null` is all. */
export interface HeadSelection {
  layer: number | null;
  head: number | null;
  /** Instead of one `head` several, of the layer or of each layer. */
  heads?: number[] | null;
  /** The mean unless said otherwise. */
  aggregate?: Aggregate;
  reading: Reading;
}

export interface AnalyseParams {
  /** The caller's name for the window; analysing the same name again replaces it. */
  window: string;
  /** [token], special tokens included. */
  ids: Int32Array;
  /** Indices of the tokens that the template added. */
  specialTokens: number[];
  /** [token], each in [0, contextLength); 0 … n−1 unless position is being experimented with. */
  positions?: Int32Array;
  /** Multiplies the position encoding (RoPE: angles, ALiBi: slopes); 1 is as trained, 0 is without position. */
  positionScale?: number;
  /** What turns queries and keys instead of the model's own frequencies. */
  rope?: RopeFrequencies;
  /** ALiBi's slopes instead of the model's own, [head]. */
  slopes?: Float64Array;
  /**
   * A text for the decoder, where the model has one; the ids above are the encoder's then.
   * What is kept under `window` is the decoder's attention to this text, and under
   * `crossWindow(window)` that to the encoder's (server/engine/pairNames.ts).
   */
  target?: { ids: Int32Array; specialTokens: number[] };
}

/** One layer of a window that comes with its tensors; float32, row-major. */
export interface GivenLayer {
  /** [head, token, headSize] */
  query: Float32Array;
  /** [keyValueHead, token, headSize] */
  key: Float32Array;
  /** [keyValueHead, token, headSize] */
  value: Float32Array;
}

/** A window that no graph computes: its tensors are given. All layers are of one shape. */
export interface GiveParams {
  /** As {@link AnalyseParams.window}. */
  window: string;
  tokens: number;
  specialTokens: number[];
  heads: number;
  keyValueHeads: number;
  headSize: number;
  score: ScoreRule;
  /** As in {@link AnalyseParams}; only ALiBi's biases look at them. */
  positions?: Int32Array;
  positionScale?: number;
  slopes?: Float64Array;
  layers: GivenLayer[];
}

export interface RowParams extends HeadSelection {
  window: string;
  token: number;
  /** With it the tokens [token, end) are asked for together: the mean of their rows, the sum of their columns. */
  end?: number;
  /**
   * [token] → group, counted from 0 in the order of the tokens; without it each token is
   * one. Weights of keys are summed over a group, those of queries averaged.
   */
  groups?: Int32Array;
  /** The same of the keys, where those are another text's. */
  keyGroups?: Int32Array;
}

export interface RowAnswer {
  /** [group] */
  weights: Float32Array;
  /** `share`: of the raw row; `tokens` are tokens, whatever the groups. */
  sink: { tokens: number[]; share: number } | null;
}

export interface RegionParams extends HeadSelection {
  window: string;
  /** As in {@link RowParams}; merged before anything is pooled. */
  groups?: Int32Array;
  keyGroups?: Int32Array;
  /** Of groups. */
  queries: [start: number, end: number];
  keys: [start: number, end: number];
  /** Cells of the answer; at most the region's own rows and columns. */
  rows: number;
  columns: number;
  pool: 'max' | 'mean';
}

/** One weight in the raw reading. */
export interface ExplainParams {
  window: string;
  layer: number;
  head: number;
  /** Tokens. */
  query: number;
  key: number;
}

/** score = dot · scale, bent towards ±cap, + bias; weight = exp(score − logSumExp), 0 where masked. */
export interface ExplainAnswer {
  /** [headSize], as they enter the product. */
  query: Float32Array;
  key: Float32Array;
  /** v [headSize] where the similarity is Σ v·tanh(q + k); null where it is q·k. */
  additive: Float32Array | null;
  /** [headSize]: what each dimension adds to the similarity. */
  products: Float64Array;
  /** Their sum. */
  dot: number;
  scale: number;
  /** dot · scale = s counts as cap·tanh(s / cap); null where it counts as it is. */
  cap: number | null;
  /** A score beside those of the keys that takes its share of the softmax; null where there is none. */
  sink: number | null;
  /** What distance adds to the score; 0 where it adds nothing. */
  bias: number;
  masked: boolean;
  /** [key]: the whole row as it enters the softmax; −Infinity where masked. */
  scores: Float64Array;
  logSumExp: number;
  weight: number;
  /** ‖v‖ of the key's value vector in this head. */
  valueNorm: number;
  /** ‖W_O·v‖ with the head's own columns; null where nothing is known of W_O. */
  outputNorm: number | null;
  /** weight · outputNorm */
  contributionNorm: number | null;
  /** float32 [layer, head]: the weight of the same pair in every head; NaN for layers that are left out. */
  heads: Float32Array;
}

/** Tokens of two windows that are the same ones: two lists of one length, both ascending. */
export interface TokenPairs {
  tokens: Int32Array;
  others: Int32Array;
}
export interface CompareParams {
  window: string;
  other: string;
  /** Rows and keys that are compared; each token with that of the same number unless given. */
  pairs?: TokenPairs;
}
export interface CompareAnswer {
  /**
   * float32 [layer, head]: half the sum of absolute differences of paired keys, mean over paired
   * rows; 0 is equal, 1 is disjoint.
   */
  totalVariation: Float32Array;
  /** float32 [window, layer, head]: what paired rows pay to keys without a pair, mean over rows. */
  unaligned: Float32Array;
}

export interface OverviewAnswer {
  /** uint8 [layer, head, row, column], max-pooled; 255 stands for the head's scale. */
  thumbnails: Uint8Array;
  /** float32 [layer, head]; NaN for layers that are left out. */
  scales: Float32Array;
}

export interface OverviewParams {
  window: string;
  reading: Reading;
  size: number;
}

/** What the text says of a window's tokens; the engine itself sees no text. */
export interface TextStructure {
  /** Int32 [token] → the identifier that it is a piece of, equal ones by the same number; −1: of none. */
  identifiers: Int32Array;
  /** Int32 [token] → which occurrence of an identifier, each with a number of its own; −1: none. */
  occurrences: Int32Array;
  /** Int32 [pair, 2]: the tokens that hold the two brackets of a pair. */
  brackets: Int32Array;
  /** Int32, ascending: the tokens that stand for line breaks. */
  lineBreaks: Int32Array;
}

export interface StatisticsParams {
  window: string;
  /** Only the rows of these tokens count; without it all. */
  queries?: [start: number, end: number];
  /** Without it the statistics that need the text are NaN. */
  structure?: TextStructure;
}

/** headStatistics.ts says what each name is. */
export interface StatisticsAnswer {
  /** float32 [layer, head]; NaN where no row has the statistic, and for layers that are left out. */
  statistics: { [name: string]: Float32Array };
  /** How many rows each rests on. */
  counted: { [name: string]: number };
  /** What attention that is spread evenly over all keys would have. */
  even: { [name: string]: number };
}

/** A named tensor of the graph, or what one index of one axis leaves of it. */
export interface SliceParams {
  /** A float32 output of the graph. */
  output: string;
  /** `null`: the whole tensor. The batch counts as axis 0. */
  at: { axis: number; index: number } | null;
}
export interface Slice {
  /** What is left: the tensor's own axes without the batch and without the one that was cut. */
  shape: number[];
  /** Row-major. */
  values: Float32Array;
}

/** What goes into the first layer's queries and keys, split as server/positional/nineTerms.ts takes it. */
export interface FirstLayerParams {
  /** Tokens by id and position, as many of each. */
  ids: Int32Array;
  positions: Int32Array;
  positionScale: number;
  head: number;
}
export interface FirstLayerAnswer {
  /** [token, width] */
  content: Float32Array;
  /** [token, width], scale included */
  position: Float32Array;
  /** [width] */
  constant: Float32Array;
  norm: { gain: Float32Array; bias: Float32Array; epsilon: number } | null;
  /** weight [headSize, width], bias [headSize] */
  query: { weight: Float32Array; bias: Float32Array };
  key: { weight: Float32Array; bias: Float32Array };
}

export interface HeadVectorsParams {
  window: string;
  layer: number;
  head: number;
}
/** float32 [query, headSize] and [key, headSize], as they enter QKᵀ. */
export interface HeadVectorsAnswer {
  query: Float32Array;
  key: Float32Array;
}

/** Of one layer. */
export interface RelativeBiasParams {
  layer: number;
}
export interface RelativeBiasAnswer {
  /** Int32 [2 · reach + 1]: the table's row of each distance key − query = −reach … reach. */
  buckets: Int32Array;
  /** float32 [head, 2 · reach + 1]: before any scale. */
  values: Float32Array;
}

export interface PositionTableAnswer {
  positions: number;
  width: number;
  /** [position, width], as stored: before any scale. */
  table: Float32Array;
}

export interface EngineSide extends Side {
  methods: {
    /** The model in use stays when this fails with `modelMissing`, `modelRefused`, `backendUnavailable` or `cancelled`. */
    load: { params: LoadParams; result: LoadReport };
    /**
     * Fails with `tooLong`, `cancelled`, `modelRefused` (a value that is not a number) or
     * `backendFailed` (anything but WASM could not run the graph).
     */
    analyse: { params: AnalyseParams; result: { tokens: number } };
    /** Takes a window in that needs no pass. Fails with `badRequest` (shapes, numbers), `tooLong`. */
    give: { params: GiveParams; result: { tokens: number } };
    /**
     * What one token reads; sums to 1 in the raw reading. Of a window under analysis, `row`,
     * `column` and `region` wait for the layer that they are of, or for all, and fail as
     * `analyse` does; other questions about it fail. This and what follows fails
     * with `unknownWindow`, `badRequest` (an index out of range; heads, a largest weight or the
     * overview with rollout) or `notInThisModel` (valueWeighted where W_O is not known; a layer that is
     * left out, and rollout through one).
     */
    row: { params: RowParams; result: RowAnswer };
    /** Who reads one token: a column as it stands. */
    column: { params: RowParams; result: RowAnswer };
    region: { params: RegionParams; result: { values: Float32Array } };
    overview: { params: OverviewParams; result: OverviewAnswer };
    /** What each head does, in numbers, of the raw reading. */
    statistics: { params: StatisticsParams; result: StatisticsAnswer };
    explain: { params: ExplainParams; result: ExplainAnswer };
    headVectors: { params: HeadVectorsParams; result: HeadVectorsAnswer };
    /** How far the rows of two windows are apart; without `pairs` they must have as many tokens; NaN for layers that are left out. */
    compare: { params: CompareParams; result: CompareAnswer };
    /**
     * Runs the window through the graph again for the named tensors. Fails with
     * `unknownWindow`, `badRequest` (no such output or index, a given window) or `cancelled`.
     */
    stages: { params: { window: string; slices: SliceParams[] }; result: { slices: Slice[] } };
    /** The learned position table. Fails with `notInThisModel` where there is none. */
    positionTable: { params: Record<never, never>; result: PositionTableAnswer };
    /** Fails with `notInThisModel` where the layer adds no learned number for each distance, `badRequest` for an index out of range. */
    relativeBias: { params: RelativeBiasParams; result: RelativeBiasAnswer };
    /** Fails with `notInThisModel` where position is not added to embeddings, `badRequest` for an index out of range. */
    firstLayer: { params: FirstLayerParams; result: FirstLayerAnswer };
    /** Lets windows go; unknown names are ignored. */
    forget: { params: { windows: string[] }; result: void };
  };
  events: {
    /** How many layers of a window are done, beginning with none. */
    progress: { window: string; done: number; total: number };
    /** Nothing but that a load goes on. */
    alive: Record<string, never>;
  };
}

/** The server's side of the engine channel: it asks only. */
export interface EngineCallerSide extends Side {
  methods: Record<never, never>;
  events: Record<never, never>;
}
