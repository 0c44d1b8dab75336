/**
 * The server's public protocol, version 1 (see docs/protocol.md). Any LSP client
 * may use it; add freely, change only with a new version number.
 */

import type { ChapterSettings } from './chapter/controls';
import type { RopeScaling } from './positional/ropeFrequencies';
import type { RopePairing } from './positional/ropeRotation';

export const PROTOCOL_VERSION = 1;

/** LSP's: zero-based line, and UTF-16 code units within it. */
export interface Position {
  line: number;
  character: number;
}

/** Half-open. */
export interface Range {
  start: Position;
  end: Position;
}

/** Base64 of little-endian float32, row-major. */
export type Numbers = string;
/** Base64 of uint8, row-major. */
export type Bytes = string;

/** One answer is at most this many bytes of JSON. */
export const MAX_ANSWER_BYTES = 1_000_000;

export type Reading = 'raw' | 'withoutSink' | 'valueWeighted' | 'rollout';
export const READINGS: readonly Reading[] = ['raw', 'withoutSink', 'valueWeighted', 'rollout'];

/** How the weights of several heads become one. */
export type Aggregate = 'mean' | 'max';
export const AGGREGATES: readonly Aggregate[] = ['mean', 'max'];

/** What rows and columns count: tokens, or words with all their pieces. */
export type Merge = 'tokens' | 'words';
export const MERGES: readonly Merge[] = ['tokens', 'words'];

/**
 * Whose attention: an encoder's (or that of a model with one stack), a decoder's, or that
 * of a decoder's text to the encoder's.
 */
export type Stack = 'encoder' | 'decoder' | 'cross';
export const STACKS: readonly Stack[] = ['encoder', 'decoder', 'cross'];

/** Merged flat into `params`. */
export interface Where {
  textDocument: { uri: string };
  position?: Position;
}

/** As {@link Where}, of any kind of attention that the model has. */
export interface WhereOfStack extends Where {
  /** The encoder's unless given. */
  stack?: Stack;
  /** The encoder's text, where the document is the decoder's; the one set for it unless given. Its position picks its window. */
  source?: { uri: string; position?: Position };
}

/**
 * Another position for every token than the model was trained with, by way of the
 * graph's inputs. `off`: no position at all. `scaled`: the encoding (RoPE: its angles,
 * ALiBi: its slopes) times `scale`, above 0. `shuffled`, `reversed`: the text's tokens
 * trade positions, those of the template keep theirs. `shifted`: all of them `by` ≥ 0
 * further on. `frozen`: all of them at one position, 0 unless `at` says another.
 * With RoPE alone, `base`: another base of its frequencies; `linear`, `ntk`, `yarn`:
 * that interpolation in place of the model's own scaling, by a factor of at least 1,
 * for `yarn` from texts of `originalLength` positions, those it was trained on unless
 * given. With ALiBi alone, `slopes`: others, one a head, from 0. A model's
 * {@link Model.encodingModes} says which of them it takes.
 */
export type EncodingChange =
  | { mode: 'off' }
  | { mode: 'scaled'; scale: number }
  | { mode: 'shuffled'; seed: number }
  | { mode: 'reversed' }
  | { mode: 'shifted'; by: number }
  | { mode: 'frozen'; at?: number }
  | { mode: 'base'; base: number }
  | { mode: 'linear'; factor: number }
  | { mode: 'ntk'; factor: number }
  | { mode: 'yarn'; factor: number; originalLength?: number }
  | { mode: 'slopes'; slopes: number[] };
export const ENCODING_MODES = [
  'off',
  'scaled',
  'shuffled',
  'reversed',
  'shifted',
  'frozen',
  'base',
  'linear',
  'ntk',
  'yarn',
  'slopes',
] as const satisfies readonly EncodingChange['mode'][];

/** Merged flat into `params`. `null` means all, aggregated; for `encoding`, as trained. */
export interface SelectHeads {
  layer?: number | null;
  head?: number | null;
  /** Instead of one `head` several, of the layer or of each layer. */
  heads?: number[] | null;
  aggregate?: Aggregate;
  reading?: Reading;
  merge?: Merge;
  encoding?: EncodingChange | null;
}

export interface Select extends SelectHeads {
  /** The encoder's unless given; in a selection, what fits the document. */
  stack?: Stack;
}

