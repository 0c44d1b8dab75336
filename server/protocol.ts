/**
 * The server's public protocol, version 1 (see docs/protocol.md). Any LSP client
 * may use it; add freely, change only with a new version number.
 */

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

/** Merged flat into `params`. */
export interface Where {
  textDocument: { uri: string };
  position?: Position;
}

/** Merged flat into `params`. `null` means the mean over all. */
export interface Select {
  layer?: number | null;
  head?: number | null;
  reading?: Reading;
}

/** A selection with nothing left open: what hover, overlay and panel show. */
export interface Selection {
  layer: number | null;
  head: number | null;
  reading: Reading;
}

export interface PositionScheme {
  kind: 'learned' | 'sinusoidal' | 'rope' | 'alibi' | 'relative' | 'none';
  [detail: string]: unknown;
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
  position: PositionScheme;
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
}

export interface Status {
  state: 'starting' | 'ready' | 'failed';
  message?: string;
  model: Model | null;
  engine: { backend: string; threads: number; detail: string };
  selection: Selection;
  documents: { uri: string; version: number; windows: number | null; analysed: number }[];
}

export interface TokensParams extends Where {
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
}

export interface RowParams extends Where, Select {
  token?: number;
  direction?: 'reads' | 'readBy';
}
export interface RowResult extends About {
  token: number;
  /** [token]: one weight per token of the window. */
  weights: Numbers;
  sink: { tokens: number[]; share: number } | null;
  /** Bits. */
  entropy: number;
}

export interface MapParams extends Where, Select {
  queries?: [start: number, end: number];
  keys?: [start: number, end: number];
  size?: { rows: number; columns: number };
  pool?: 'max' | 'mean';
}
export interface MapResult extends About {
  rows: number;
  columns: number;
  /** [row, column] */
  values: Numbers;
}

export interface OverviewParams extends Where {
  reading?: Reading;
  size?: number;
}
export interface OverviewResult extends About {
  layers: number;
  heads: number;
  size: number;
  /** [layer, head, row, column]; byte 255 stands for the head's scale. */
  thumbnails: Bytes;
  /** [layer, head] */
  scales: Numbers;
  /** name → [layer, head] */
  statistics: { [name: string]: Numbers };
}

export interface SetSelectionResult {
  selection: Selection;
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

/** Requests the server answers: method → parameters and result. */
export interface ServerRequests {
  'attentionLens/status': { params: Record<string, never>; result: Status };
  'attentionLens/tokens': { params: TokensParams; result: TokensResult };
  'attentionLens/row': { params: RowParams; result: RowResult };
  'attentionLens/map': { params: MapParams; result: MapResult };
  'attentionLens/overview': { params: OverviewParams; result: OverviewResult };
  'attentionLens/setSelection': { params: Select; result: SetSelectionResult };
  'attentionLens/selectModel': { params: { model: string }; result: { model: Model } };
  /** Starts the engine again after it failed, with the model in use. */
  'attentionLens/restart': { params: Record<string, never>; result: Status };
}

/** Requests a server without file access asks its client. */
export interface ClientRequests {
  'attentionLens/readFile': { params: ReadFileParams; result: ReadFileResult };
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
  'consentRequired',
  'downloadFailed',
  'engineDown',
  'backendUnavailable',
  'notInThisModel',
  'cannotReadFiles',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** The settings, as `initializationOptions` and section `attentionLens` carry them. */
export interface Settings {
  model: string;
  engine: { backend: 'auto' | 'wasm' | 'native' | 'webgpu'; threads: number; memoryLimit: number };
  hover: { enabled: boolean; rows: number };
  maxDocumentLength: number;
  background: boolean;
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
