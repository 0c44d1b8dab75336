/**
 * What a model says about itself and where its pieces are: the graph, its
 * weights, the tokenizer, and the names under which attention comes out.
 */
import type { PositionScheme } from '../protocol';

/** One file of the model's folder. */
export interface ModelFile {
  /** Relative to the manifest, forward slashes. */
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** The graph's outputs of one attention layer; shapes in axis order. */
export interface LayerTap {
  /** float32 [1, head, token, headSize], as it enters QKᵀ. */
  query: string;
  /** float32 [1, keyValueHead, token, headSize], as it enters QKᵀ. */
  key: string;
  /** float32 [1, keyValueHead, token, headSize]. */
  value: string;
  /** float32 [1, head, query, key]; fetched by the 8-token probe alone. */
  weights: string;
}

/** How a score comes from q and k: weight = softmax(q·k·scale + bias). */
export interface ScoreRule {
  kind: 'dot';
  scale: number;
  bias: { kind: 'none' } | { kind: 'causal' };
}

export interface ModelManifest {
  id: string;
  name: string;
  architecture: string;
  layers: number;
  heads: number;
  keyValueHeads: number;
  headSize: number;
  width: number;
  contextLength: number;
  causal: boolean;
  position: PositionScheme;
  storage: string;
  licence: string;
  graph: ModelFile;
  /** External data of the graph, by the location the graph names. */
  weights: ModelFile[];
  tokenizer: ModelFile;
  /** Names of the graph's inputs. */
  inputs: {
    /** int64 [1, token] */
    ids: string;
    /** int64 [1, token]: 0 … n−1 unless position is being experimented with. */
    positions: string;
    /** float32 []: multiplies the position embedding; 1 is the model as trained, 0 is without position. */
    positionScale: string;
  };
  taps: LayerTap[];
  score: ScoreRule;
  /** Where the weights came from and how this folder was made from them. */
  source: { package: string; version: string; url: string; sha256: string; madeBy: string };
}