/** A selection with nothing left open: what hover, overlay and panel show. */
export interface Selection {
  layer: number | null;
  head: number | null;
  /** Ascending; `null`: `head`, or all. */
  heads: number[] | null;
  aggregate: Aggregate;
  reading: Reading;
  merge: Merge;
  /** `null`: as trained. */
  encoding: EncodingChange | null;
  /** Absent: what fits the document. */
  stack?: Stack;
}

/** What is shown before anybody chooses: the mean of all heads as the model has it. */
export const INITIAL_SELECTION: Readonly<Selection> = {
  layer: null,
  head: null,
  heads: null,
  aggregate: 'mean',
  reading: 'raw',
  merge: 'tokens',
  encoding: null,
};

/** A rotary encoding as trained: its frequencies are those of transformers for its `scaling`. */
export interface RopeScheme {
  kind: 'rope';
  base: number;
  pairing: RopePairing;
  /** Columns of a head that are turned. */
  dimensions: number;
  scaling: RopeScaling;
  /** Positions that the model was trained on, any scaling left out. */
  trainedLength: number;
}

/** How a layer tells positions apart; `unknown` where that was not recognised. */
export type LayerScheme =
  | {
      kind: 'learned';
      /** What the table's rows are multiplied by before the scale factor. */
      factor?: number;
      scale?: number;
      scaleVariant?: ChapterSettings['scaleVariant'];
      /** The table is a list in the document. */
      given?: boolean;
    }
  | {
      kind: 'sinusoidal';
      base: number;
      scale: number;
      scaleVariant: ChapterSettings['scaleVariant'];
    }
  | RopeScheme
  | { kind: 'alibi'; slopes: number[] }
  | { kind: 'relative' | 'none' | 'unknown' };

/** How a model tells positions apart: as a layer does, or each layer in its own way. */
export type PositionScheme =
  | LayerScheme
  | {
      kind: 'perLayer';
      /** Each of them once. */
      schemes: LayerScheme[];
      /** [layer]: which of `schemes` it has. */
      layers: number[];
    };

/** A layer whose attention is not shown, since it did not pass the check at load. */
export interface LeftOutLayer {
  layer: number;
  /** In the client's language. */
  reason: string;
}

export interface Model {
  id: string;
  name: string;
  architecture: string;
  layers: number;
  heads: number;
  keyValueHeads: number;
  /** Width of the residual stream. */
  width: number;
  /** Tokens, special ones included, that the positions allow. */
  contextLength: number;
  causal: boolean;
  /** [layer]: keys more tokens away than that are masked; `null` where none is. Absent where no layer has a window. */
  windows?: (number | null)[];
  /** Ascending; absent where all layers are shown. */
  leftOut?: LeftOutLayer[];
  position: PositionScheme;
  /** What its position can be changed by. */
  encodingModes: EncodingChange['mode'][];
  /** What reads a second text; all of the above is the encoder's then. Absent where one text is read. */
  decoder?: {
    layers: number;
    heads: number;
    keyValueHeads: number;
    width: number;
    contextLength: number;
    position: PositionScheme;
  };
  /** How the weights are stored, e.g. `fp16`. */
  storage: string;
  hash: string;
  licence?: string;
}

export interface WindowInfo {
  index: number;
  /** `null` until the whole document is tokenized. */
  count: number | null;
  /** What the window's tokens cover in the document. */
  range: Range;
}

/** What every answer about a document carries. */
export interface About {
  version: number;
  window: WindowInfo;
  /** The model's hash. */
  model: string;
  /** The encoder's text, where `stack` is `decoder` or `cross`. */
  source?: { uri: string; version: number; window: WindowInfo };
}

export interface Status {
  state: 'starting' | 'ready' | 'failed';
  message?: string;
  model: Model | null;
  engine: {
    backend: string;
    threads: number;
    detail: string;
    /** What was to compute and does not, each with a sentence that says why. */
    passedOver: { backend: string; reason: string }[];
  };
  selection: Selection;
  /** The Chapter model's controls; `null` while another model is in use. */
  chapter: ChapterSettings | null;
  documents: {
    uri: string;
    version: number;
    windows: number | null;
    analysed: number;
    /** URI of its source text, where one is set. */
    source?: string;
    /** Counts up as idle work adds to what answers about the whole document are made of. */
    summaries: number;
  }[];
}

