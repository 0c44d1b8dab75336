import type { PanelPositionEffect } from '../protocol';

/** How far one head's weights move. */
export interface HeadEffect {
  layer: number;
  head: number;
  /** 0 … 1, the mean over rows of half the sum of absolute differences. */
  variation: number;
}

/** All heads in the model's order but those of layers that are left out. */
export function headEffects({ heads, totalVariation }: PanelPositionEffect): HeadEffect[] {
  return Array.from(totalVariation, (variation, index) => ({
    layer: Math.floor(index / heads),
    head: index % heads,
    variation,
  })).filter(({ variation }) => !Number.isNaN(variation));
}

/** Those that live on position most first; equal ones in the model's order. */
export function byEffect(effects: readonly HeadEffect[]): HeadEffect[] {
  return effects.toSorted((a, b) => b.variation - a.variation);
}
