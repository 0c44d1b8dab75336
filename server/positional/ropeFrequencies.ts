/**
 * Frequencies of rotary encodings (Su et al. 2021, "RoFormer") and the ways to
 * stretch them over longer texts, equal to the parameters that Hugging Face
 * transformers computes for the `rope_type` of the same name.
 */
import * as l10n from '@vscode/l10n';
import { requireBase, requireEvenWidth, requireFactor } from './limits';
import { PositionError } from './positionError';
import { yarnAttentionFactor, yarnFrequencies, type YarnScaling } from './ropeYarn';
import { pairFrequencies } from './sinusoidal';

/** Positions divided by a factor (Chen et al. 2023, "position interpolation"). */
export interface LinearScaling {
  kind: 'linear';
  factor: number;
}

/** A larger base instead of closer positions (bloc97 2023, "NTK-aware scaled RoPE"). */
export interface NtkScaling {
  kind: 'ntk';
  factor: number;
}

/** NTK whose base grows with the text, transformers' `dynamic`. */
export interface DynamicNtkScaling {
  kind: 'dynamic';
  factor: number;
  trainedLength: number;
  /** Tokens of the text; shorter than trained changes nothing. */
  length: number;
}

/** Long waves interpolated, short ones kept, a smooth step between (Llama 3.1). */
export interface Llama3Scaling {
  kind: 'llama3';
  factor: number;
  lowFrequencyFactor: number;
  highFrequencyFactor: number;
  trainedLength: number;
}

/** One divisor for each pair (Ding et al. 2024, "LongRoPE"). */
export interface LongRopeScaling {
  kind: 'longrope';
  /** [width / 2], used for texts longer than trained. */
  longFactors: readonly number[];
  /** [width / 2], used for the others. */
  shortFactors: readonly number[];
  /** Longest text ÷ trained length. */
  factor: number;
  trainedLength: number;
  length: number;
  attentionFactor?: number;
}

export type RopeScaling =
  | { kind: 'default' }
  | LinearScaling
  | NtkScaling
  | DynamicNtkScaling
  | YarnScaling
  | Llama3Scaling
  | LongRopeScaling;

export interface RopeFrequencies {
  /** Radians per position of each pair, [width / 2]. */
  frequencies: Float64Array;
  /** What sines and cosines are multiplied by; a score grows by its square. */
  attentionFactor: number;
}

/**
 * Frequencies of the rotated part of a head; `width` is that part's width (even).
 * Throws PositionError for an odd width, a base that is not above 0, a factor below 1.
 */
export function ropeFrequencies(
  width: number,
  base: number,
  scaling: RopeScaling,
): RopeFrequencies {
  requireEvenWidth(width);
  requireBase(base);
  switch (scaling.kind) {
    case 'default':
      return unscaled(pairFrequencies(width, base));
    case 'linear':
      requireFactor(scaling.factor);
      return unscaled(pairFrequencies(width, base).map((frequency) => frequency / scaling.factor));
    case 'ntk':
      requireFactor(scaling.factor);
      return unscaled(pairFrequencies(width, ntkBase(width, base, scaling.factor)));
    case 'dynamic':
      return unscaled(pairFrequencies(width, ntkBase(width, base, growth(scaling))));
    case 'yarn':
      return {
        frequencies: yarnFrequencies(width, base, scaling),
        attentionFactor: yarnAttentionFactor(scaling),
      };
    case 'llama3':
      return unscaled(llama3Frequencies(width, base, scaling));
    case 'longrope':
      return longRopeFrequencies(width, base, scaling);
  }
}

function unscaled(frequencies: Float64Array): RopeFrequencies {
  return { frequencies, attentionFactor: 1 };
}

/** The base whose slowest pair is slower by `factor` while the fastest keeps its pace. */
function ntkBase(width: number, base: number, factor: number): number {
  if (width < 4) {
    throw new PositionError(
      'width',
      l10n.t(
        'NTK scaling needs a rotated width of at least 4, but {0} was given: with one pair there is nothing to spread.',
        width,
      ),
    );
  }
  return base * factor ** (width / (width - 2));
}

function growth({ factor, trainedLength, length }: DynamicNtkScaling): number {
  requireFactor(factor);
  return (factor * Math.max(length, trainedLength)) / trainedLength - (factor - 1);
}

function llama3Frequencies(width: number, base: number, scaling: Llama3Scaling): Float64Array {
  const { factor, lowFrequencyFactor, highFrequencyFactor, trainedLength } = scaling;
  requireFactor(factor);
  return pairFrequencies(width, base).map((frequency) => {
    const turns = (trainedLength * frequency) / (2 * Math.PI);
    if (turns > highFrequencyFactor) return frequency;
    if (turns < lowFrequencyFactor) return frequency / factor;
    const kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
    return ((1 - kept) * frequency) / factor + kept * frequency;
  });
}

function longRopeFrequencies(
  width: number,
  base: number,
  scaling: LongRopeScaling,
): RopeFrequencies {
  const { factor, trainedLength, length } = scaling;
  const divisors = length > trainedLength ? scaling.longFactors : scaling.shortFactors;
  if (divisors.length !== width / 2) {
    throw new PositionError(
      'shape',
      l10n.t(
        'LongRoPE needs one factor for each of {0} pairs, but {1} were given.',
        width / 2,
        divisors.length,
      ),
    );
  }
  const computed = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trainedLength));
  return {
    frequencies: pairFrequencies(width, base).map((frequency, pair) => frequency / divisors[pair]!),
    attentionFactor: scaling.attentionFactor ?? computed,
  };
}