export interface TokensParams extends WhereOfStack {
  slice?: [start: number, end: number];
}
export interface Token {
  id: number;
  /** As the vocabulary writes it. */
  text: string;
  range: Range | null;
}
export interface TokensResult extends Omit<About, 'model'> {
  model: Model;
  total: number;
  tokens: Token[];
  /** [token] → index of its word in the window, from 0; pieces of a word follow each other. */
  words: number[];
  /** Whether this is a document of numbers, whose own entries say how it is read. */
  numbers: boolean;
}

export interface RowParams extends WhereOfStack, Select {
  token?: number;
  /** Instead of one token all that share a character with it: the mean of what they read, the sum of who reads them. */
  queryRange?: Range;
  direction?: 'reads' | 'readBy';
  /** What of the selection the document's model does not have becomes the default, as in hover. */
  fit?: boolean;
}
export interface RowResult extends About {
  /** The one asked for, or the first of a range. */
  token: number;
  /** The tokens whose row this is: one, those of its word, or those of a range. */
  queries: [start: number, end: number];
  /** What weights and the sink's numbers count. */
  units: Merge;
  /** [token] or [word]: one weight for each of the window. */
  weights: Numbers;
  sink: { tokens: number[]; share: number } | null;
  /** Tokens of the text that the window has before and after the token. */
  context: [before: number, after: number];
  /** Bits. */
  entropy: number;
}

export interface MapParams extends WhereOfStack, Select {
  /** Of tokens, or of words where they are merged. */
  queries?: [start: number, end: number];
  keys?: [start: number, end: number];
  size?: { rows: number; columns: number };
  pool?: 'max' | 'mean';
}
export interface MapResult extends About {
  /** What `queries` and `keys` count. */
  units: Merge;
  rows: number;
  columns: number;
  /** [row, column] */
  values: Numbers;
}

export interface OverviewParams extends WhereOfStack {
  reading?: Reading;
  size?: number;
  encoding?: EncodingChange | null;
  /** Whether the heads' statistics are wanted too. */
  statistics?: boolean;
}
export interface OverviewResult extends About {
  layers: number;
  heads: number;
  size: number;
  /** [layer, head, row, column]; byte 255 stands for the head's scale. */
  thumbnails: Bytes;
  /** [layer, head]; NaN for layers that are left out. */
  scales: Numbers;
  /** name → [layer, head]; empty where they are not wanted. */
  statistics: { [name: string]: Numbers };
}

/** How much work a question about a whole document may cause. */
export interface Whole {
  /** Milliseconds to work for the answer; without it all windows that are analysed are in it. */
  within?: number;
  /** Whether idle work shall go on to the end of the document, beyond what memory holds at once. */
  fill?: boolean;
}

export interface StatisticsParams extends WhereOfStack, Whole {
  encoding?: EncodingChange | null;
  /** `window` unless said otherwise. */
  scope?: 'window' | 'document';
}
export interface StatisticsResult extends About {
  layers: number;
  heads: number;
  /** name → [layer, head], of the raw reading; NaN where no token has the statistic. */
  statistics: { [name: string]: Numbers };
  /** name → tokens whose rows the statistic rests on. */
  counted: { [name: string]: number };
  /** name → what attention that is spread evenly would have; null where no token has the statistic. */
  even: { [name: string]: number | null };
  /** Of a whole document: what is in it by now. `pending` windows are analysed, but there was no time for them. */
  coverage: { windows: number; of: number; pending: number; tokens: number; total: number } | null;
}

export interface DocumentMapParams extends SelectHeads, Whole {
  textDocument: { uri: string };
  /** Cells of the axis; never more than there are tokens. */
  size?: number;
}
/** The band along the diagonal of the whole document, on one axis of its tokens (the template's not counted). */
export interface DocumentMapResult extends Omit<About, 'window'> {
  /** Of the document. */
  tokens: number;
  size: number;
  /** Odd; the middle is the diagonal. */
  width: number;
  /** Tokens that are told apart where a cell ends: 1 is exact. */
  grain: number;
  /** [cell, offset]: mean over the cell's tokens of what they pay to the cell `offset` − (width − 1) / 2 further on. */
  values: Numbers;
  /** [cell]: how much of it is analysed; 255 is all. */
  analysed: Bytes;
  /** By index, in tokens of the document. */
  windows: {
    start: number;
    end: number;
    /** Whether the map has it. */
    analysed: boolean;
    /** Whether answers about it come at once. */
    held: boolean;
  }[];
  /** Windows that are analysed, but there was no time for them. */
  pending: number;
}

