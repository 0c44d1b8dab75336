/** Changes of position: read where they enter, named for a person, and turned into a graph's inputs. */
import * as l10n from '@vscode/l10n';
import { changePositions, type PositionInputs } from '../positional/positionChanges';
import { requireScale } from '../positional/limits';
import { PositionError } from '../positional/positionError';
import { ENCODING_MODES, type EncodingChange, type Model } from '../protocol';
import { InvalidParams, RequestFailed } from './errors';
import type { WindowTokens } from './windowTokens';

/** Seeds have 32 bits. */
const LARGEST_SEED = 2 ** 32 - 1;

/**
 * The change that a message asks for, with its defaults filled in; null as trained.
 * Throws {@link InvalidParams} `encoding` saying what is wrong with it.
 */
export function readEncodingChange(given: unknown): EncodingChange | null {
  if (given === undefined || given === null) return null;
  const field = (name: string): unknown =>
    typeof given === 'object' ? Reflect.get(given, name) : undefined;
  const mode = ENCODING_MODES.find((known) => known === field('mode'));
  switch (mode) {
    case undefined:
      throw unknownMode(field('mode') ?? given);
    case 'off':
    case 'reversed':
      return { mode };
    case 'scaled':
      return { mode, scale: scaleOf(field('scale')) };
    case 'shuffled':
      return { mode, seed: wholeNumber('seed', field('seed'), LARGEST_SEED) };
    case 'shifted':
      return { mode, by: wholeNumber('by', field('by')) };
    case 'frozen':
      return { mode, at: wholeNumber('at', field('at') ?? 0) };
  }
}

/** As {@link readEncodingChange}, for what makes no sense as trained. */
export function requireEncodingChange(given: unknown): EncodingChange {
  const change = readEncodingChange(given);
  if (change) return change;
  throw new InvalidParams(
    'encoding',
    l10n.t(
      '"encoding" must say how position is changed; its mode is one of {0}.',
      ENCODING_MODES.join(', '),
    ),
  );
}

/**
 * What the graph gets for a window under a change: positions in order and scale 1 for
 * null. Throws {@link InvalidParams} `encoding` where it leaves the model's positions,
 * {@link RequestFailed} `notInThisModel` where the model has no position to change.
 */
export function changedPositions(
  change: EncodingChange | null,
  { ids, specialTokens }: Pick<WindowTokens, 'ids' | 'specialTokens'>,
  { contextLength, position }: Pick<Model, 'contextLength' | 'position'>,
): PositionInputs {
  if (change) checkChangeable({ position });
  const window = { tokens: ids.length, specialTokens, contextLength };
  const complete = change?.mode === 'frozen' ? { ...change, at: change.at ?? 0 } : change;
  return refusingChange(() => changePositions(complete ?? { mode: 'none' }, window));
}

/** Throws {@link RequestFailed} `notInThisModel` where the model has no position to change. */
export function checkChangeable({ position }: Pick<Model, 'position'>): void {
  if (position.kind !== 'none') return;
  throw new RequestFailed(
    'notInThisModel',
    l10n.t('This model sees no position, so there is nothing to change about it.'),
  );
}

/** Runs what may throw a PositionError, and names `encoding` in its place. */
function refusingChange<T>(run: () => T): T {
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
  }
}

function scaleOf(scale: unknown): number {
  const number = typeof scale === 'number' ? scale : NaN;
  return refusingChange(() => (requireScale(number), number));
}

function wholeNumber(name: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most)
    return value;
  throw new InvalidParams(
    'encoding',
    l10n.t(
      '"{0}" of "encoding" must be a whole number from 0, but {1} was given.',
      name,
      shown(value),
    ),
  );
}

function unknownMode(mode: unknown): InvalidParams {
  return new InvalidParams(
    'encoding',
    l10n.t(
      '"encoding" cannot be {0}; its mode is one of {1}.',
      shown(mode),
      ENCODING_MODES.join(', '),
    ),
  );
}

/** A value from outside as a message quotes it, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
