/** A positional encoding as it can be drawn: rows, wavelengths, angles, slopes, formula. */
import * as l10n from '@vscode/l10n';
import type { ChapterSettings } from '../chapter/controls';
import { additiveTable } from '../chapter/encoding';
import { scaleEncoding } from '../positional/encodingScale';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import { pairColumns, type RopePairing } from '../positional/ropeRotation';
import { pairFrequencies, SINUSOIDAL_BASE, sinusoidalTerm } from '../positional/sinusoidal';
import { perColumn, rotationAngles, wavelengths } from '../positional/wavelengths';
import type { PositionFormula } from '../protocol';
import { InvalidParams } from './errors';

/** How an additive encoding is scaled. */
export type EncodingScale = Pick<ChapterSettings, 'scale' | 'scaleVariant'>;

export interface PositionPicture {
  dimensions: number;
  /** Rows at positions, [row, dimension]; null where nothing is drawn. Positions are whole unless angles turn. */
  rows: ((positions: ArrayLike<number>) => Float64Array) | null;
  /** [dimension] */
  wavelengths: Float64Array | null;
  /** [dimension], radians at a position. */
  angles: ((position: number) => Float64Array) | null;
  /** What sines and cosines that turn are multiplied by. */
  attentionFactor: number | null;
  /** [head] */
  slopes: Float64Array | null;
  formula: ((position: number, dimension: number) => PositionFormula) | null;
}

/** Where the scheme draws nothing. */
export const NO_PICTURE: PositionPicture = {
  dimensions: 0,
  rows: null,
  wavelengths: null,
  angles: null,
  attentionFactor: null,
  slopes: null,
  formula: null,
};

/** A table of rows, [position, width], with a scale of its own. */
export function tablePicture(
  table: ArrayLike<number>,
  width: number,
  { scale, scaleVariant }: EncodingScale,
): PositionPicture {
  const dimensions = scaleVariant === 'chapter' ? 2 * width : width;
  const row = (position: number): Float64Array => {
    const stored = Float64Array.from(
      { length: width },
      (_, column) => table[position * width + column] ?? 0,
    );
    return scaleEncoding(stored, scale, scaleVariant);
  };
  return { ...NO_PICTURE, dimensions, rows: (positions) => joinRows(positions, dimensions, row) };
}

/** What the Chapter model adds to its input; `learned` is the bundled model's table where it is asked for. */
export function chapterPicture(
  settings: ChapterSettings,
  width: number,
  learned: ArrayLike<number> | null,
): PositionPicture {
  const { encoding } = settings;
  if (encoding === 'sinusoidal') return sinusoidalPicture(settings, width);
  if (encoding !== 'learned') return NO_PICTURE;
  return {
    ...NO_PICTURE,
    dimensions: width,
    rows: (positions) => additiveRows(settings, positions, width, learned),
  };
}

/** In the chapter's variant the encoding has half the width, and its sines stand before its cosines. */
function sinusoidalPicture(settings: ChapterSettings, width: number): PositionPicture {
  const folded = settings.scaleVariant === 'chapter';
  const encodedWidth = folded ? width / 2 : width;
  const frequencies = pairFrequencies(encodedWidth);
  const spread = (perPair: Float64Array): Float64Array => {
    const columns = perColumn(perPair, 'interleaved');
    return folded ? Float64Array.from([...columns, ...columns]) : columns;
  };
  return {
    dimensions: width,
    rows: (positions) => additiveRows(settings, positions, width, null),
    wavelengths: spread(wavelengths(frequencies)),
    angles: (position) => spread(rotationAngles(frequencies, position)),
    attentionFactor: null,
    slopes: null,
    formula: (position, dimension) => sinusoidalFormula(position, dimension, width, settings),
  };
}

/** Row by row, the cosine of a pair's angle at its first dimension and the sine at its second, times the attention factor. */
export function ropePicture(
  { frequencies, attentionFactor }: RopeFrequencies,
  pairing: RopePairing,
): PositionPicture {
  const dimensions = 2 * frequencies.length;
  const row = (position: number): Float64Array => {
    const columns = new Float64Array(dimensions);
    frequencies.forEach((frequency, pair) => {
      const [first, second] = pairColumns(pair, dimensions, pairing);
      columns[first] = attentionFactor * Math.cos(position * frequency);
      columns[second] = attentionFactor * Math.sin(position * frequency);
    });
    return columns;
  };
  return {
    ...NO_PICTURE,
    dimensions,
    rows: (positions) => joinRows(positions, dimensions, row),
    wavelengths: perColumn(wavelengths(frequencies), pairing),
    angles: (position) => perColumn(rotationAngles(frequencies, position), pairing),
    attentionFactor,
  };
}

function additiveRows(
  settings: ChapterSettings,
  positions: ArrayLike<number>,
  width: number,
  learned: ArrayLike<number> | null,
): Float64Array {
  const furthest = Math.max(-1, ...Array.from(positions));
  const table = additiveTable(settings, furthest + 1, width, learned);
  return joinRows(positions, width, (position) =>
    table.subarray(position * width, (position + 1) * width),
  );
}

function joinRows(
  positions: ArrayLike<number>,
  width: number,
  row: (position: number) => Float64Array,
): Float64Array {
  const rows = new Float64Array(positions.length * width);
  Array.from(positions).forEach((position, index) => rows.set(row(position), index * width));
  return rows;
}

function sinusoidalFormula(
  position: number,
  dimension: number,
  width: number,
  { scale, scaleVariant }: EncodingScale,
): PositionFormula {
  if (dimension >= width)
    throw new InvalidParams(
      'dimension',
      l10n.t('"{0}" must be a whole number from 0 to {1}.', 'dimension', width - 1),
    );
  const folded = scaleVariant === 'chapter';
  const encodedWidth = folded ? width / 2 : width;
  const column = dimension % encodedWidth;
  const { pair, ...term } = sinusoidalTerm(position, column, encodedWidth);
  const wave = dimension < encodedWidth ? 'sin' : 'cos';
  const scaled = folded ? Math[wave](scale * term.value) : scale * term.value;
  const encoded = `${term.wave}(${position} / ${SINUSOIDAL_BASE}^(${2 * pair}/${encodedWidth})) = ${figure(term.value)}`;
  const name = `PE[${position}, ${column}] = ${encoded}`;
  const outer = folded
    ? `${wave}(${scale} · ${figure(term.value)})`
    : `${scale} · ${figure(term.value)}`;
  const text = !folded && scale === 1 ? name : `${name}; ${outer} = ${figure(scaled)}`;
  return { position, dimension, ...term, scaled, text };
}

/** Four places, or a power of ten where they would all be zero. */
function figure(value: number): string {
  const text = value !== 0 && Math.abs(value) < 0.00005 ? value.toExponential(2) : value.toFixed(4);
  return text.replaceAll('-', '−');
}