/** Of `chapter` what shall change; only with the Chapter model in use. */
export interface SetSelectionParams extends Select {
  /** What the selection is for, where that brings a model of its own: a document of numbers. */
  textDocument?: { uri: string };
  chapter?: Partial<ChapterSettings>;
}
/** Which text a document was made from: its decoder's attention is to that one. */
export interface SetSourceParams {
  textDocument: { uri: string };
  /** `null`: none any more. */
  source: { uri: string } | null;
}
export interface SetSelectionResult {
  selection: Selection;
  /** As {@link Status.chapter}. */
  chapter: ChapterSettings | null;
}

export interface PositionParams extends Where {
  /** Whose encoding, where layers have their own; the first unless given. */
  layer?: number | null;
  /** The token at hand; the one at `position` unless given. */
  token?: number;
  /** Tokens of the window, half-open; without it as many from 0 on as fit into an answer. */
  positions?: [start: number, end: number];
  encoding?: EncodingChange | null;
  /** Another scale factor for an additive encoding than the one in use; above 0. */
  scale?: number;
  scaleVariant?: ChapterSettings['scaleVariant'];
  /** The dimension whose formula is wanted; 0 unless given. */
  dimension?: number;
}
/** Dot products of the rows of the matrix, gathered by distance; arrays are [distance] from 0. */
export interface SimilarityByDistanceResult {
  distances: number;
  mean: Numbers;
  /** Standard deviation. */
  spread: Numbers;
  smallest: Numbers;
  largest: Numbers;
}
/** One cell of a sinusoidal encoding, with all that its formula is made of. */
export interface PositionFormula {
  position: number;
  dimension: number;
  wave: 'sin' | 'cos';
  /** 2j / d */
  exponent: number;
  /** Radians per position. */
  frequency: number;
  /** position · frequency, radians. */
  angle: number;
  /** Before the scale factor. */
  value: number;
  /** As it is added. */
  scaled: number;
  /** The formula with these numbers in it. */
  text: string;
}
/** A learned number for each distance and head, which is added to the score. */
export interface BiasByDistance {
  /** Distances are key − query = −reach … reach. */
  reach: number;
  /** [distance]: which row of the learned table each has. */
  buckets: number[];
  /** [head, distance] */
  values: Numbers;
  /** Those that add the same numbers. */
  layers: number[];
}
export interface PositionResult extends About {
  /** Of `layer`. */
  scheme: LayerScheme;
  layer: number;
  /** Tokens of the window, half-open: the rows of the matrix. */
  positions: [start: number, end: number];
  /** Tokens of the window. */
  total: number;
  /** The position each row's token has; in order 0, 1, … unless `encoding` changes it. */
  positionIds: number[];
  dimensions: number;
  /** [position, dimension]: what is added; for RoPE what turns, the cosine at a pair's first dimension and the sine at its second. */
  matrix: Numbers | null;
  similarity: SimilarityByDistanceResult | null;
  /** [dimension]: positions for one turn. */
  wavelengths: Numbers | null;
  /** [dimension], radians: how far each has turned at the token at hand; `null` without one. */
  angles: Numbers | null;
  /** What RoPE's sines and cosines are multiplied by; 1 but for YaRN and LongRoPE. */
  attentionFactor: number | null;
  /** [head]: what ALiBi takes off a score for each token of distance. */
  slopes: Numbers | null;
  /** What a layer with a relative bias adds to scores, any scale included. */
  bias: BiasByDistance | null;
  /** Of the token at hand, where the encoding has one. */
  formula: PositionFormula | null;
  /** The token at hand, and the position it has. */
  token: number | null;
  tokenPosition: number | null;
}

export interface PositionEffectParams extends Where {
  encoding: EncodingChange;
}
export interface PositionEffectResult extends About {
  layers: number;
  heads: number;
  /** [layer, head], 0 … 1: half the sum of absolute differences of a row as trained and as changed, mean over rows. */
  totalVariation: Numbers;
}

