/** Changes of position: whether a model takes them, what its graph then gets, and their names for a person. */
import * as l10n from '@vscode/l10n';
import { commonRope } from '../positional/layerSchemes';
import { changePositions, type PositionInputs } from '../positional/positionChanges';
import { requireSlopes } from '../positional/limits';
import { PositionError } from '../positional/positionError';
import type { EncodingChange, Model } from '../protocol';
import { InvalidParams, RequestFailed } from './errors';
import type { WindowTokens } from './windowTokens';

/** What of a model decides about changes of position. */
type Changeable = Pick<Model, 'position' | 'encodingModes' | 'heads'>;

/**
 * What the graph gets for a window under a change: positions in order and scale 1 for
 * null. Throws {@link InvalidParams} `encoding` where it leaves the model's positions
 * or does not go with its heads, {@link RequestFailed} `notInThisModel` where the model
 * cannot be changed so.
 */
export function changedPositions(
  change: EncodingChange | null,
  { ids, specialTokens }: Pick<WindowTokens, 'ids' | 'specialTokens'>,
  model: Changeable & Pick<Model, 'contextLength'>,
): PositionInputs {
  if (change) checkChangeable(change, model);
  const { contextLength, heads, position } = model;
  const rope = commonRope(position);
  const window = { tokens: ids.length, specialTokens, contextLength, heads, rope };
  const complete = change?.mode === 'frozen' ? { ...change, at: change.at ?? 0 } : change;
  return refusingChange(() => changePositions(complete ?? { mode: 'none' }, window));
}

/**
 * Throws {@link RequestFailed} `notInThisModel`, saying what can be done to the model's
 * position instead, and {@link InvalidParams} for slopes that its heads are not.
 */
export function checkChangeable(change: EncodingChange, model: Changeable): void {
  const { position, encodingModes, heads } = model;
  if (!encodingModes.includes(change.mode))
    throw new RequestFailed('notInThisModel', whyNot(change.mode, position.kind, encodingModes));
  if (change.mode === 'slopes') refusingChange(() => requireSlopes(change.slopes, heads));
}

function whyNot(
  mode: EncodingChange['mode'],
  kind: Model['position']['kind'],
  modes: Model['encodingModes'],
): string {
  if (kind === 'none')
    return l10n.t('This model sees no position, so there is nothing to change about it.');
  if (modes.length === 0)
    return l10n.t(
      'This model keeps its positions to itself, so they cannot be changed; everything else works.',
    );
  return l10n.t(
    'This model\'s position cannot be changed by "{0}"; what it takes is {1}.',
    mode,
    modes.join(', '),
  );
}

/** Runs what may throw a PositionError, and names `encoding` in its place. */
export function refusingChange<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PositionError) throw new InvalidParams('encoding', error.message);
    throw error;
  }
}

/** The badge: what is not as trained, in two or three words. */
export function encodingPhrase(change: EncodingChange): string {
  switch (change.mode) {
    case 'off':
      return l10n.t('position off');
    case 'scaled':
      return l10n.t('position × {0}', change.scale);
    case 'shuffled':
      return l10n.t('position shuffled');
    case 'reversed':
      return l10n.t('position reversed');
    case 'shifted':
      return l10n.t('position shifted by {0}', change.by);
    case 'frozen':
      return l10n.t('position frozen at {0}', change.at ?? 0);
    case 'base':
      return l10n.t('RoPE base {0}', change.base);
    case 'linear':
      return l10n.t('RoPE linear × {0}', change.factor);
    case 'ntk':
      return l10n.t('RoPE NTK × {0}', change.factor);
    case 'yarn':
      return l10n.t('RoPE YaRN × {0}', change.factor);
    case 'slopes':
      return l10n.t('ALiBi slopes changed');
  }
}
