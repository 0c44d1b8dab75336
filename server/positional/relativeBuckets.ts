/** Relative position buckets of T5, Raffel et al. 2020, "Exploring the Limits of Transfer Learning", §2.1. */
import * as l10n from '@vscode/l10n';
import { PositionError } from './positionError';

export interface BucketRule {
  /** How many biases a head has; 32 in T5. */
  buckets: number;
  /** Distances from here on share the last bucket; 128 in T5. */
  maxDistance: number;
  /** Encoders tell before from after; decoders see only what is before. */
  bidirectional: boolean;
}

/**
 * Bucket in [0, buckets) of a key `distance` = key − query tokens away: near
 * distances have one each, far ones share logarithmically growing ones.
 * Throws PositionError `shape` for fewer than 2 buckets a direction.
 */
export function relativeBucket(distance: number, rule: BucketRule): number {
  const buckets = rule.bidirectional ? Math.floor(rule.buckets / 2) : rule.buckets;
  const near = Math.floor(buckets / 2);
  requireRule(rule, near);
  const side = rule.bidirectional && distance > 0 ? buckets : 0;
  const far = rule.bidirectional ? Math.abs(distance) : Math.max(0, -distance);
  if (far < near) return side + far;
  return side + Math.min(buckets - 1, near + farStep(far, near, buckets, rule.maxDistance));
}

/** Buckets of all pairs, row-major [query, key]. */
export function relativeBuckets(queries: number, keys: number, rule: BucketRule): Int32Array {
  const table = new Int32Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    for (let key = 0; key < keys; key++) {
      table[query * keys + key] = relativeBucket(key - query, rule);
    }
  }
  return table;
}

/** Rounded to float32 at each step: models were trained so, and a bucket's edge may hang on the last bit. */
function farStep(far: number, near: number, buckets: number, maxDistance: number): number {
  const { fround, log } = Math;
  const share = fround(fround(log(fround(far / near))) / fround(log(maxDistance / near)));
  return Math.trunc(fround(share * (buckets - near)));
}

function requireRule(rule: BucketRule, near: number): void {
  if (near >= 1 && rule.maxDistance > near) return;
  throw new PositionError(
    'shape',
    l10n.t(
      '{0} buckets up to distance {1} cannot be shared out; T5 has 32 up to 128.',
      rule.buckets,
      rule.maxDistance,
    ),
  );
}