/** One side of a comparison, in the raw reading. */
export interface ComparedSide extends Where {
  encoding?: EncodingChange | null;
}
export interface CompareParams extends ComparedSide {
  other: ComparedSide;
}
export interface CompareResult extends About {
  other: {
    version: number;
    window: WindowInfo;
    /** Of its window. */
    tokens: number;
  };
  /** Of the window. */
  tokens: number;
  /** Tokens of both windows that are the same ones; both ascend. */
  pairs: [token: number, other: number][];
  layers: number;
  heads: number;
  /** [layer, head], 0 … 1: half the sum of absolute differences of paired keys, mean over paired rows. */
  totalVariation: Numbers;
  /** [side, layer, head]: what paired rows pay to tokens without a counterpart, mean over rows. */
  unaligned: Numbers;
}

export interface PositionShareParams extends Where {
  layer: number;
  head: number;
  /** Tokens of the window. */
  query: number;
  key: number;
}
export interface PositionShareResult extends About {
  method:
    | 'nineTerms'
    | 'alibiBias'
    | 'relativeBias'
    | 'ropeAveragedContent'
    | 'shuffledTokens'
    | 'noPosition';
  /** What the two shares are parts of: `score` (before the softmax) or `weight`. */
  of: 'score' | 'weight';
  /** The weight as trained. */
  weight: number;
  /** `position` + `content` is the score, or the weight. */
  position: number;
  content: number;
  /** What the method takes for granted, in the client's language. */
  limits: string;
  /** `nineTerms`: [query part, key part], parts content, position, constant; they sum to `dot`. */
  terms?: number[];
  /** q·k */
  dot?: number;
  /** `dot` times this is the score. */
  scale?: number;
  /** `shuffledTokens`: how many shuffles, and the standard error of `position`. */
  samples?: number;
  standardError?: number;
}

export interface ExplainParams extends WhereOfStack {
  layer: number;
  head: number;
  /** Tokens of the window. */
  query: number;
  key: number;
  encoding?: EncodingChange | null;
  /** How many of the row's largest weights are told; 8 unless given. */
  strongest?: number;
}
/** score = dot · scale + bias, weight = exp(score − logSumExp): one weight in the raw reading. */
export interface ExplainResult extends About {
  /** [dimension] of the head: the two vectors as they enter the product. */
  query: Numbers;
  key: Numbers;
  /** v [dimension] where the similarity is Σ v·tanh(q + k); `null` where it is q·k. */
  additive: Numbers | null;
  /** [dimension]: what each adds to `dot`. */
  products: Numbers;
  dot: number;
  scale: number;
  /** Soft cap: dot · scale = s counts as cap·tanh(s / cap). Absent where it counts as it is. */
  cap?: number;
  /** A learned score beside those of the keys, which takes its share of the softmax. Absent where there is none. */
  sink?: number;
  /** What distance adds to the score (ALiBi, relative bias); 0 where it adds nothing. */
  bias: number;
  /** Whether the mask hides the key; then the weight is 0. */
  masked: boolean;
  /** `null` where masked. */
  score: number | null;
  logSumExp: number;
  weight: number;
  /** ‖v‖ of the key's value vector in this head. */
  valueNorm: number;
  /** ‖W_O·v‖; `null` where nothing is known of W_O, and so the next. */
  outputNorm: number | null;
  /** weight · outputNorm */
  contributionNorm: number | null;
  /** [layer, head]: the weight of the same pair in every head. */
  heads: Numbers;
  /** Keys that the mask leaves to the query. */
  visible: number;
  /** The row's largest weights, descending. */
  strongest: { key: number; score: number; weight: number }[];
  /** The positions that query and key have. */
  positions: [query: number, key: number];
  position?: {
    /** RoPE: [dimension], the two vectors before they are turned by their positions. */
    query?: Numbers;
    key?: Numbers;
    /** How much position alone gives, where that has a closed form; of the model as trained. */
    estimate?: Pick<PositionShareResult, 'position' | 'content' | 'method' | 'of' | 'limits'>;
  };
}

