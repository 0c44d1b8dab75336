/**
 * The engine worker's channel. The engine keeps Q, K and V of each analysed
 * window and one log-sum-exp per head and row, and answers rows, columns, map
 * regions and the overview from them; no [layer, head, query, key] tensor exists.
 */
import type { Side } from '../../channel/channel';
import type { ModelManifest } from '../models/manifest';
import type { Reading } from '../protocol';

/** A file for the engine: a path it reads itself (Node), or its bytes (web). */
export type FileSource = { path: string } | { bytes: Uint8Array };

export interface LoadParams {
  manifest: ModelManifest;
  graph: FileSource;
  /** By the location that the graph names. */
  weights: { [location: string]: FileSource };
  /** Bytes of the ONNX Runtime WASM where the engine cannot find it beside itself. */
  runtime?: { bytes: Uint8Array };
  threads: number;
  /** Bundle of @vscode/l10n for the worker's sentences: English → the person's language. */
  translations?: { [english: string]: string };
}

export interface LoadReport {
  backend: 'wasm';
  threads: number;
  /** One line for status and log: runtime version, kernel, probe result. */
  detail: string;
  /** Worst difference between our weights and the graph's own, over the probe. */
  probeError: number;
}

/** Which heads, averaged how. `null` is the mean over all. */
export interface HeadSelection {
  layer: number | null;
  head: number | null;
  reading: Reading;
}

export interface AnalyseParams {
  /** The caller's name for the window; analysing the same name again replaces it. */
  window: string;
  /** [token], special tokens included. */
  ids: Int32Array;
  /** Indices of the tokens that the template added. */
  specialTokens: number[];
}

export interface RowAnswer {
  /** [token] */
  weights: Float32Array;
  sink: { tokens: number[]; share: number } | null;
}

export interface RegionParams extends HeadSelection {
  window: string;
  queries: [start: number, end: number];
  keys: [start: number, end: number];
  /** Cells of the answer; at most the region's own rows and columns. */
  rows: number;
  columns: number;
  pool: 'max' | 'mean';
}

export interface OverviewAnswer {
  /** uint8 [layer, head, row, column], max-pooled; 255 stands for the head's scale. */
  thumbnails: Uint8Array;
  /** float32 [layer, head] */
  scales: Float32Array;
}

export interface EngineSide extends Side {
  methods: {
    /** The model in use stays when this fails with `modelMissing`, `modelRefused`, `backendUnavailable` or `cancelled`. */
    load: { params: LoadParams; result: LoadReport };
    /** Fails with `tooLong`, `cancelled`, `modelRefused` (a value that is not a number). */
    analyse: { params: AnalyseParams; result: { tokens: number } };
    /**
     * What one token reads; sums to 1 in the raw reading. This and what follows fails
     * with `unknownWindow`, `badRequest` (an index out of range) or `notYet` (the reading).
     */
    row: { params: HeadSelection & { window: string; token: number }; result: RowAnswer };
    /** Who reads one token: a column as it stands. */
    column: { params: HeadSelection & { window: string; token: number }; result: RowAnswer };
    region: { params: RegionParams; result: { values: Float32Array } };
    overview: {
      params: { window: string; reading: Reading; size: number };
      result: OverviewAnswer;
    };
    /** Lets windows go; unknown names are ignored. */
    forget: { params: { windows: string[] }; result: void };
  };
  events: {
    progress: { window: string; done: number; total: number };
  };
}

/** The server's side of the engine channel: it asks only. */
export interface EngineCallerSide extends Side {
  methods: Record<never, never>;
  events: Record<never, never>;
}
