/** Position as a model might have it, from the product's own formulas where there are any. */
import type {
  EncodingChange,
  LayerScheme,
  PositionFormula,
  PositionScheme,
} from '../../server/protocol';
import { alibiSlopes } from '../../server/positional/alibi';
import { scaledSinusoidalTable } from '../../server/positional/encodingScale';
import { schemeOfLayer } from '../../server/positional/layerSchemes';
import { changePositions } from '../../server/positional/positionChanges';
import { similarityByDistance } from '../../server/positional/positionSimilarity';
import { relativeBucket } from '../../server/positional/relativeBuckets';
import { pairFrequencies } from '../../server/positional/sinusoidal';
import { wavelengths } from '../../server/positional/wavelengths';
import type { HostSide, PanelPosition } from '../../webview/protocol';
import { random } from './random';

const WIDTH = 384;
const CONTEXT = 512;

/** The position of each token of a window under a change, and what its encoding is multiplied by. */
export function changed(
  change: EncodingChange | null,
  tokens: number,
): { ids: Int32Array; scale: number } {
  const window = {
    tokens,
    specialTokens: [0, tokens - 1],
    contextLength: Math.max(CONTEXT, tokens),
    heads: 12,
    rope: {
      dimensions: 48,
      base: 10_000,
      scaling: { kind: 'default' } as const,
      trainedLength: CONTEXT,
    },
  };
  const { positionIds, positionScale } = changePositions(
    change === null
      ? { mode: 'none' }
      : change.mode === 'frozen'
        ? { mode: 'frozen', at: change.at ?? 0 }
        : change,
    window,
  );
  return { ids: positionIds, scale: positionScale };
}

/** A smooth table with a few slow waves and some noise, as training leaves one. */
function learnedTable(): Float64Array {
  const next = random(7);
  const waves = Array.from({ length: 24 }, (_, wave) => ({
    period: 700 / (1 + wave * 0.9),
    phase: 6.28 * next(),
    weights: Array.from({ length: WIDTH }, () => (next() - 0.5) / (1 + 0.5 * wave)),
  }));
  return Float64Array.from({ length: CONTEXT * WIDTH }, (_, cell) => {
    const position = Math.floor(cell / WIDTH);
    const sum = waves.reduce(
      (total, { period, phase, weights }) =>
        total + weights[cell % WIDTH]! * Math.cos((6.283 * position) / period + phase),
      0,
    );
    return 0.08 * sum + 0.01 * (next() - 0.5);
  });
}

type Ask = HostSide['methods']['position']['params'];

export function syntheticPosition(
  model: PositionScheme,
  { generation, token, layer, encoding, positions, scale, scaleVariant, dimension }: Ask,
  tokens: number,
): PanelPosition {
  const scheme = schemeOfLayer(model, layer);
  const { ids, scale: factor } = changed(encoding, tokens);
  const [start, end] = positions ?? [0, tokens];
  const table = tableOf(scheme, scale ?? 1, scaleVariant ?? 'usual');
  const matrix = table && rows(table, ids.subarray(start, end), factor);
  const frequencies = perDimension(pairFrequencies(WIDTH));
  const waves = scheme.kind === 'sinusoidal' || scheme.kind === 'rope';
  const position = token === null ? null : (ids[token] ?? null);
  const similarity = matrix && end - start > 1 ? similarityByDistance(matrix, WIDTH) : null;
  return {
    generation,
    scheme,
    layer,
    positions: [start, end],
    total: tokens,
    positionIds: [...ids.subarray(start, end)],
    dimensions: WIDTH,
    matrix: matrix && Float32Array.from(matrix),
    similarity: similarity && {
      distances: similarity.mean.length,
      mean: Float32Array.from(similarity.mean),
      spread: Float32Array.from(similarity.spread),
      smallest: Float32Array.from(similarity.smallest),
      largest: Float32Array.from(similarity.largest),
    },
    wavelengths: waves ? Float32Array.from(wavelengths(frequencies)) : null,
    angles:
      waves && position !== null ? Float32Array.from(frequencies, (each) => each * position) : null,
    attentionFactor: null,
    slopes: scheme.kind === 'alibi' ? Float32Array.from(alibiSlopes(12)) : null,
    bias: scheme.kind === 'relative' ? biasOf(factor) : null,
    formula:
      scheme.kind === 'sinusoidal' && position !== null
        ? formulaOf(position, dimension ?? 0, scale ?? 1)
        : null,
    token,
    tokenPosition: position,
  };
}

/** Heads that look back, ahead, nearby or anywhere, in T5's buckets. */
function biasOf(scale: number): NonNullable<PanelPosition['bias']> {
  const reach = 128;
  const rule = { buckets: 32, maxDistance: reach, bidirectional: true };
  const distances = Array.from({ length: 2 * reach + 1 }, (_, at) => at - reach);
  const buckets = distances.map((distance) => relativeBucket(distance, rule));
  const next = random(5);
  const heads = Array.from({ length: 12 }, (_, head) => ({
    fall: [0.2, 0.9, -0.1, 0.5][head % 4]! * (1 + head / 12),
    side: [1.5, 0, -1.5][head % 3]!,
    noise: Array.from({ length: 32 }, () => 0.4 * (next() - 0.5)),
  }));
  const values = heads.flatMap(({ fall, side, noise }) =>
    buckets.map((bucket, at) => {
      const steps = bucket % 16;
      return scale * (1 - fall * steps + side * Math.sign(distances[at]!) + noise[bucket]!);
    }),
  );
  return { reach, buckets, values: Float32Array.from(values), layers: [0, 1, 2, 3, 4, 5] };
}

function tableOf(
  { kind }: LayerScheme,
  scale: number,
  variant: 'usual' | 'chapter',
): Float64Array | null {
  if (kind === 'learned') return learnedTable().map((value) => value * scale);
  if (kind !== 'sinusoidal' && kind !== 'rope') return null;
  return Float64Array.from(scaledSinusoidalTable(CONTEXT, WIDTH, scale, variant));
}

function rows(table: Float64Array, ids: Int32Array, factor: number): Float64Array {
  const matrix = new Float64Array(ids.length * WIDTH);
  ids.forEach((id, row) =>
    matrix.set(
      table.subarray(id * WIDTH, (id + 1) * WIDTH).map((value) => value * factor),
      row * WIDTH,
    ),
  );
  return matrix;
}

const perDimension = (pairs: Float64Array): Float64Array =>
  Float64Array.from({ length: 2 * pairs.length }, (_, dimension) => pairs[dimension >> 1]!);

function formulaOf(position: number, dimension: number, scale: number): PositionFormula {
  const wave = dimension % 2 === 0 ? 'sin' : 'cos';
  const exponent = (2 * (dimension >> 1)) / WIDTH;
  const frequency = 10_000 ** -exponent;
  const angle = position * frequency;
  const value = Math[wave](angle);
  const text = `PE[${position}, ${dimension}] = ${wave}(${position} / 10000^(${dimension - (dimension % 2)}/${WIDTH})) = ${wave}(${angle.toPrecision(4)}) = ${value.toFixed(4)}`;
  return {
    position,
    dimension,
    wave,
    exponent,
    frequency,
    angle,
    value,
    scaled: value * scale,
    text,
  };
}
