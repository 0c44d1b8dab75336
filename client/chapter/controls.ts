/** The Chapter model's controls and what each may be, in the person's language. */
import {
  ENCODINGS,
  HEAD_COUNTS,
  SCALE_VARIANTS,
  SIMILARITIES,
  WIRINGS,
  type ChapterSettings,
} from '../../server/chapter/controls';
import type { Translate } from '../translate';

export interface ControlValue {
  label: string;
  detail?: string;
  current: boolean;
  change: Partial<ChapterSettings>;
}

export interface Control {
  label: string;
  /** The value in use. */
  shown: string;
  /** `scale`: any number above 0, asked for in a box. */
  values: ControlValue[] | 'scale';
}

/** All controls in the order of the chapter's pipeline, with the values in use. */
export function controls(settings: ChapterSettings, translate: Translate): Control[] {
  const texts = textsOf(translate);
  const control = <N extends keyof ChapterSettings>(
    name: N,
    label: string,
    values: readonly ChapterSettings[N][],
    text: (value: ChapterSettings[N]) => [label: string, detail?: string],
  ): Control => ({
    label,
    shown: text(settings[name])[0],
    values: values.map((value) => ({
      label: text(value)[0],
      detail: text(value)[1],
      current: value === settings[name],
      change: { [name]: value },
    })),
  });
  return [
    control('encoding', translate('Positional encoding'), ENCODINGS, (v) => texts.encoding[v]),
    { label: translate('Scale factor'), shown: String(settings.scale), values: 'scale' },
    control('scaleVariant', translate('Scaling'), SCALE_VARIANTS, (v) => texts.scaleVariant[v]),
    control('similarity', translate('Similarity'), SIMILARITIES, (v) => texts.similarity[v]),
    control('heads', translate('Heads'), HEAD_COUNTS, (v) => [String(v)]),
    control('causal', translate('Causal mask'), [false, true], (v) => [
      v ? translate('on') : translate('off'),
    ]),
    control('wiring', translate('Wiring'), WIRINGS, (v) => texts.wiring[v]),
  ];
}

type Texts = {
  [N in 'encoding' | 'scaleVariant' | 'similarity' | 'wiring']: Record<
    ChapterSettings[N],
    [label: string, detail?: string]
  >;
};

function textsOf(translate: Translate): Texts {
  return {
    encoding: {
      none: [translate('none')],
      sinusoidal: [translate('sinusoidal')],
      learned: [translate('learned'), translate("The bundled model's own table.")],
      rope: ['RoPE', translate('Queries and keys are rotated by their position.')],
      alibi: ['ALiBi', translate('Each token of distance takes something off the score.')],
    },
    scaleVariant: {
      usual: [translate('usual: s · PE')],
      chapter: [translate("the chapter's: [sin(s · PE), cos(s · PE)]")],
    },
    similarity: {
      dot: [translate('dot product'), 'q · k'],
      scaledDot: [translate('scaled dot product'), 'q · k / √d_k'],
      additive: [translate('additive'), 'v · tanh(W_q q + W_k k)'],
    },
    wiring: {
      formula: [
        translate('as the formula'),
        translate('Attention sees input + encoding; its output is joined with their sum.'),
      ],
      words: [
        translate('as the words'),
        translate('Attention sees input + encoding; its output is joined with the encoding.'),
      ],
      diagram: [
        translate('as the diagram'),
        translate('Attention sees the input alone; its output is joined with the encoding.'),
      ],
    },
  };
}
