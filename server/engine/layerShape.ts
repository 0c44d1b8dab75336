/** From the rule of a model to what the kernel computes by. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { Numbers, RelativeBias, ScoreRule } from '../models/manifest';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import type { Distance, LayerShape } from './kernel/kernel';

/** How large every layer of a window is. */
export type LayerSizes = Pick<
  LayerShape,
  'heads' | 'keyValueHeads' | 'headSize' | 'tokens' | 'keys'
>;

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

/**
 * `tensor` reads the numbers that a rule leaves in the weights file. Fails with
 * `modelRefused` where there are more or fewer than heads and distances need.
 */
export function layerShape(
  sizes: LayerSizes,
  score: ScoreRule,
  placement: Placement,
  tensor: ReadNumbers = inlineOnly,
): LayerShape {
  const { bias, sinks } = score;
  const isPlain = !bias.causal && bias.window === undefined && !bias.alibi && !bias.relative;
  // Tokens of two texts are neither before nor after each other.
  if (sizes.keys !== undefined && !isPlain) throw contradiction();
  return {
    ...sizes,
    scale: score.kind === 'additive' ? 1 : score.scale,
    cap: score.kind === 'softcappedDot' ? score.cap : undefined,
    additive: score.kind === 'additive' ? Float32Array.from(score.v) : undefined,
    causal: bias.causal,
    window: bias.window,
    distance: distanceOf(sizes, score, placement, tensor),
    sinks: sinks && exactly(sizes.heads, numbersOf(sinks, tensor)),
  };
}

/** The numbers of a tensor of the weights file, in the order of its axes. */
export type ReadNumbers = (tensor: string) => Float32Array;

function distanceOf(
  { heads }: LayerSizes,
  { bias: { alibi, relative } }: ScoreRule,
  { positions, positionScale, slopes }: Placement,
  tensor: ReadNumbers,
): Distance | undefined {
  if (!alibi && !relative) return undefined;
  const scaled = (values: ArrayLike<number>): Float32Array =>
    Float32Array.from(values, (value) => value * positionScale);
  return {
    positions: Float32Array.from(positions),
    slopes: alibi && scaled(slopes ?? alibi.slopes),
    added: relative && scaled(byDistance(relative, numbersOf(relative.table, tensor), heads)),
  };
}

/** [head, 2 · reach + 1] from a table [bucket, head]; fails with `modelRefused` where it is no such table. */
export function byDistance(
  { buckets }: RelativeBias,
  table: Float32Array,
  heads: number,
): Float32Array {
  const rows = buckets.reduce((most, bucket) => Math.max(most, bucket + 1), 0);
  if (table.length % heads !== 0 || table.length < rows * heads || buckets.length % 2 === 0) {
    throw contradiction();
  }
  return Float32Array.from({ length: heads * buckets.length }, (_, at) => {
    const head = Math.floor(at / buckets.length);
    return table[buckets[at % buckets.length]! * heads + head]!;
  });
}

/** Where they stand in a weights file, `tensor` reads them. */
export function numbersOf(numbers: Numbers, tensor: ReadNumbers): Float32Array {
  return 'tensor' in numbers ? tensor(numbers.tensor) : Float32Array.from(numbers);
}

function exactly(count: number, numbers: Float32Array): Float32Array {
  if (numbers.length !== count) throw contradiction();
  return numbers;
}

function inlineOnly(): never {
  throw contradiction();
}

function contradiction(): ChannelError {
  return new ChannelError(
    'modelRefused',
    l10n.t('The model’s rule for its attention does not fit its heads.'),
  );
}
