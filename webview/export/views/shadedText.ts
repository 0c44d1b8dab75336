import type { WeightScale } from '../../color/scale';
import { percentTick, tokenText } from '../../format';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { look, type Directions, type Shades } from '../../text/shades';
import { weightAt } from '../../text/textLegend';
import { heading } from '../about';
import type { Exportable } from '../exportable';
import { SMALL, type Figure } from '../figure';
import { fieldAxis, namedAxis, type NumberTable } from '../table';

/** A piece of the text as it is laid out, CSS pixels from the text's corner. */
export interface TextPiece {
  segment: number;
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** Whether its letters run from right to left. */
  leftward: boolean;
  chosen: boolean;
}

export interface TextPicture {
  session: Session;
  title: string;
  texts: readonly string[];
  token: number | null;
  /** The last one where several are one query. */
  last: number | null;
  pieces: readonly TextPiece[];
  /** CSS pixels of the text. */
  width: number;
  height: number;
  fontSize: number;
  shades: Shades | null;
  scale: WeightScale | null;
  directions: Directions;
  /** Both rows by token. */
  weights: { reads: Float32Array; readBy: Float32Array } | null;
}

/** Places on the scale that the legend shows. */
const PLACES = [0.15, 0.5, 1];

/** The window's text with its shades, and both rows of the token they are of. */
export function textExport(picture: TextPicture): Exportable {
  const { session, token, last, texts } = picture;
  const text = (at: number): string => tokenText(texts[at] ?? '');
  const name =
    token === null
      ? ''
      : last === null
        ? `“${text(token)}” ${token} · `
        : `“${text(token)} … ${text(last)}” ${token}–${last} · `;
  return {
    title: picture.title,
    heading: `${name}${heading(session)}`,
    width: Math.max(360, picture.width),
    tables: () => Promise.resolve(picture.weights ? [rowsTable(picture, picture.weights)] : []),
    draw: (figure) => Promise.resolve(draw(figure, picture)),
  };
}

function draw(figure: Figure, picture: TextPicture): number {
  const { svg, theme, mono } = figure;
  const { pieces, shades, scale } = picture;
  if (shades) for (const piece of pieces) drawShade(figure, piece, shades);
  for (const { text, x, y, width, height, leftward, chosen } of pieces) {
    const left = figure.x + x;
    const top = figure.y + y;
    if (chosen) svg.rect(left, top, width, height, { stroke: theme.foreground, width: 2 });
    svg.text(leftward ? left + width : left, top + height * 0.66, text, {
      fill: theme.foreground,
      size: picture.fontSize,
      family: mono,
      ...(leftward ? { anchor: 'end' as const } : {}),
    });
  }
  const bottom = figure.y + picture.height;
  return scale ? drawLegend(figure, bottom + 14, scale, picture.directions) : bottom;
}

function drawShade(
  { svg, theme, x: left, y: top }: Figure,
  { segment, x, y, width, height }: TextPiece,
  { reads, readBy }: Shades,
): void {
  const read = reads[segment] ?? 0;
  if (read > 0)
    svg.rect(left + x, top + y, width, height, {
      fill: theme.reads,
      opacity: look.fillOpacity(read, theme),
    });
  const reader = readBy[segment] ?? 0;
  if (reader <= 0) return;
  const bar = look.barHeight(reader);
  svg.rect(left + x, top + y + height - bar, width, bar, {
    fill: theme.readBy,
    opacity: look.barOpacity(reader),
  });
}

function drawLegend(
  { svg, theme, x: start }: Figure,
  y: number,
  scale: WeightScale,
  directions: Directions,
): number {
  let x = start;
  for (const direction of ['reads', 'readBy'] as const) {
    if (directions !== 'both' && directions !== direction) continue;
    const name = direction === 'reads' ? t('reads') : t('read by');
    svg.text(x, y + 14, name, { fill: theme.foreground, size: SMALL, weight: 'bold' });
    x += svg.measure(name, SMALL, svg.family) + 14;
    for (const place of PLACES) {
      const text = percentTick(weightAt(scale, place));
      const width = svg.measure(text, SMALL, svg.family) + 14;
      if (direction === 'reads')
        svg.rect(x, y, width, 20, { fill: theme.reads, opacity: look.fillOpacity(place, theme) });
      else {
        const bar = look.barHeight(place);
        svg.rect(x, y + 20 - bar, width, bar, {
          fill: theme.readBy,
          opacity: look.barOpacity(place),
        });
      }
      svg.text(x + 7, y + 13, text, { fill: theme.foreground, size: SMALL });
      x += width + 6;
    }
    x += 16;
  }
  return y + 22;
}

function rowsTable(
  { texts, token, last }: TextPicture,
  { reads, readBy }: { reads: Float32Array; readBy: Float32Array },
): NumberTable {
  const values = new Float32Array(2 * texts.length);
  texts.forEach((_, at) => values.set([reads[at] ?? 0, readBy[at] ?? 0], 2 * at));
  return {
    name: 'rows',
    title:
      last === null
        ? t('What token {0} reads, and what reads it', token ?? '')
        : t('What tokens {0} to {1} read, and what reads them', token ?? '', last),
    unit: 'weight',
    axes: [namedAxis('token', texts), fieldAxis('direction', ['reads', 'read by'])],
    values,
  };
}
