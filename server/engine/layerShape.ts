/** From the rule of a model to what the kernel computes by. */
import { isCausal, type ScoreRule } from '../models/manifest';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import type { LayerShape } from './kernel/kernel';

/** How large every layer of a window is. */
export type LayerSizes = Pick<LayerShape, 'heads' | 'keyValueHeads' | 'headSize' | 'tokens'>;

/** Where the tokens of a window stand. */
export interface Placement {
  /** [token] */
  positions: Int32Array;
  /** Multiplies the position encoding. */
  positionScale: number;
  /** Instead of the model's own frequencies. */
  rope?: RopeFrequencies;
  /** Instead of the model's own slopes, [head]. */
  slopes?: Float64Array;
}

/** Tokens at 0 … n−1, as trained. */
export function inOrder(tokens: number): Placement {
  return {
    positions: Int32Array.from({ length: tokens }, (_, position) => position),
    positionScale: 1,
  };
}

export function layerShape(sizes: LayerSizes, score: ScoreRule, placement: Placement): LayerShape {
  const { bias } = score;
  return {
    ...sizes,
    scale: score.kind === 'dot' ? score.scale : 1,
    additive: score.kind === 'additive' ? Float32Array.from(score.v) : undefined,
    causal: isCausal(score),
    distance:
      bias.kind === 'alibi'
        ? {
            slopes: Float32Array.from(
              placement.slopes ?? bias.slopes,
              (slope) => slope * placement.positionScale,
            ),
            positions: Float32Array.from(placement.positions),
          }
        : undefined,
  };
}
