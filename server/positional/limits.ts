import * as l10n from '@vscode/l10n';
import { PositionError } from './positionError';

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

/** Passes a finite scale above 0. Throws PositionError `scale`. */
export function requireScale(scale: number): void {
  if (Number.isFinite(scale) && scale > 0) return;
  throw new PositionError(
    'scale',
    l10n.t(
      'The scale must be a number above 0, but {0} was given; to remove position, switch it off.',
      String(scale),
    ),
  );
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
