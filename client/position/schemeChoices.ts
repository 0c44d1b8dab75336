/** What can be done to RoPE and to ALiBi alone. */
import { commonRope } from '../../server/positional/layerSchemes';
import {
  LARGEST_BASE,
  LARGEST_FACTOR,
  LARGEST_LENGTH,
  LARGEST_SLOPE,
  LEAST_BASE,
} from '../../server/positional/ranges';
import type { EncodingChange, Model } from '../../server/protocol';
import type { Translate } from '../translate';
import type { Question } from './choices';

interface SchemeChoice {
  mode: EncodingChange['mode'];
  label: string;
  detail: string;
  change: Question;
}

/** All of them, whatever the model takes; each asks for its numbers. */
export function schemeChoices(
  model: Pick<Model, 'heads' | 'position'>,
  current: EncodingChange | null,
  translate: Translate,
): SchemeChoice[] {
  return [
    base(model, current, translate),
    {
      mode: 'linear',
      label: translate('RoPE: Linear …'),
      detail: translate('RoPE’s positions closer by a factor (Chen et al. 2023).'),
      change: factor('linear', current, translate),
    },
    {
      mode: 'ntk',
      label: translate('RoPE: NTK …'),
      detail: translate(
        'RoPE’s slow waves stretched by a factor, its fast ones kept (NTK-aware, bloc97 2023).',
      ),
      change: factor('ntk', current, translate),
    },
    yarn(current, translate),
    slopes(model, current, translate),
  ];
}

function base(
  { position }: Pick<Model, 'position'>,
  current: EncodingChange | null,
  translate: Translate,
): SchemeChoice {
  const trained = commonRope(position)?.base ?? 10_000;
  return {
    mode: 'base',
    label: translate('RoPE: Base …'),
    detail: translate('RoPE with another base: a larger one turns more slowly.'),
    change: {
      prompt: translate('Base of the frequencies; {0} is as trained', trained),
      value: String(current?.mode === 'base' ? current.base : 10 * trained),
      problem: (text) => {
        const [value, ...more] = numbersOf(text);
        return more.length === 0 && isBase(value)
          ? undefined
          : translate('Write a number from 0.001 to 1e15 other than 1; 10000 is usual.');
      },
      change: (text) => ({ mode: 'base', base: Number(text) }),
    },
  };
}

function factor(
  mode: 'linear' | 'ntk',
  current: EncodingChange | null,
  translate: Translate,
): Question {
  return {
    prompt: translate('Factor from 1; 1 is as trained'),
    value: String(current?.mode === mode ? current.factor : 4),
    problem: (text) => {
      const [value, ...more] = numbersOf(text);
      return more.length === 0 && isFactor(value)
        ? undefined
        : translate('Write a number from 1 to {0}; 1 leaves the model as it is.', LARGEST_FACTOR);
    },
    change: (text) => ({ mode, factor: Number(text) }),
  };
}

function yarn(current: EncodingChange | null, translate: Translate): SchemeChoice {
  const shown =
    current?.mode === 'yarn'
      ? [current.factor, current.originalLength ?? ''].join(' ').trim()
      : '4';
  return {
    mode: 'yarn',
    label: translate('RoPE: YaRN …'),
    detail: translate(
      'RoPE’s slow waves interpolated by a factor, its fast ones kept, scores sharpened (Peng et al. 2023).',
    ),
    change: {
      prompt: translate(
        'Factor from 1, and if you like after a space the length of texts it was trained on',
      ),
      value: shown,
      problem: (text) => {
        const [value, length, ...more] = numbersOf(text);
        const fits =
          length === undefined ||
          (Number.isInteger(length) && length >= 1 && length <= LARGEST_LENGTH);
        return more.length === 0 && isFactor(value) && fits
          ? undefined
          : translate('Write a factor from 1, or a factor and a whole number of positions.');
      },
      change: (text) => {
        const [value = 1, length] = numbersOf(text);
        return {
          mode: 'yarn',
          factor: value,
          ...(length === undefined ? {} : { originalLength: length }),
        };
      },
    },
  };
}

function slopes(
  { heads, position }: Pick<Model, 'heads' | 'position'>,
  current: EncodingChange | null,
  translate: Translate,
): SchemeChoice {
  const trained = position.kind === 'alibi' ? position.slopes : [];
  const shown = current?.mode === 'slopes' ? current.slopes : trained.map((slope) => slope / 2);
  return {
    mode: 'slopes',
    label: translate('ALiBi: Slopes …'),
    detail: translate(
      'ALiBi with other slopes: what each head takes off a score for each token of distance.',
    ),
    change: {
      prompt: translate('One slope a head'),
      value: shown.join(' '),
      problem: (text) => {
        const numbers = numbersOf(text);
        return numbers.length === heads &&
          numbers.every((each) => each >= 0 && each <= LARGEST_SLOPE)
          ? undefined
          : translate(
              'Write {0} numbers from 0, one for each head, with spaces between them.',
              heads,
            );
      },
      change: (text) => ({ mode: 'slopes', slopes: numbersOf(text) }),
    },
  };
}

/** The finite numbers of a text; NaN for each word that is none. */
function numbersOf(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map((word) => (Number.isFinite(Number(word)) ? Number(word) : NaN));
}

function isBase(value: number | undefined): boolean {
  return value !== undefined && value >= LEAST_BASE && value <= LARGEST_BASE && value !== 1;
}

function isFactor(value: number | undefined): boolean {
  return value !== undefined && value >= 1 && value <= LARGEST_FACTOR;
}
