/** Changes of position as messages give them. */
import * as l10n from '@vscode/l10n';
import {
  requireScale,
  requireTrainedLength,
  requireUsableBase,
  requireUsableFactor,
} from '../positional/limits';
import { ENCODING_MODES, type EncodingChange } from '../protocol';
import { InvalidParams } from './errors';
import { refusingChange } from './encodingChange';

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
      return { mode, scale: passing(field('scale'), requireScale) };
    case 'shuffled':
      return { mode, seed: readSeed(field('seed')) };
    case 'shifted':
      return { mode, by: wholeNumber('by', field('by')) };
    case 'frozen':
      return { mode, at: wholeNumber('at', field('at') ?? 0) };
    case 'base':
      return { mode, base: passing(field('base'), requireUsableBase) };
    case 'linear':
    case 'ntk':
      return { mode, factor: passing(field('factor'), requireUsableFactor) };
    case 'yarn':
      return yarn(field('factor'), field('originalLength') ?? undefined);
    case 'slopes':
      return { mode, slopes: numberList(field('slopes')) };
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

function yarn(factor: unknown, originalLength: unknown): EncodingChange {
  const change = { mode: 'yarn', factor: passing(factor, requireUsableFactor) } as const;
  if (originalLength === undefined) return change;
  return { ...change, originalLength: passing(originalLength, requireTrainedLength) };
}

/** NaN stands for whatever is no number: each limit refuses it in its own words. */
function passing(given: unknown, require: (value: number) => void): number {
  const value = typeof given === 'number' ? given : NaN;
  return refusingChange(() => (require(value), value));
}

/** How many and how large they are depends on the model. */
function numberList(given: unknown): number[] {
  if (Array.isArray(given)) return given.map((each) => (typeof each === 'number' ? each : NaN));
  throw new InvalidParams(
    'encoding',
    l10n.t('"slopes" of "encoding" must be a list of numbers, one for each head.'),
  );
}

function readSeed(given: unknown): number {
  const seed = wholeNumber('seed', given);
  if (seed <= LARGEST_SEED) return seed;
  throw new InvalidParams(
    'encoding',
    l10n.t('The seed must be at most {0}, but {1} was given.', LARGEST_SEED, seed),
  );
}

function wholeNumber(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
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