export interface StagesParams extends Where {
  /** The query; the token at `position` unless given. */
  token?: number;
  /** A token of the window, for the arithmetic of one pair. */
  key?: number;
  encoding?: EncodingChange | null;
}
/** One tensor of the Chapter model: its whole shape, and what of it belongs to the token. */
export interface StageTensor {
  /** As the graph calls it. */
  name: string;
  /** What it is, in the client's language. */
  title: string;
  /** Of the whole tensor, without the batch. */
  shape: number[];
  /** Axis names: `token`, `dimension`, `head`, `query`, `key`. */
  axes: string[];
  /** The token's own part, row-major. */
  values: Numbers;
  sliceShape: number[];
  sliceAxes: string[];
}
export interface Stage {
  stage: string;
  /** In the client's language. */
  title: string;
  tensors: StageTensor[];
}
/** Query and key of one head on their way to a weight. */
export interface StagePair {
  head: number;
  similarity: number;
  /** What enters the softmax; `null` where the mask hides the key. */
  scaled: number | null;
  weight: number;
  /** [headSize]: weight · value. */
  contribution: Numbers;
}
export interface StagesResult extends About {
  settings: ChapterSettings;
  token: number;
  stages: Stage[];
  pair: { key: number; heads: StagePair[] } | null;
  /** What a reader should know about these settings, in the client's language. */
  notes: string[];
}

/** A place where the chapter is wrong; texts in the client's language. */
export interface ErratumText {
  number: number;
  /** Of the chapter; several joined by commas. */
  section: string;
  title: string;
  printed: string;
  right: string;
  reason: string;
}
export interface ErrataResult {
  errata: ErratumText[];
}

/** How weights come about in some of the layers; server/models/manifest.ts says what the words mean. */
export interface ScoreReport {
  layers: number[];
  kind: 'dot' | 'softcappedDot' | 'additive';
  /** What q·k is multiplied with; null where the score is no product. */
  scale: number | null;
  cap: number | null;
  causal: boolean;
  /** Keys further away than so many tokens are masked. */
  window: number | null;
  bias: ('alibi' | 'relative')[];
  /** Whether each head has a logit that belongs to no key. */
  sinks: boolean;
}

/** A part of a model that is not shown, and why; in the client's language. */
export interface NotShown {
  where: string;
  reason: string;
}

export interface ModelReportResult {
  model: Model;
  engine: Status['engine'];
  /** Tokens that are looked at together. */
  windowLength: number;
  /** Columns of a head. */
  headSize: number;
  /** Largest difference of a weight from the graph's own, over the check at load; null where none was made. */
  largestDifference: number | null;
  scores: ScoreReport[];
  files: { path: string; bytes: number; sha256: string }[];
  notShown: NotShown[];
}

/** A model that was downloaded from a hub, as a whole or in part. */
export interface Download {
  /** `hf:owner/name` */
  model: string;
  commit: string;
  /** The names under which it was asked for. */
  revisions: string[];
  /** On disk. */
  bytes: number;
  /** False where a download broke off; it goes on from there. */
  complete: boolean;
  inUse: boolean;
}
export interface DownloadsResult {
  downloads: Download[];
  /** Where they lie; `null` where nothing can be downloaded. */
  folder: string | null;
}
export interface DeleteDownloadParams {
  model: string;
  commit: string;
}

export interface DidChangeViewParams {
  textDocument: { uri: string };
  cursor?: Position;
  visible?: Range[];
  pinned?: Position[];
  focused?: boolean;
}

export interface ReadFileParams {
  uri: string;
  offset?: number;
  length?: number;
}
export interface ReadFileResult {
  /** Base64, or the bytes themselves where the transport clones typed arrays. */
  bytes: string | Uint8Array;
}

export interface ConfirmDownloadParams {
  /** `lookUp`: the settings name a model, and its host is to be asked for it; `download`: it is to be fetched. */
  step: 'lookUp' | 'download';
  model: string;
  /** Who is asked; it may send on to other https hosts. */
  host: string;
  /** 0 while looking up. */
  bytes: number;
  files: number;
  /** As the hub tells it. */
  licence: string | null;
  /** The question, and what there is to know before the answer, in the client's language. */
  message: string;
  detail: string;
}
export interface ConfirmDownloadResult {
  accepted: boolean;
}

export interface HubTokenParams {
  /** Scheme, host and port that the token would be sent to. */
  endpoint: string;
}
export interface HubTokenResult {
  token: string | null;
}

