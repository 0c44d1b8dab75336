/** YaRN, Peng et al. 2023, "YaRN: Efficient Context Window Extension of Large Language Models", §3.2–3.4. */
import { requireFactor } from './limits';
import { pairFrequencies } from './sinusoidal';

export interface YarnScaling {
  kind: 'yarn';
  /** How many times longer than in training texts may be. */
  factor: number;
  /** Positions the model was trained on. */
  trainedLength: number;
  /** Turns over the trained length above which a pair is left alone; 32 in the paper. */
  betaFast?: number;
  /** Turns below which a pair is interpolated in full; 1 in the paper. */
  betaSlow?: number;
  /** What sines and cosines are multiplied by; computed from `factor` unless given. */
  attentionFactor?: number;
  /** Together they replace the attention factor by a ratio, as DeepSeek's models do. */
  mscale?: number;
  mscaleAllDim?: number;
  /** Round the ramp's ends outwards to whole pairs; true unless a model says otherwise. */
  truncate?: boolean;
}

/** Where two ends of the ramp coincide it gets this width, as in the reference implementation. */
const NARROWEST_RAMP = 0.001;

/** Radians per position of each pair, [width / 2]: a ramp between as trained and interpolated. */
export function yarnFrequencies(width: number, base: number, scaling: YarnScaling): Float64Array {
  requireFactor(scaling.factor);
  const [low, high] = rampEnds(width, base, scaling);
  return pairFrequencies(width, base).map((frequency, pair) => {
    const interpolated = Math.min(1, Math.max(0, (pair - low) / (high - low)));
    return frequency * (interpolated / scaling.factor + 1 - interpolated);
  });
}

/**
 * What sines and cosines are multiplied by: 0.1·ln(factor) + 1 (§3.4, where it is
 * written as a temperature of the softmax), unless the model names its own.
 */
export function yarnAttentionFactor(scaling: YarnScaling): number {
  const { factor, mscale, mscaleAllDim, attentionFactor } = scaling;
  if (attentionFactor !== undefined) return attentionFactor;
  if (mscale && mscaleAllDim)
    return temperature(factor, mscale) / temperature(factor, mscaleAllDim);
  return temperature(factor, 1);
}

function temperature(factor: number, weight: number): number {
  return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
}

/** Pairs between which interpolation grows from none to full. */
function rampEnds(width: number, base: number, scaling: YarnScaling): [low: number, high: number] {
  const { trainedLength, betaFast = 32, betaSlow = 1, truncate = true } = scaling;
  const pairWithTurns = (turns: number) =>
    (width * Math.log(trainedLength / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const first = pairWithTurns(betaFast);
  const last = pairWithTurns(betaSlow);
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, width - 1);
  return [low, low === high ? high + NARROWEST_RAMP : high];
}
