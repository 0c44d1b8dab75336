/**
 * What a model says about itself and where its pieces are: the graph, its
 * weights, the tokenizer, and the names under which attention comes out.
 */
import type { LeftOutLayer, PositionScheme, Stack } from '../protocol';

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
  /**
   * W_O in the weights file, [width, head · headSize] as PyTorch stores it; null where
   * heads are joined as they are, absent where nothing is known of it.
   */
  output?: string | null;
  /** This layer's rule where it is not the manifest's. */
  score?: ScoreRule;
  /** `fromTo` where W_O is stored transposed, [head · headSize, width]. */
  outputStored?: 'toFrom' | 'fromTo';
}

/**
 * How a weight comes from q and k: softmax over keys of score + bias. `dot`: q·k·scale.
 * `softcappedDot`: cap · tanh(q·k·scale / cap) (Gemma Team 2024, "Gemma 2"). `additive`:
 * Σ v·tanh(q + k) (Bahdanau et al. 2015), v [headSize].
 */
export type ScoreRule = (
  | { kind: 'dot'; scale: number }
  | { kind: 'softcappedDot'; scale: number; cap: number }
  | { kind: 'additive'; v: readonly number[] }
) & {
  bias: ScoreBias;
  /**
   * [head]: a score that takes part in each row's softmax and belongs to no key, so that
   * the keys' weights sum to less than 1 (OpenAI 2025, "gpt-oss").
   */
  sinks?: Numbers;
};

/** What is added to a score: the sum of those parts that are there. */
export interface ScoreBias {
  /** −∞ for keys that stand after the query in the text. */
  causal: boolean;
  /** −∞ for keys more than so many tokens before or after the query in the text. */
  window?: number;
  /**
   * −slope · positionScale · |position of the query − position of the key| (Press et al.
   * 2021), slopes [head].
   */
  alibi?: { slopes: readonly number[] };
  relative?: RelativeBias;
}

/** A learned number for each distance and head, times positionScale (Raffel et al. 2020, "T5", §2.1). */
export interface RelativeBias {
  /**
   * [2 · reach + 1]: the table's row for position of the key − position of the query =
   * −reach … reach; what is further away counts as the end of that side.
   */
  buckets: readonly number[];
  /** [bucket, head] */
  table: Numbers;
}

/** Numbers as they are, or the tensor of a weights file that holds them. */
export type Numbers = readonly number[] | { tensor: string };

/** One kind of attention of a model: its layers, and how large each is. */
export interface StackManifest {
  layers: number;
  heads: number;
  keyValueHeads: number;
  headSize: number;
  taps: LayerTap[];
  score: ScoreRule;
  leftOut?: readonly LeftOutLayer[];
}

/** What reads a text of its own beside the encoder, which the rest of the manifest is about. */
export interface DecoderManifest extends StackManifest {
  width: number;
  contextLength: number;
  /** As the model's. */
  windowLength?: number;
  /** The token that it reads before the text. */
  startToken: number;
  inputs: Pick<InputNames, 'ids' | 'positions'>;
  position: PositionScheme;
  /** Its attention to the encoder's text: queries are its tokens, keys and values the encoder's. */
  cross: StackManifest;
}

/** What a kind of attention is made of; undefined where the model has none of the kind. */
export function stackOf(manifest: ModelManifest, stack: Stack): StackManifest | undefined {
  if (stack === 'encoder') return manifest;
  return stack === 'decoder' ? manifest.decoder : manifest.decoder?.cross;
}

/** Every layer of every kind that is shown, in the order in which a graph can compute them. */
export function allTaps(manifest: ModelManifest): LayerTap[] {
  const { taps, decoder } = manifest;
  const pairs = decoder?.taps.map((tap, layer) => [tap, decoder.cross.taps[layer]]) ?? [];
  const own = shownLayers(manifest).map((layer) => taps[layer]);
  return [...own, ...pairs.flat()].filter((tap) => tap !== undefined);
}

/** How the weights of one layer come about. */
export function scoreOf({ taps, score }: Pick<ModelManifest, 'taps' | 'score'>, layer: number): ScoreRule {
  return taps[layer]?.score ?? score;
}

/** Whether a layer is there to be shown. */
export function isLeftOut({ leftOut }: Pick<ModelManifest, 'leftOut'>, layer: number): boolean {
  return leftOut?.some((each) => each.layer === layer) ?? false;
}

/** The layers that are shown, ascending. */
export function shownLayers(manifest: Pick<ModelManifest, 'layers' | 'leftOut'>): number[] {
  return Array.from({ length: manifest.layers }, (_, layer) => layer).filter(
    (layer) => !isLeftOut(manifest, layer),
  );
}

/** A linear layer by the names of its tensors: weight [to, from] as PyTorch stores it, bias [to]. */
export interface LinearNames {
  weight: string;
  bias: string;
}

/**
 * Tensors in the weights file that make up the first layer's input where the position
 * table is added to embeddings: LayerNorm(word + position + constant), then W·x + b.
 */
export interface EmbeddingNames {
  /** [id, width] */
  words: string;
  /** The first of its rows is added to every token alike; null where nothing is. */
  constant: string | null;
  norm: { gain: string; bias: string; epsilon: number } | null;
  /** Of layer 0. */
  query: LinearNames;
  key: LinearNames;
}

/** Names of the graph's inputs; those of position are absent where the graph has none. */
export interface InputNames {
  /** int64 [1, token] */
  ids: string;
  /** int64 [1, token]: 0 … n−1 unless position is being experimented with. */
  positions?: string;
  /** float32 []: multiplies the encoding (RoPE: angles, ALiBi: slopes); 1 is the model as trained, 0 is without position. */
  positionScale?: string;
  /** float32 [2, pair]: RoPE's frequencies, radians per position, each as two numbers that sum to it. */
  frequencies?: string;
  /** float32 []: what RoPE's sines and cosines are multiplied by. */
  attentionFactor?: string;
  /** float32 [head]: ALiBi's slopes. */
  slopes?: string;
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
  /** Tokens that are looked at together, where that is fewer than the positions allow. */
  windowLength?: number;
  /** Ids that the embeddings have rows for; absent where that is the tokenizer's number. */
  vocabulary?: number;
  causal: boolean;
  /** As trained; what it says of RoPE and ALiBi is what those inputs get unless position is changed. */
  position: PositionScheme;
  storage: string;
  licence?: string;
  graph: ModelFile;
  /** External data of the graph, by the location the graph names. */
  weights: ModelFile[];
  tokenizer: ModelFile;
  inputs: InputNames;
  taps: LayerTap[];
  /** Layers that are not shown, ascending; what their taps name need not be in the graph. */
  leftOut?: readonly LeftOutLayer[];
  score: ScoreRule;
  /** The learned position table in the weights file, [position, width]; absent where there is none. */
  positionTable?: string;
  /** Row of the table that the first token has; 0 unless said otherwise. */
  positionOffset?: number;
  /** Absent where position is not added to embeddings, or nothing is known of it. */
  embedding?: EmbeddingNames;
  /** Absent where one text is read. */
  decoder?: DecoderManifest;
  /** Where the weights came from and how this folder was made from them; absent for models of the person's own. */
  source?: { package: string; version: string; url: string; sha256: string; madeBy: string };
}
