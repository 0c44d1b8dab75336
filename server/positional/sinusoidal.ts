/** The sinusoidal encoding of Vaswani et al. 2017, "Attention Is All You Need", §3.5. */
import * as l10n from '@vscode/l10n';
import { requireBase, requireEvenWidth } from './limits';
import { PositionError } from './positionError';

/** Vaswani et al. 2017, §3.5. */
export const SINUSOIDAL_BASE = 10_000;

/**
 * Radians per position for each pair of columns, [width / 2]: base^(−2j/width).
 * The same frequencies turn the pairs of rotary encodings (Su et al. 2021, §3.2.2).
 * Throws PositionError for an odd width or a base that is not above 0.
 */
export function pairFrequencies(width: number, base = SINUSOIDAL_BASE): Float64Array {
  requireEvenWidth(width);
  requireBase(base);
  return Float64Array.from({ length: width / 2 }, (_, pair) => base ** ((-2 * pair) / width));
}

/**
 * The encoding of one position, [width]: column 2j is sin(position · f_j), column
 * 2j + 1 its cosine, f_j = base^(−2j/width). Values lie in [−1, 1].
 */
export function sinusoidalRow(
  position: number,
  width: number,
  base = SINUSOIDAL_BASE,
): Float64Array {
  requirePosition(position);
  const row = new Float64Array(width);
  pairFrequencies(width, base).forEach((frequency, pair) => {
    row[2 * pair] = Math.sin(position * frequency);
    row[2 * pair + 1] = Math.cos(position * frequency);
  });
  return row;
}

/** The encodings of positions 0 … positions − 1, row-major [position, width]. */
export function sinusoidalTable(
  positions: number,
  width: number,
  base = SINUSOIDAL_BASE,
): Float64Array {
  requireCount(positions);
  const frequencies = pairFrequencies(width, base);
  const table = new Float64Array(positions * width);
  for (let position = 0; position < positions; position++) {
    for (let pair = 0; pair < frequencies.length; pair++) {
      const angle = position * frequencies[pair]!;
      table[position * width + 2 * pair] = Math.sin(angle);
      table[position * width + 2 * pair + 1] = Math.cos(angle);
    }
  }
  return table;
}

/** One cell of the encoding with all that its formula is made of. */
export interface SinusoidalTerm {
  wave: 'sin' | 'cos';
  /** Which pair of columns, from 0. */
  pair: number;
  /** 2j / width */
  exponent: number;
  /** Radians per position. */
  frequency: number;
  /** position · frequency, radians. */
  angle: number;
  value: number;
}

/** The formula of one column at one position, with its numbers in it. */
export function sinusoidalTerm(
  position: number,
  column: number,
  width: number,
  base = SINUSOIDAL_BASE,
): SinusoidalTerm {
  requirePosition(position);
  if (!Number.isInteger(column) || column < 0 || column >= width) {
    throw new PositionError(
      'shape',
      l10n.t('Column {0} is not in an encoding of width {1}.', String(column), width),
    );
  }
  const pair = Math.floor(column / 2);
  const frequency = pairFrequencies(width, base)[pair]!;
  const angle = position * frequency;
  const wave = column % 2 === 0 ? 'sin' : 'cos';
  return { wave, pair, exponent: (2 * pair) / width, frequency, angle, value: Math[wave](angle) };
}

function requirePosition(position: number): void {
  if (Number.isFinite(position)) return;
  throw new PositionError(
    'position',
    l10n.t('A position must be a number, but {0} was given.', String(position)),
  );
}

function requireCount(positions: number): void {
  if (Number.isInteger(positions) && positions >= 0) return;
  throw new PositionError(
    'position',
    l10n.t(
      'The number of positions must be a whole number of at least 0, but {0} was given.',
      String(positions),
    ),
  );
}
