import * as l10n from '@vscode/l10n';
import { PositionError } from './positionError';
import {
  LARGEST_BASE,
  LARGEST_FACTOR,
  LARGEST_LENGTH,
  LARGEST_SCALE,
  LARGEST_SLOPE,
  LEAST_BASE,
} from './ranges';

/** Passes an even width ≥ 2; sines and cosines come in pairs. Throws PositionError `width`. */
export function requireEvenWidth(width: number): void {
  if (Number.isInteger(width) && width >= 2 && width % 2 === 0) return;
  throw new PositionError(
    'width',
    l10n.t(
      'The encoding needs an even width of at least 2, but {0} was given: every sine has its cosine.',
      width,
    ),
  );
}

/** What is wrong with a scale, in one sentence; null for one above 0 and up to {@link LARGEST_SCALE}. */
export function scaleProblem(scale: number): string | null {
  if (scale > LARGEST_SCALE)
    return l10n.t('The scale must be at most {0}, but {1} was given.', LARGEST_SCALE, scale);
  if (scale > 0) return null;
  return l10n.t(
    'The scale must be a number above 0, but {0} was given; to remove position, switch it off.',
    String(scale),
  );
}

/** Throws PositionError `scale` with the {@link scaleProblem}. */
export function requireScale(scale: number): void {
  const problem = scaleProblem(scale);
  if (problem !== null) throw new PositionError('scale', problem);
}

/** Passes a finite base above 0 other than 1, whose powers are all the same. Throws PositionError `base`. */
export function requireBase(base: number): void {
  if (Number.isFinite(base) && base > 0 && base !== 1) return;
  throw new PositionError(
    'base',
    l10n.t(
      'The base of the frequencies must be a number above 0 and not 1, but {0} was given; 10000 is usual.',
      String(base),
    ),
  );
}

/** Passes a finite scaling factor ≥ 1. Throws PositionError `factor`. */
export function requireFactor(factor: number): void {
  if (Number.isFinite(factor) && factor >= 1) return;
  throw new PositionError(
    'factor',
    l10n.t(
      'The scaling factor must be a number of at least 1, but {0} was given; 1 leaves the model as it is.',
      String(factor),
    ),
  );
}

/** Passes a whole number ≥ 1 of heads. Throws PositionError `heads`. */
export function requireHeads(heads: number): void {
  if (Number.isInteger(heads) && heads >= 1) return;
  throw new PositionError(
    'heads',
    l10n.t('The number of heads must be a whole number above 0, but {0} was given.', String(heads)),
  );
}

/** Passes a length that fits rows of a width. Throws PositionError `shape`. */
export function requireLength(name: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new PositionError(
    'shape',
    l10n.t('{0} has {1} numbers, but {2} were expected.', name, actual, expected),
  );
}

/** As {@link requireBase}, within what can be computed and drawn. Throws PositionError `base`. */
export function requireUsableBase(base: number): void {
  requireBase(base);
  if (base >= LEAST_BASE && base <= LARGEST_BASE) return;
  throw new PositionError(
    'base',
    l10n.t(
      'The base of the frequencies must lie between {0} and {1}, but {2} was given; 10000 is usual.',
      LEAST_BASE,
      LARGEST_BASE,
      base,
    ),
  );
}

/** As {@link requireFactor}, within what can be computed and drawn. Throws PositionError `factor`. */
export function requireUsableFactor(factor: number): void {
  requireFactor(factor);
  if (factor <= LARGEST_FACTOR) return;
  throw new PositionError(
    'factor',
    l10n.t('The scaling factor must be at most {0}, but {1} was given.', LARGEST_FACTOR, factor),
  );
}

/** Passes a whole number of positions, from 1. Throws PositionError `length`. */
export function requireTrainedLength(length: number): void {
  if (Number.isInteger(length) && length >= 1 && length <= LARGEST_LENGTH) return;
  throw new PositionError(
    'length',
    l10n.t(
      'The original length must be a whole number of positions from 1 to {0}, but {1} was given.',
      LARGEST_LENGTH,
      String(length),
    ),
  );
}

/** Passes one number from 0 for each head. Throws PositionError `slopes`. */
export function requireSlopes(slopes: readonly number[], heads: number): void {
  if (slopes.length !== heads) {
    throw new PositionError(
      'slopes',
      l10n.t(
        'Each of the {0} heads needs a slope of its own, but {1} were given.',
        heads,
        slopes.length,
      ),
    );
  }
  const wrong = slopes.findIndex((slope) => !(slope >= 0 && slope <= LARGEST_SLOPE));
  if (wrong < 0) return;
  throw new PositionError(
    'slopes',
    l10n.t(
      'The slope of head {0} must be a number from 0 to {1}, but {2} was given.',
      wrong,
      LARGEST_SLOPE,
      String(slopes[wrong]),
    ),
  );
}
