import type { EncodingChange } from '../../server/protocol';
import type { PanelString } from '../strings';

/** The number that a change needs. */
export interface ModeNumber {
  label: PanelString;
  start: number;
  whole: boolean;
  /** The least value; with `above`, values must be more than it. */
  least: number;
  above: boolean;
  step: number;
}

export interface Mode {
  /** null: as trained. */
  mode: EncodingChange['mode'] | null;
  title: PanelString;
  detail: PanelString;
  number?: ModeNumber;
}

const whole = { whole: true, least: 0, above: false, step: 1 };

/** What can be done to position, as trained first. */
export const MODES: readonly Mode[] = [
  { mode: null, title: 'as trained', detail: 'Every token at its own position.' },
  { mode: 'off', title: 'off', detail: 'No token has a position: only the words are left.' },
  {
    mode: 'scaled',
    title: 'scaled',
    detail: 'The encoding of position times a factor.',
    number: { label: 'factor', start: 0.5, whole: false, least: 0, above: true, step: 0.1 },
  },
  {
    mode: 'shuffled',
    title: 'shuffled',
    detail: 'The tokens of the text trade positions at random; special tokens stay.',
    number: { label: 'seed', start: 1, ...whole },
  },
  {
    mode: 'reversed',
    title: 'reversed',
    detail: 'The tokens of the text in opposite order; special tokens stay.',
  },
  {
    mode: 'shifted',
    title: 'shifted',
    detail: 'Every token some positions further on, as far as the model has any.',
    number: { label: 'by', start: 1, ...whole },
  },
  {
    mode: 'frozen',
    title: 'frozen',
    detail: 'Every token at one and the same position.',
    number: { label: 'at', start: 0, ...whole },
  },
];

/** The number of a change that has one. */
export function numberOf(change: EncodingChange | null): number | null {
  switch (change?.mode) {
    case 'scaled':
      return change.scale;
    case 'shuffled':
      return change.seed;
    case 'shifted':
      return change.by;
    case 'frozen':
      return change.at ?? 0;
    default:
      return null;
  }
}

/** The change of a mode with this number; null: as trained. */
export function changeOf(mode: Mode['mode'], number: number): EncodingChange | null {
  switch (mode) {
    case null:
      return null;
    case 'scaled':
      return { mode, scale: number };
    case 'shuffled':
      return { mode, seed: number };
    case 'shifted':
      return { mode, by: number };
    case 'frozen':
      return { mode, at: number };
    case 'off':
    case 'reversed':
      return { mode };
  }
}

/** The largest number that a text of so many tokens leaves room for; Infinity without a limit. */
export function mostFor(
  mode: Mode['mode'],
  { contextLength, tokens }: { contextLength: number; tokens: number },
): number {
  if (mode === 'shifted') return Math.max(0, contextLength - tokens);
  return mode === 'frozen' ? contextLength - 1 : mode === 'shuffled' ? 2 ** 32 - 1 : Infinity;
}

/** A number as a person wrote it, or null when a change cannot take it. */
export function readNumber(text: string, number: ModeNumber, most: number): number | null {
  const value = text.trim() === '' ? NaN : Number(text);
  const { least, above } = number;
  const fits = above ? value > least : value >= least;
  if (!Number.isFinite(value) || !fits || value > most) return null;
  return number.whole && !Number.isInteger(value) ? null : value;
}
