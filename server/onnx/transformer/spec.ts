/**
 * What a transformer is made of, as data: each architecture says it once, and one
 * builder makes the graph of it. Names are those of tensors in the weights file.
 */

import type { RopeScaling } from '../../positional/ropeFrequencies';
import type { ScoreRule } from '../../models/manifest';
import type { RopePairing } from '../../positional/ropeRotation';

export type Activation = 'gelu' | 'geluTanh' | 'relu' | 'reluSquared' | 'silu';

/** x·Wᵀ + b. */
export interface LinearSpec {
  weight: string;
  bias: string | null;
  from: number;
  to: number;
  /** How the weight lies in its file: [to, from] as PyTorch's Linear, or [from, to] as GPT-2's Conv1D. */
  stored: 'toFrom' | 'fromTo';
  /** Which of the layers it is whose weights, and biases, lie one after the other in one tensor. */
  part?: { index: number; of: number };
}

export interface NormSpec {
  /** `layer`: LayerNorm (Ba et al. 2016); `rms`: RMSNorm (Zhang & Sennrich 2019). */
  kind: 'layer' | 'rms';
  /** Null where nothing is multiplied. */
  gain: string | null;
  bias: string | null;
  epsilon: number;
  /** Added to the stored gain; 1 where a file stores how far it is from 1. */
  gainOffset: 0 | 1;
  /** Numbers that are normalised together. */
  width: number;
}

export interface EmbeddingsSpec {
  /** [vocabulary, width] */
  words: string;
  vocabulary: number;
  width: number;
  /** What a word's row is multiplied with. */
  factor: number;
  /** A learned table: token i has row i + offset. */
  positions: { table: string; rows: number; offset: number } | null;
  /** A table whose first row is added to every token. */
  constant: { table: string; rows: number } | null;
  norm: NormSpec | null;
  /**
   * The mask token's row counts as 0, and the others grow by `factor` over the share of
   * tokens that are none (ESM's dropout of tokens).
   */
  dropped?: { token: number; factor: number };
  /** To the width of the layers, where the tables are narrower. */
  projection: LinearSpec | null;
}

/** Rotary encoding (Su et al. 2021) of the first columns of each head. */
export interface RotarySpec {
  /** Columns of a head that turn; even. */
  rotatedWidth: number;
  /** Pairs are columns j and j + half, or 2j and 2j + 1. */
  pairing: RopePairing;
  /** Radians per position of each pair, [rotatedWidth / 2]. */
  frequencies: readonly number[];
  /** What sines and cosines are multiplied by. */
  attentionFactor: number;
  /** What the frequencies come from. */
  base: number;
  scaling: RopeScaling;
  /** Positions that the model was trained on, any scaling left out. */
  trainedLength: number;
}

export type ProjectionsSpec =
  | { kind: 'separate'; query: LinearSpec; key: LinearSpec; value: LinearSpec }
  /**
   * One matrix for the three. `stacked`: all queries, all keys, all values; `perGroup`: the
   * queries of key head 0, its key, its value, then those of key head 1 …
   */
  | { kind: 'joined'; linear: LinearSpec; order: 'stacked' | 'perGroup' };

export type FeedForwardSpec =
  | { kind: 'plain'; up: LinearSpec; down: LinearSpec; activation: Activation }
  | { kind: 'gated'; gate: LinearSpec; up: LinearSpec; down: LinearSpec; activation: Activation }
  /** Gate and up in one matrix, gate first. */
  | { kind: 'joinedGate'; gateUp: LinearSpec; down: LinearSpec; activation: Activation }
  /**
   * Columns of the gate and of up in turns; both are kept within ±limit, the gate from above
   * alone: (up + 1) · gate · σ(slope · gate) (OpenAI 2025, "gpt-oss").
   */
  | { kind: 'clampedGate'; gateUp: LinearSpec; down: LinearSpec; limit: number; slope: number };

/**
 * Several feed-forwards, of which each token is read by the `used` that a router scores
 * highest (Shazeer et al. 2017). Their results count by the softmax of the router's scores,
 * over all or over the used alone.
 */
export interface ExpertsSpec {
  kind: 'experts';
  router: LinearSpec;
  used: number;
  shares: 'ofAll' | 'ofUsed';
  experts: readonly FeedForwardSpec[];
}

export interface LayerSpec {
  /**
   * Where the norms stand. `post`: after each sum (Vaswani et al. 2017); `pre`: before
   * each part; `parallel`: as `pre`, but both parts read the layer's input.
   */
  order: 'post' | 'pre' | 'parallel';
  /** Null where attention reads the layer's input as it is. */
  attentionNorm: NormSpec | null;
  /** Null where there is none, or a parallel layer has one norm for both parts. */
  feedForwardNorm: NormSpec | null;
  /** Over what each part gives, before it is added to the stream. */
  attentionOutputNorm?: NormSpec;
  feedForwardOutputNorm?: NormSpec;
  /** What each part's result is multiplied with before it is added; 1 unless given. */
  residualFactor?: number;
  projections: ProjectionsSpec;
  /** Over each head, or over all of them together where it is that wide; before they turn. */
  queryNorm: NormSpec | null;
  keyNorm: NormSpec | null;
  /** Queries, keys and values are kept within ± this before they turn. */
  projectionLimit?: number;
  /** W_O, from all heads to the width. */
  output: LinearSpec;
  feedForward: FeedForwardSpec | ExpertsSpec;
  /** Where these are not the model's. */
  score?: ScoreRule;
  rotary?: RotarySpec | null;
}

export interface TransformerSpec {
  width: number;
  heads: number;
  /** Query heads 0 … heads/keyValueHeads − 1 read the first of them, and so on. */
  keyValueHeads: number;
  headSize: number;
  /** Tokens that the positions allow. */
  contextLength: number;
  /** How queries and keys become weights in layers that have no rule of their own. */
  score: ScoreRule;
  embeddings: EmbeddingsSpec;
  /** In layers that do not say otherwise. */
  rotary: RotarySpec | null;
  layers: readonly LayerSpec[];
  /** Over what the last layer gives; only a decoder that reads it needs to know. */
  finalNorm?: NormSpec;
  /** Reads what this one, the encoder, makes of its text, beside a text of its own. */
  decoder?: DecoderSpec;
}

/** The decoder of a model of two texts. Each layer attends to its own text, then to the encoder's. */
export interface DecoderSpec {
  /** All but the attention to the encoder's text; its layers are `pre` or `post`. */
  self: TransformerSpec;
  /** [layer] */
  cross: readonly CrossSpec[];
  /** What q·k is multiplied with across the texts, where nothing is masked or added. */
  crossScale: number;
  /** The token that it reads before the text. */
  startToken: number;
}

/** Attention of a decoder's layer to the encoder's text, with as many heads as to its own. */
export interface CrossSpec {
  /** Before or after it, as the layer's order says. */
  norm: NormSpec;
  query: LinearSpec;
  /** From the encoder's width. */
  key: LinearSpec;
  value: LinearSpec;
  output: LinearSpec;
}
