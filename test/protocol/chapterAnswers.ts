/** Taking apart what the server says about the Chapter model's tensors. */
import assert from 'node:assert/strict';
import { decodeNumbers } from '../../server/analysis/numbers';
import type { ChapterSettings } from '../../server/chapter/controls';
import type { StagesResult, StageTensor } from '../../server/protocol';

/** A text of {@link TOKENS} tokens. */
export const TEXT = 'The keeper lit the lamps. The lamps burned all night.';
export const TOKENS = 14;
/** Of the bundled model, whose token vectors the Chapter model reads. */
export const WIDTH = 384;

/** The controls as docs/chapter.md says that they begin. */
export const DEFAULTS: ChapterSettings = {
  similarity: 'scaledDot',
  heads: 8,
  encoding: 'sinusoidal',
  wiring: 'formula',
  scale: 1,
  scaleVariant: 'usual',
  causal: false,
};

/** Fails unless both are the same but for rounding, beyond 1 relatively. */
export function assertClose(found: number | undefined, expected: number, tolerance = 1e-5): void {
  assert.ok(
    Math.abs((found ?? NaN) - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${found} is not ${expected}`,
  );
}

export function tensorsOf({ stages }: StagesResult): Map<string, StageTensor> {
  return new Map(stages.flatMap(({ tensors }) => tensors).map((tensor) => [tensor.name, tensor]));
}

/** The token's part of a tensor; empty where there is none of this name. */
export function valuesOf(stages: StagesResult, name: string): Float32Array {
  return decodeNumbers(tensorsOf(stages).get(name)?.values ?? '');
}
