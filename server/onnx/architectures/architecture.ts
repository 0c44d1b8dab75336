/** What is known of a kind of model: how its `config.json` and its tensors' names say what it is made of. */
import type { ScoreBias, ScoreRule } from '../../models/manifest';
import type {
  DecoderSpec,
  EmbeddingsSpec,
  LinearSpec,
  NormSpec,
  TransformerSpec,
} from '../transformer/spec';

/**
 * Reads a parsed `config.json`. `prefix` stands before the names of the model's tensors.
 * Throws OnnxError naming the field that cannot be used.
 */
export type Describe = (config: unknown, prefix: string) => TransformerSpec;

export interface Architecture {
  /** `model_type` in config.json. */
  types: readonly string[];
  /** The table of word embeddings without its prefix, by which the prefix is found. */
  words: string;
  describe: Describe;
  /** Where models of the kind may have a decoder beside the encoder that is described. */
  decoder?: {
    /** A tensor without its prefix that is there where the decoder is. */
    tensor: string;
    describe: (config: unknown, prefix: string) => DecoderSpec;
  };
}

/** What is described of a model, with its decoder where `has` finds one in the files. */
export function describeModel(
  { describe, decoder }: Architecture,
  config: unknown,
  prefix: string,
  has: (tensor: string) => boolean,
): TransformerSpec {
  const spec = describe(config, prefix);
  if (!decoder || !has(prefix + decoder.tensor)) return spec;
  return { ...spec, decoder: decoder.describe(config, prefix) };
}

/** A layer's linear parts and norms by name, all of one kind. */
export class Named {
  constructor(
    readonly prefix: string,
    readonly epsilon: number,
  ) {}

  /** PyTorch's Linear. */
  linear(name: string, from: number, to: number, { bias = true } = {}): LinearSpec {
    const stem = `${this.prefix}${name}`;
    return {
      weight: `${stem}.weight`,
      bias: bias ? `${stem}.bias` : null,
      from,
      to,
      stored: 'toFrom',
    };
  }

  layerNorm(name: string, width: number, { bias = true } = {}): NormSpec {
    const stem = `${this.prefix}${name}`;
    return {
      kind: 'layer',
      gain: `${stem}.weight`,
      bias: bias ? `${stem}.bias` : null,
      epsilon: this.epsilon,
      gainOffset: 0,
      width,
    };
  }

  rmsNorm(name: string, width: number, gainOffset: 0 | 1 = 0): NormSpec {
    return {
      kind: 'rms',
      gain: `${this.prefix}${name}.weight`,
      bias: null,
      epsilon: this.epsilon,
      gainOffset,
      width,
    };
  }
}

/** Embeddings that are rows of one table and nothing else. */
export function wordsAlone(words: string, vocabulary: number, width: number): EmbeddingsSpec {
  return {
    words,
    vocabulary,
    width,
    factor: 1,
    positions: null,
    constant: null,
    norm: null,
    projection: null,
  };
}

/** q·k / √(head size) (Vaswani et al. 2017), and what is added to it. */
export function scaledDot(headSize: number, bias: ScoreBias): ScoreRule {
  return { kind: 'dot', scale: 1 / Math.sqrt(headSize), bias };
}

/** What is masked where queries see themselves and so many keys before them; all where none is said. */
export function causalWindow(seen: number | null | undefined): ScoreBias {
  return seen === null || seen === undefined
    ? { causal: true }
    : { causal: true, window: seen - 1 };
}
