import {
  LARGEST_BASE,
  LARGEST_FACTOR,
  LARGEST_LENGTH,
  LARGEST_SCALE,
  LEAST_BASE,
} from '../../server/positional/ranges';
import { commonRope } from '../../server/positional/layerSchemes';
import type { EncodingChange, Model } from '../../server/protocol';
import type { PanelString } from '../strings';
import { readNumber, readNumbers, type NumberLimits } from './readNumber';

/** What a change is made for: the model, and how long the text is. */
export interface Room {
  model: Pick<Model, 'contextLength' | 'heads' | 'position' | 'encodingModes'>;
  tokens: number;
}

/** A number, or for `list` one a head, that a change needs. */
export interface Field {
  /** The change's member. */
  name: 'scale' | 'seed' | 'by' | 'at' | 'base' | 'factor' | 'originalLength' | 'slopes';
  label: PanelString;
  limits: NumberLimits;
  list?: boolean;
  /** May be left empty. */
  optional?: boolean;
  /** What is not taken says this; `{0}` is {@link mostOf}. */
  problem: PanelString;
}

export interface Mode {
  /** null: as trained. */
  mode: EncodingChange['mode'] | null;
  title: PanelString;
  detail: PanelString;
  fields: readonly Field[];
}

const count = { whole: true, least: 0, above: false, step: 1 };
const countUpTo: Pick<Field, 'limits' | 'problem'> = {
  limits: count,
  problem: 'Write a whole number from 0 to {0}.',
};
const factor: Field = {
  name: 'factor',
  label: 'factor',
  limits: { whole: false, least: 1, above: false, step: 0.5 },
  problem: 'Write a number from 1 to {0}; 1 leaves the model as it is.',
};

/** What can be done to position, as trained first. */
export const MODES: readonly Mode[] = [
  {
    mode: null,
    title: 'as trained',
    detail: 'Every token at its own position.',
    fields: [],
  },
  {
    mode: 'off',
    title: 'off',
    detail: 'No token has a position: only the words are left.',
    fields: [],
  },
  {
    mode: 'scaled',
    title: 'scaled',
    detail: 'The encoding of position times a factor.',
    fields: [
      {
        name: 'scale',
        label: 'factor',
        limits: { whole: false, least: 0, above: true, step: 0.1 },
        problem: 'Write a number above 0, at most {0}; to remove position, choose off.',
      },
    ],
  },
  {
    mode: 'shuffled',
    title: 'shuffled',
    detail: 'The tokens of the text trade positions at random; special tokens stay.',
    fields: [{ name: 'seed', label: 'seed', ...countUpTo }],
  },
  {
    mode: 'reversed',
    title: 'reversed',
    detail: 'The tokens of the text in opposite order; special tokens stay.',
    fields: [],
  },
  {
    mode: 'shifted',
    title: 'shifted',
    detail: 'Every token some positions further on, as far as the model has any.',
    fields: [
      {
        name: 'by',
        label: 'by',
        limits: count,
        problem:
          'Write a whole number from 0 to {0}: that is how far this text can be shifted before the model’s positions end.',
      },
    ],
  },
  {
    mode: 'frozen',
    title: 'frozen',
    detail: 'Every token at one and the same position.',
    fields: [{ name: 'at', label: 'at', ...countUpTo }],
  },
  {
    mode: 'base',
    title: 'base',
    detail: 'RoPE with another base: a larger one turns more slowly.',
    fields: [
      {
        name: 'base',
        label: 'base',
        limits: { whole: false, least: LEAST_BASE, above: false, step: 1000 },
        problem: 'Write a number from 0.001 to 1e15 other than 1; 10000 is usual.',
      },
    ],
  },
  {
    mode: 'linear',
    title: 'linear',
    detail: 'RoPE’s positions closer by a factor (Chen et al. 2023).',
    fields: [factor],
  },
  {
    mode: 'ntk',
    title: 'NTK',
    detail: 'RoPE’s slow waves stretched by a factor, its fast ones kept (NTK-aware, bloc97 2023).',
    fields: [factor],
  },
  {
    mode: 'yarn',
    title: 'YaRN',
    detail:
      'RoPE’s slow waves interpolated by a factor, its fast ones kept, scores sharpened (Peng et al. 2023).',
    fields: [
      factor,
      {
        name: 'originalLength',
        label: 'original length',
        limits: { whole: true, least: 1, above: false, step: 1 },
        optional: true,
        problem: 'Write a whole number from 1 to {0}, or nothing for the model’s own.',
      },
    ],
  },
  {
    mode: 'slopes',
    title: 'slopes',
    detail: 'ALiBi with other slopes: what each head takes off a score for each token of distance.',
    fields: [
      {
        name: 'slopes',
        label: 'one a head',
        limits: { whole: false, least: 0, above: false, step: 0.01 },
        list: true,
        problem: 'Write {0} numbers from 0, one for each head, with spaces between them.',
      },
    ],
  },
];

