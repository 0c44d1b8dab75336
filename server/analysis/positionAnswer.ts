/** The answer about a model's positional encoding, with the numbers of the window at hand. */
import * as l10n from '@vscode/l10n';
import { schemeOfLayer } from '../positional/layerSchemes';
import { requireScale } from '../positional/limits';
import type { PositionInputs } from '../positional/positionChanges';
import { PositionError } from '../positional/positionError';
import { trainedRope } from '../positional/ropeChange';
import { similarityByDistance } from '../positional/positionSimilarity';
import type {
  BiasByDistance,
  LayerScheme,
  PositionParams,
  PositionResult,
  SimilarityByDistanceResult,
} from '../protocol';
import { about, type Question, type Subject } from './answer';
import { MAX_LIST_BYTES } from './answerSize';
import { biasByDistance, biasOf, layersAlike } from './biasByDistance';
import { changedPositions } from './encodingChange';
import { InvalidParams, RequestFailed } from './errors';
import { encodeNumbers } from './numbers';
import {
  chapterPicture,
  NO_PICTURE,
  ropePicture,
  tablePicture,
  type EncodingScale,
  type PositionPicture,
} from './positionPicture';
import { checkIndex, checkSpan } from './selection';
import { tokenAt } from './tokenSearch';

/** Base64 of one float32, and what of it a JSON list of a position takes at most. */
const BYTES_PER_NUMBER = 16 / 3;
const BYTES_PER_POSITION = 8;
/** Mean, spread, smallest and largest similarity of each distance. */
const SIMILARITY_NUMBERS = 4;
/** Rows that are compared with each other, which takes time by their square. */
const MOST_COMPARED = 2048;
/** Formula, scheme and names. */
const OTHER_BYTES = 20_000;

export function positionQuestion(
  params: PositionParams,
  signal: AbortSignal,
): Question<PositionResult> {
  return (subject) => {
    const { model, window } = subject;
    const total = window.ids.length;
    const inputs = changedPositions(params.encoding ?? null, window, model);
    const token = tokenAtHand(subject, params.token);
    const layer = params.layer ?? 0;
    checkIndex('layer', layer, model.layers);
    const scheme = schemeOfLayer(model.position, layer);
    const asked = params.positions && checkSpan('positions', params.positions, total);
    const scale = askedScale(params, scheme);
    return {
      contents: [],
      answer: async () => {
        const [picture, bias] = await Promise.all([
          pictureOf(subject, scheme, scale, inputs, signal),
          biasOf(subject, layer, signal),
        ]);
        const told =
          bias && biasByDistance(bias, inputs.positionScale, layersAlike(subject, layer));
        const positions = fittingSpan(picture, told, asked, total);
        return describe(subject, picture, {
          inputs,
          positions,
          token,
          params,
          layer,
          scheme,
          told,
        });
      },
    };
  };
}

interface Asked {
  inputs: PositionInputs;
  positions: [start: number, end: number];
  token: number | null;
  params: PositionParams;
  layer: number;
  scheme: LayerScheme;
  told: BiasByDistance | null;
}

function describe(
  subject: Subject,
  picture: PositionPicture,
  { inputs, positions, token, params, layer, scheme, told }: Asked,
): PositionResult {
  const { positionIds, positionScale } = inputs;
  const { dimensions } = picture;
  const shown = positionIds.subarray(...positions);
  const tokenPosition = token === null ? null : (positionIds[token] ?? null);
  // A change's scale turns RoPE's angles; rows of additive encodings it multiplies.
  const turns = scheme.kind === 'rope';
  const [angleScale, rowScale] = turns ? [positionScale, 1] : [1, positionScale];
  const rowsAt = (ids: Int32Array): Float64Array | undefined =>
    picture
      .rows?.(Float64Array.from(ids, (position) => position * angleScale))
      .map((value) => value * rowScale);
  const rows = rowsAt(shown);
  const compared = rowsAt((params.positions ? shown : positionIds).subarray(0, MOST_COMPARED));
  const at = <T>(draw: ((position: number) => T) | null | undefined): T | null =>
    tokenPosition === null || !draw ? null : draw(tokenPosition);
  const formula = at((position) => picture.formula?.(position, params.dimension ?? 0));
  return {
    ...about(subject),
    scheme,
    layer,
    positions,
    total: subject.window.ids.length,
    positionIds: [...shown],
    dimensions,
    matrix: rows ? numbers(rows) : null,
    similarity: compared && dimensions > 0 ? similarity(compared, dimensions) : null,
    wavelengths: numbersOrNull(picture.wavelengths),
    angles: numbersOrNull(at((position) => picture.angles?.(position * angleScale))),
    attentionFactor: picture.attentionFactor,
    slopes: numbersOrNull(picture.slopes?.map((slope) => slope * positionScale)),
    bias: told,
    formula: formula ? { ...formula, scaled: formula.scaled * rowScale } : null,
    token,
    tokenPosition,
  };
}

