/** What the laboratory does to a rotary encoding: another base, or another interpolation. */
import * as l10n from '@vscode/l10n';
import { requireUsableBase, requireUsableFactor, requireTrainedLength } from './limits';
import { PositionError } from './positionError';
import { ropeFrequencies, type RopeFrequencies, type RopeScaling } from './ropeFrequencies';

/** A model's rotary encoding as trained. */
export interface RopeRule {
  /** Columns of a head that are turned; even. */
  dimensions: number;
  base: number;
  scaling: RopeScaling;
  /** Positions that the model was trained on, any scaling left out. */
  trainedLength: number;
}

export type RopeChange =
  /** The model's own scaling with another base. */
  | { mode: 'base'; base: number }
  /** Instead of the model's own scaling: positions closer by `factor` (Chen et al. 2023). */
  | { mode: 'linear'; factor: number }
  /** A base that grows with `factor` (bloc97 2023). */
  | { mode: 'ntk'; factor: number }
  /** Peng et al. 2023; `originalLength` is the model's trained length unless given. */
  | { mode: 'yarn'; factor: number; originalLength?: number };

/** As trained, in a text of so many tokens where that decides. */
export function trainedRope(
  { dimensions, base, scaling }: RopeRule,
  length?: number,
): RopeFrequencies {
  return ropeFrequencies(dimensions, base, inText(scaling, length));
}

/** Some kinds of scaling depend on how long the text is. */
function inText(scaling: RopeScaling, length?: number): RopeScaling {
  return scaling.kind === 'dynamic' || scaling.kind === 'longrope'
    ? { ...scaling, length: length ?? scaling.length }
    : scaling;
}

/**
 * Frequencies and attention factor under a change. Throws PositionError `base`,
 * `factor` or `length` naming the number that makes no sense, `scheme` without a rule.
 */
export function changeRope(change: RopeChange, rule: RopeRule | null): RopeFrequencies {
  if (!rule)
    throw new PositionError('scheme', l10n.t('Only a rotary encoding has frequencies to change.'));
  const { dimensions, base, scaling, trainedLength } = rule;
  switch (change.mode) {
    case 'base':
      requireUsableBase(change.base);
      return ropeFrequencies(dimensions, change.base, scaling);
    case 'linear':
    case 'ntk':
      requireUsableFactor(change.factor);
      return ropeFrequencies(dimensions, base, { kind: change.mode, factor: change.factor });
    case 'yarn': {
      const length = change.originalLength ?? trainedLength;
      requireUsableFactor(change.factor);
      requireTrainedLength(length);
      return ropeFrequencies(dimensions, base, {
        kind: 'yarn',
        factor: change.factor,
        trainedLength: length,
      });
    }
  }
}
