/** The rotary encoding of a model's configuration as a graph needs it. */
import { readRope } from '../../positional/ropeConfig';
import { ropeFrequencies } from '../../positional/ropeFrequencies';
import type { RotarySpec } from '../transformer/spec';

export interface Rotary {
  spec: RotarySpec;
  /**
   * Longest text in tokens for which these frequencies hold: some kinds change them for
   * texts longer than trained.
   */
  longest: number;
}

/** Frequencies that change with the text's length are those of a text no longer than trained. Throws PositionError. */
export function readRotary(config: unknown, contextLength: number): Rotary {
  const { rotatedWidth, base, scaling } = readRope(config, 1);
  const { frequencies, attentionFactor } = ropeFrequencies(rotatedWidth, base, scaling);
  const longest =
    scaling.kind === 'dynamic' || scaling.kind === 'longrope'
      ? Math.min(contextLength, scaling.trainedLength)
      : contextLength;
  return {
    spec: {
      rotatedWidth,
      frequencies: [...frequencies],
      attentionFactor,
      base,
      scaling,
      trainedLength: 'trainedLength' in scaling ? scaling.trainedLength : contextLength,
    },
    longest,
  };
}