/** The encoding of the document's model under a change, an additive one in another scale where that is asked for. */
async function pictureOf(
  { ready, model, window, numbers: document }: Subject,
  position: LayerScheme,
  scale: Partial<EncodingScale>,
  changed: PositionInputs,
  signal: AbortSignal,
): Promise<PositionPicture> {
  if (position.kind === 'rope')
    return ropePicture(changed.rope ?? trainedRope(position, window.ids.length), position.pairing);
  if (position.kind === 'alibi')
    return { ...NO_PICTURE, slopes: changed.slopes ?? Float64Array.from(position.slopes) };
  const learned = async (): Promise<Float32Array> =>
    (await ready.engine.positionTable({ signal })).table;
  if (document?.encodingRow)
    return tablePicture(spread(document.encodingRow, model.width), model.width, {
      ...UNSCALED,
      scale: document.settings.scale,
      ...scale,
    });
  const settings = document?.settings ?? ready.chapter;
  if (settings) {
    const table = settings.encoding === 'learned' ? await learned() : null;
    return naming('scale', () => chapterPicture({ ...settings, ...scale }, model.width, table));
  }
  if (position.kind !== 'learned') return NO_PICTURE;
  return tablePicture(await learned(), model.width, { ...UNSCALED, ...scale });
}

const UNSCALED: EncodingScale = { scale: 1, scaleVariant: 'usual' };

/** A number's encoding stands in each of its places. */
function spread(row: Float64Array, width: number): Float64Array {
  return Float64Array.from(
    { length: row.length * width },
    (_, cell) => row[Math.floor(cell / width)]!,
  );
}

function askedScale(
  { scale, scaleVariant }: PositionParams,
  { kind }: LayerScheme,
): Partial<EncodingScale> {
  if (scale === undefined && scaleVariant === undefined) return {};
  if (kind !== 'learned' && kind !== 'sinusoidal')
    throw new RequestFailed(
      'notInThisModel',
      l10n.t('A scale factor needs an encoding that is added to the input; this model has none.'),
    );
  if (scale !== undefined) naming('scale', () => requireScale(scale));
  return {
    ...(scale === undefined ? {} : { scale }),
    ...(scaleVariant === undefined ? {} : { scaleVariant }),
  };
}

function tokenAtHand({ window, offset }: Subject, token: number | undefined): number | null {
  if (token !== undefined) {
    checkIndex('token', token, window.ids.length);
    return token;
  }
  return offset === undefined ? null : (tokenAt(window, offset) ?? null);
}

/** The span asked for, or the longest from 0 that fits into one answer. */
function fittingSpan(
  { dimensions, rows }: PositionPicture,
  bias: BiasByDistance | null,
  asked: [start: number, end: number] | undefined,
  total: number,
): [start: number, end: number] {
  const perRow = BYTES_PER_POSITION + (rows ? dimensions : 0) * BYTES_PER_NUMBER;
  const compared = SIMILARITY_NUMBERS * Math.min(total, MOST_COMPARED);
  const taken =
    OTHER_BYTES + (bias ? bias.values.length + BYTES_PER_POSITION * bias.buckets.length : 0);
  const room = MAX_LIST_BYTES - taken - (2 * dimensions + compared) * BYTES_PER_NUMBER;
  const fitting = Math.max(1, Math.floor(room / perRow));
  if (!asked) return [0, Math.min(total, fitting)];
  if (asked[1] - asked[0] <= fitting) return asked;
  throw new RequestFailed(
    'tooLarge',
    l10n.t('The encoding does not fit into one answer. Ask for {0} positions.', fitting),
    { size: fitting },
  );
}

function similarity(rows: Float64Array, dimensions: number): SimilarityByDistanceResult {
  const { mean, spread: deviation, smallest, largest } = similarityByDistance(rows, dimensions);
  return {
    distances: mean.length,
    mean: numbers(mean),
    spread: numbers(deviation),
    smallest: numbers(smallest),
    largest: numbers(largest),
  };
}

function numbers(values: Float64Array): string {
  return encodeNumbers(Float32Array.from(values));
}

function numbersOrNull(values: Float64Array | null | undefined): string | null {
  return values ? numbers(values) : null;
}

function naming<T>(field: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PositionError) throw new InvalidParams(field, error.message);
    throw error;
  }
}
