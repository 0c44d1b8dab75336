import { layersByScheme } from '../../server/positional/layerSchemes';
import type {
  EncodingChange,
  LayerScheme,
  Model,
  PositionScheme,
  RopeScheme,
} from '../../server/protocol';
import { compact } from '../format';
import { MODE_NAMES } from '../laboratory/modes';
import type { PanelPosition } from '../protocol';
import type { PanelString } from '../strings';
import { t } from '../text';

const NAMES: { readonly [kind in PositionScheme['kind']]: PanelString } = {
  learned: 'Learned table of positions',
  sinusoidal: 'Sinusoidal encoding (Vaswani et al. 2017)',
  rope: 'Rotary encoding, RoPE (Su et al. 2021)',
  alibi: 'Linear biases, ALiBi (Press et al. 2021)',
  relative: 'Relative position bias',
  none: 'No positional encoding',
  unknown: 'Scheme not recognised',
  perLayer: 'Layers with encodings of their own',
};

/** Details with a name of their own. */
const DETAILS: { readonly [detail: string]: PanelString } = {
  base: 'base {0}',
  pairing: 'pairs {0}',
  dimensions: '{0} dimensions of a head turn',
  trainedLength: 'trained on {0} positions',
  scale: 'scale {0}',
  scaleVariant: 'variant {0}',
  factor: 'rows × {0}',
};

/** Which columns of a head turn together. */
const PAIRINGS: { readonly [pairing: string]: PanelString } = {
  halfSplit: 'j and j + half',
  interleaved: '2j and 2j + 1',
};

export function schemeName({ kind }: PositionScheme): string {
  return t(NAMES[kind]);
}

/** The numbers that belong to the scheme: base, scaling, length of the table. */
export function schemeDetails(scheme: LayerScheme): string[] {
  const named = Object.entries(scheme).flatMap(([name, value]: [string, unknown]) => {
    const words = DETAILS[name];
    if (!words || (typeof value !== 'number' && typeof value !== 'string')) return [];
    return [t(words, detail(value))];
  });
  return scheme.kind === 'rope' ? [...named, ...ropeScaling(scheme.scaling)] : named;
}

/** Counts as they are: a rounded one would be another model's. */
function detail(value: number | string): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : compact(value);
  const words = PAIRINGS[value];
  return words ? t(words) : value;
}

/** As trained: interpolated or not. */
function ropeScaling(scaling: RopeScheme['scaling']): string[] {
  if (scaling.kind === 'default') return [];
  return [t('{0} × {1}', scaling.kind, scaling.factor)];
}

/** A scheme in a word or two, for a list. */
export function schemeShort(scheme: LayerScheme): string[] {
  if (scheme.kind === 'rope') return [t('RoPE, base {0}', compact(scheme.base))];
  if (scheme.kind === 'none') return [t('no position')];
  return scheme.kind === 'alibi' ? ['ALiBi'] : [];
}

/** How large the learned table of distances is, and which layers have it. */
export function biasDetails({ bias }: PanelPosition): string[] {
  if (!bias) return [];
  const rows = new Set(bias.buckets).size;
  return [
    t('{0} numbers a head', rows),
    t('distances up to {0}', bias.reach),
    bias.layers.length > 1
      ? t('the same in {0} layers', bias.layers.length)
      : t('of this layer alone'),
  ];
}

/** Why nothing is drawn and what still works, or null where there is something to draw. */
export function nothingToDraw(
  { scheme, matrix, wavelengths, slopes, bias }: PanelPosition,
  model: Pick<Model, 'position' | 'encodingModes'> | null,
): string | null {
  if (matrix ?? wavelengths ?? slopes ?? bias) return null;
  if (scheme.kind === 'none')
    return model?.position.kind === 'perLayer'
      ? t(
          'This layer has no positional encoding: it knows of position only what the layers before it have put into the words. Choose another layer.',
        )
      : t(
          'This model has no positional encoding: there is nothing to draw, and nothing that the laboratory could change. Hover, overlay and heatmap work as for any model.',
        );
  const why = t(
    'The positional encoding of this model is not recognised, so that it cannot be drawn.',
  );
  return `${why} ${whatWorks(model?.encodingModes ?? [])}`;
}

function whatWorks(modes: readonly EncodingChange['mode'][]): string {
  return modes.length > 0
    ? t(
        'The laboratory can still change it ({0}), and hover, overlay and heatmap work as for any model.',
        modes.map((mode) => t(MODE_NAMES[mode])).join(', '),
      )
    : t(
        'It takes no positions from outside, so that the laboratory cannot change them; hover, overlay and heatmap work as for any model.',
      );
}

/** Whether a table is added to the input, so that a scale factor means something. */
export function isAdditive(
  scheme: LayerScheme,
): scheme is Extract<LayerScheme, { kind: 'learned' | 'sinusoidal' }> {
  return scheme.kind === 'learned' || scheme.kind === 'sinusoidal';
}

/** What the view shows of a scheme, as the beginning of a sentence. */
export function schemeSentence(scheme: PositionScheme): string {
  const name = schemeName(scheme);
  switch (scheme.kind) {
    case 'learned':
    case 'sinusoidal':
      return t('{0}: each row is the position of a token, each column a dimension', name);
    case 'rope':
      return t('{0}: cosine and sine of the angle by which a pair of dimensions is turned', name);
    case 'alibi':
      return t('{0}: how much each head takes off a score by distance', name);
    case 'relative':
      return t('{0}: what each head adds to a score by distance', name);
    case 'perLayer':
      return `${name}: ${layersByScheme(scheme).map(told).join('; ')}`;
    default:
      return name;
  }
}

function told({ scheme, layers }: ReturnType<typeof layersByScheme>[number]): string {
  const [short = schemeName(scheme)] = schemeShort(scheme);
  if (layers === null) return short;
  const one = /^\d+$/.test(layers);
  return t(one ? 'layer {0}: {1}' : 'layers {0}: {1}', layers, short);
}
