import type { PositionScheme } from '../../server/protocol';
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
};

/** The scheme's name; one that is not known by name says so. */
export function schemeName({ kind }: PositionScheme): string {
  const name: PanelString | undefined = NAMES[kind];
  return name === undefined ? t('Scheme not recognised: {0}', String(kind)) : t(name);
}

/** The numbers that belong to the scheme: base, scaling, length of the table. */
export function schemeDetails({ kind: _, ...details }: PositionScheme): string[] {
  return Object.entries(details)
    .filter(([, value]) => ['number', 'string'].includes(typeof value))
    .map(([name, value]) => `${name} ${String(value)}`);
}

/** Why nothing is drawn and what still works, or null where there is something to draw. */
export function nothingToDraw({
  scheme,
  matrix,
  wavelengths,
  slopes,
}: PanelPosition): string | null {
  if (matrix ?? wavelengths ?? slopes) return null;
  if (scheme.kind === 'none')
    return t(
      'This model has no positional encoding: there is nothing to draw, and nothing that the laboratory could change. Hover, overlay and heatmap work as for any model.',
    );
  return t(
    'The positional encoding of this model is not recognised, so that it cannot be drawn or changed. Hover, overlay and heatmap work as for any model.',
  );
}

/** Whether a table is added to the input, so that a scale factor means something. */
export function isAdditive({ kind }: PositionScheme): boolean {
  return kind === 'learned' || kind === 'sinusoidal';
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
    default:
      return name;
  }
}
