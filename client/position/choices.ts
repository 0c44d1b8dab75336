/** What can be done to position, and the numbers that some of it needs. */
import { LARGEST_SCALE } from '../../server/positional/ranges';
import type { EncodingChange, Model } from '../../server/protocol';
import type { Translate } from '../translate';
import { changeLabel } from './label';
import { schemeChoices } from './schemeChoices';

/** A number that a change needs: asked for in an input box. */
export interface Question {
  prompt: string;
  /** What the box holds at first. */
  value: string;
  /** One clear sentence when the text is no such number; undefined when it is. */
  problem: (text: string) => string | undefined;
  /** For a text that has no problem. */
  change: (text: string) => EncodingChange;
}

export interface ChangeChoice {
  label: string;
  detail: string;
  /** How it is named when it is shown now. */
  current: string | undefined;
  /** null: as trained; where there is a question, its answer is the change. */
  change: EncodingChange | null | Question;
}

export function isQuestion(change: ChangeChoice['change']): change is Question {
  return change !== null && 'prompt' in change;
}

/** The laboratory's choices for a model: as trained first, then what can change it. */
export function changeChoices(
  model: Pick<Model, 'contextLength' | 'heads' | 'position' | 'encodingModes'>,
  current: EncodingChange | null,
  translate: Translate,
): ChangeChoice[] {
  const mode = current?.mode ?? null;
  const shown = (of: EncodingChange['mode'] | null): string | undefined =>
    of === mode ? (current ? changeLabel(current, translate) : translate('shown now')) : undefined;
  const last = model.contextLength - 1;
  const everywhere: Offer[] = [
    {
      mode: null,
      label: translate('As trained'),
      detail: translate('Every token at its own position.'),
      current: shown(null),
      change: null,
    },
    {
      mode: 'off',
      label: translate('Off'),
      detail: translate('No token has a position: only the words are left.'),
      current: shown('off'),
      change: { mode: 'off' },
    },
    {
      mode: 'scaled',
      label: translate('Scaled …'),
      detail: translate('The encoding of position times a factor.'),
      current: shown('scaled'),
      change: {
        prompt: translate('Factor, a number above 0; 1 is as trained'),
        value: current?.mode === 'scaled' ? String(current.scale) : '0.5',
        problem: (text) =>
          isScale(text)
            ? undefined
            : translate(
                'Write a number above 0, at most {0}; to remove position, choose Off.',
                LARGEST_SCALE,
              ),
        change: (text) => ({ mode: 'scaled', scale: Number(text) }),
      },
    },
    {
      mode: 'shuffled',
      label: translate('Shuffled …'),
      detail: translate('The tokens of the text trade positions at random; special tokens stay.'),
      current: shown('shuffled'),
      change: {
        prompt: translate('Seed, a whole number; the same seed gives the same order'),
        value: current?.mode === 'shuffled' ? String(current.seed) : '1',
        ...wholeNumber(MAX_SEED, translate),
        change: (text) => ({ mode: 'shuffled', seed: Number(text) }),
      },
    },
    {
      mode: 'reversed',
      label: translate('Reversed'),
      detail: translate('The tokens of the text in opposite order; special tokens stay.'),
      current: shown('reversed'),
      change: { mode: 'reversed' },
    },
    {
      mode: 'shifted',
      label: translate('Shifted …'),
      detail: translate('Every token some positions further on, as far as the model has any.'),
      current: shown('shifted'),
      change: {
        prompt: translate('Positions to shift by'),
        value: current?.mode === 'shifted' ? String(current.by) : '1',
        ...wholeNumber(last, translate),
        change: (text) => ({ mode: 'shifted', by: Number(text) }),
      },
    },
    {
      mode: 'frozen',
      label: translate('Frozen …'),
      detail: translate('Every token at one and the same position.'),
      current: shown('frozen'),
      change: {
        prompt: translate('Position of all tokens'),
        value: current?.mode === 'frozen' ? String(current.at ?? 0) : '0',
        ...wholeNumber(last, translate),
        change: (text) => ({ mode: 'frozen', at: Number(text) }),
      },
    },
  ];
  const schemes = schemeChoices(model, current, translate).map((offer) => ({
    ...offer,
    current: shown(offer.mode),
  }));
  return [...everywhere, ...schemes].filter(
    ({ mode: offered }) => offered === null || model.encodingModes.includes(offered),
  );
}

/** A choice and the mode it stands for; null: as trained. */
interface Offer extends ChangeChoice {
  mode: EncodingChange['mode'] | null;
}

/** Seeds count by their lower 32 bits. */
const MAX_SEED = 2 ** 32 - 1;

/** Whether a text is a number that an encoding can be scaled by. */
export function isScale(text: string): boolean {
  const value = Number(text);
  return text.trim() !== '' && value > 0 && value <= LARGEST_SCALE;
}

function wholeNumber(largest: number, translate: Translate): Pick<Question, 'problem'> {
  return {
    problem: (text) =>
      /^\s*\d+\s*$/.test(text) && Number(text) <= largest
        ? undefined
        : translate('Write a whole number from 0 to {0}.', largest),
  };
}
