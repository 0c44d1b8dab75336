/** The rotary encoding of a model's configuration as a graph needs it. */
import { readRope } from '../../positional/ropeConfig';
import { ropeFrequencies } from '../../positional/ropeFrequencies';
import type { RopePairing } from '../../positional/ropeRotation';
import type { RotarySpec } from '../transformer/spec';

export interface Rotary {
  spec: RotarySpec;
  /** Tokens that the configuration allows; with `dynamic` scaling `factor` times as many. */
  longest: number;
}

/** Frequencies that change with the text's length are those of a text no longer than trained. Throws PositionError. */
export function readRotary(
  config: unknown,
  contextLength: number,
  pairing: RopePairing = 'halfSplit',
): Rotary {
  const { rotatedWidth, base, scaling } = readRope(config, 1);
  const { frequencies, attentionFactor } = ropeFrequencies(rotatedWidth, base, scaling);
  const stretch = scaling.kind === 'dynamic' ? scaling.factor : 1;
  return {
    spec: {
      rotatedWidth,
      pairing,
      frequencies: [...frequencies],
      attentionFactor,
      base,
      scaling,
      trainedLength: 'trainedLength' in scaling ? scaling.trainedLength : contextLength,
    },
    longest: Math.floor(contextLength * stretch),
  };
}

/** The encodings of layers that see everything and of those that see a window. */
export interface LayerRotaries {
  full: Rotary;
  sliding: Rotary;
}

/** Configurations give both under `rope_parameters`, or a base each under names of their own. */
export function readLayerRotaries(
  config: { [name: string]: unknown },
  contextLength: number,
  bases: { full: unknown; sliding: unknown },
): LayerRotaries {
  const { rope_parameters: given, rope_scaling: scaling, ...rest } = config;
  const each = (given ?? {}) as { [layers: string]: object | null | undefined };
  const read = (layers: string, base: unknown, more: unknown): Rotary =>
    readRotary(
      { ...rest, rope_theta: base, rope_parameters: each[layers] ?? more ?? {} },
      contextLength,
    );
  return {
    full: read('full_attention', bases.full, scaling),
    sliding: read('sliding_attention', bases.sliding, undefined),
  };
}