/** One GET; redirects are not followed. */
export interface FetchParams {
  url: string;
  headers: { [name: string]: string };
  /** Where the body of a 200 (from byte 0) or a 206 (from `offset`) goes; what stood there and behind is cut off. */
  into: { path: string; offset: number } | null;
  /** Bytes of body that may come. */
  limit: number;
  /** Token of `$/progress` notifications with `{ bytes }`, counted from the request's beginning. */
  progress: string;
}
export interface FetchResult {
  /** 0 where no answer came. */
  status: number;
  /** Names in lower case. */
  headers: { [name: string]: string };
  /** Base64; empty where it went into the file, and for other statuses than 200 and 206. */
  body: string;
  /** Why no whole answer came, as the system names it (`ENOTFOUND`, `ECONNRESET` …; `EFBIG`: more than `limit`). */
  failure: string | null;
}

/** Requests the server answers: method → parameters and result. */
export interface ServerRequests {
  'attentionLens/status': { params: Record<string, never>; result: Status };
  'attentionLens/tokens': { params: TokensParams; result: TokensResult };
  'attentionLens/row': { params: RowParams; result: RowResult };
  'attentionLens/map': { params: MapParams; result: MapResult };
  'attentionLens/overview': { params: OverviewParams; result: OverviewResult };
  'attentionLens/statistics': { params: StatisticsParams; result: StatisticsResult };
  'attentionLens/documentMap': { params: DocumentMapParams; result: DocumentMapResult };
  'attentionLens/setSelection': { params: SetSelectionParams; result: SetSelectionResult };
  'attentionLens/setSource': { params: SetSourceParams; result: Record<never, never> };
  'attentionLens/position': { params: PositionParams; result: PositionResult };
  'attentionLens/positionEffect': { params: PositionEffectParams; result: PositionEffectResult };
  'attentionLens/compare': { params: CompareParams; result: CompareResult };
  'attentionLens/positionShare': { params: PositionShareParams; result: PositionShareResult };
  'attentionLens/explain': { params: ExplainParams; result: ExplainResult };
  /** Of the Chapter model alone. */
  'attentionLens/stages': { params: StagesParams; result: StagesResult };
  'attentionLens/errata': { params: Record<string, never>; result: ErrataResult };
  'attentionLens/modelReport': { params: Record<string, never>; result: ModelReportResult };
  'attentionLens/selectModel': { params: { model: string }; result: { model: Model } };
  'attentionLens/downloads': { params: Record<string, never>; result: DownloadsResult };
  'attentionLens/deleteDownload': { params: DeleteDownloadParams; result: DownloadsResult };
  /** Starts the engine again after it failed, with the model in use. */
  'attentionLens/restart': { params: Record<string, never>; result: Status };
}

/** Requests that the server asks of clients which say that they answer them. */
export interface ClientRequests {
  /** Of a server without file access. */
  'attentionLens/readFile': { params: ReadFileParams; result: ReadFileResult };
  'attentionLens/confirmDownload': { params: ConfirmDownloadParams; result: ConfirmDownloadResult };
  'attentionLens/hubToken': { params: HubTokenParams; result: HubTokenResult };
  'attentionLens/fetch': { params: FetchParams; result: FetchResult };
}

/** Notifications from the server. */
export interface ServerNotifications {
  'attentionLens/didChangeState': Status;
}

/** Notifications to the server. */
export interface ClientNotifications {
  'attentionLens/didChangeView': DidChangeViewParams;
}

/** Why a request fails with `RequestFailed` (-32803); in `data.reason`. */
export const FAILURE_REASONS = [
  'notYet',
  'tooLarge',
  'modelMissing',
  'modelRefused',
  'modelNotSupported',
  'severalCandidates',
  'consentRequired',
  'downloadFailed',
  'modelInUse',
  'engineDown',
  'backendUnavailable',
  'notInThisModel',
  'cannotReadFiles',
  'badDocument',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** The settings, as `initializationOptions` and section `attentionLens` carry them. */
export interface Settings {
  model: string;
  engine: { backend: 'auto' | 'wasm' | 'native' | 'webgpu'; threads: number; memoryLimit: number };
  hover: { enabled: boolean; rows: number };
  maxDocumentLength: number;
  background: boolean;
  /** `endpoint` empty: HF_ENDPOINT, else the public hub. */
  hub: { endpoint: string };
  storage?: string;
}

/** `initializationOptions`: the settings, and what only a client can know. */
export interface InitializationOptions extends Partial<Settings> {
  /**
   * URI of the product's folder, for a server that cannot read files itself (web):
   * what it needs of it, it asks the client for by `attentionLens/readFile`.
   */
  assets?: string;
}
