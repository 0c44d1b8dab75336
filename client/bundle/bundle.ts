import type { Token } from '../../server/protocol';
import type { BundleManifest } from './manifest';
import type { BundleStatistics } from './parts';
import type { StoredMaps } from './storedMaps';

/** What the parts of a bundle are called; docs/exports.md says what is in each. */
export const PARTS = {
  manifest: 'manifest.json',
  text: 'text.txt',
  tokens: 'tokens.json',
  statistics: 'statistics.json',
  weights: 'weights.npy',
  valueWeighted: 'valueWeighted.npy',
  rollout: 'rollout.npy',
  shown: 'shown.npy',
  thumbnails: 'thumbnails.npy',
  scales: 'scales.npy',
} as const;

/** The maps that a bundle has; at least `weights` or `shown`. */
export interface BundleMaps {
  /** Raw: one of each head, or of those that the manifest lists. */
  weights: StoredMaps | null;
  /** The same heads, value-weighted. */
  valueWeighted: StoredMaps | null;
  /** One of each layer. */
  rollout: StoredMaps | null;
  /** One: what was selected. */
  shown: StoredMaps | null;
  /** Of all heads in the selection's reading, where not every head has a map. */
  thumbnails: { size: number; bytes: Uint8Array; scales: Float32Array } | null;
}

/** A bundle that was read and found to make sense. */
export interface Bundle {
  manifest: BundleManifest;
  /** The whole document. */
  text: string;
  /** Of the window. */
  tokens: Token[];
  /** [token] → word */
  words: number[];
  statistics: BundleStatistics | null;
  maps: BundleMaps;
}