/** How each change is called. */
export const MODE_NAMES = Object.fromEntries(
  MODES.map(({ mode, title }) => [mode, title]),
) as Readonly<Record<EncodingChange['mode'], PanelString>>;

/** What can be done to a model's position, as trained first; nothing but that where nothing can. */
export function modesOf({ encodingModes }: Room['model']): Mode[] {
  return MODES.filter(({ mode }) => mode === null || encodingModes.includes(mode));
}

/** The members of a change, as its fields show them; empty where it has none. */
export function textsOf(change: EncodingChange | null): { readonly [name: string]: string } {
  const members = Object.entries(change ?? {}).filter(([name]) => name !== 'mode');
  return Object.fromEntries(
    members.map(([name, value]) => [name, Array.isArray(value) ? value.join(' ') : String(value)]),
  );
}

/** What a mode begins with: something that is seen to change the model. */
export function firstChange(mode: Mode['mode'], { model }: Room): EncodingChange | null {
  const { position } = model;
  switch (mode) {
    case null:
      return null;
    case 'off':
    case 'reversed':
      return { mode };
    case 'scaled':
      return { mode, scale: 0.5 };
    case 'shuffled':
      return { mode, seed: 1 };
    case 'shifted':
      return { mode, by: 1 };
    case 'frozen':
      return { mode, at: 0 };
    case 'base':
      return { mode, base: 10 * (commonRope(position)?.base ?? 10_000) };
    case 'linear':
    case 'ntk':
    case 'yarn':
      return { mode, factor: 4 };
    case 'slopes':
      return {
        mode,
        slopes: (position.kind === 'alibi' ? position.slopes : []).map((slope) => slope / 2),
      };
  }
}

/** The change with one of its fields as a person wrote it, or null where that cannot be taken. */
export function withField(
  change: EncodingChange,
  field: Field,
  text: string,
  room: Room,
): EncodingChange | null {
  const { name, optional, list, limits } = field;
  if (optional && text.trim() === '') {
    const members = Object.entries(change).filter(([member]) => member !== name);
    return Object.fromEntries(members) as EncodingChange;
  }
  const most = mostOf(field, room);
  const value = list ? readNumbers(text, limits, most) : readNumber(text, limits, most);
  if (value === null || (name === 'base' && value === 1)) return null;
  return { ...change, [name]: value };
}

/** The largest number of a field, for a list how many it takes; Infinity without a limit. */
export function mostOf({ name }: Field, { model, tokens }: Room): number {
  switch (name) {
    case 'by':
      return Math.max(0, model.contextLength - tokens);
    case 'at':
      return model.contextLength - 1;
    case 'seed':
      return 2 ** 32 - 1;
    case 'factor':
      return LARGEST_FACTOR;
    case 'originalLength':
      return LARGEST_LENGTH;
    case 'slopes':
      return model.heads;
    case 'scale':
      return LARGEST_SCALE;
    case 'base':
      return LARGEST_BASE;
  }
}
