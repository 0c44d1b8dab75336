import { firstNumbers } from '../../chapter/stageCard';
import { compact, percent, tokenText } from '../../format';
import type { PanelStages } from '../../protocol';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { encodingName, windowName } from '../../views/sentence';
import { drawStrip } from '../drawStrip';
import { drawTable } from '../drawTable';
import type { Exportable } from '../exportable';
import { SMALL, type Figure } from '../figure';
import { countedAxis, fieldAxis, type Axis, type NumberTable } from '../table';

const WIDTH = 860;
const COLUMNS = { title: 190, shape: 110, strip: 220 };
const ROW = 20;
const SMALL_ROW = 7;

/** The chapter's pipeline for one token: its tensors as strips, and all their numbers. */
export function chapterExport(session: Session, stages: PanelStages, title: string): Exportable {
  const name = tokenText(session.tokens?.texts[stages.token] ?? '');
  return {
    title,
    heading: [
      `“${name}” ${stages.token}`,
      session.model?.name ?? '',
      encodingName(session.selection.encoding),
      windowName(session),
    ]
      .filter((part) => part)
      .join(' · '),
    width: WIDTH,
    tables: () => Promise.resolve(tables(stages)),
    draw: (figure) => Promise.resolve(draw(figure, session, stages)),
  };
}

function draw(figure: Figure, session: Session, { pair, token, stages }: PanelStages): number {
  let y = pair ? drawPair(figure, session, pair, token) : figure.y;
  for (const [at, stage] of stages.entries()) {
    y = figure.caption(figure.x, y, `${at + 1}  ${stage.title}`, figure.width);
    for (const tensor of stage.tensors) y = drawTensor(figure, tensor, y);
    y += 8;
  }
  return y;
}

function drawTensor(
  figure: Figure,
  tensor: PanelStages['stages'][number]['tensors'][number],
  y: number,
): number {
  const { svg, theme, mono, x } = figure;
  const { title, shape, values, sliceShape } = tensor;
  const columns = sliceShape.at(-1) ?? values.length;
  const rows = columns > 0 ? Math.floor(values.length / columns) : 0;
  const height = rows > 1 ? rows * SMALL_ROW : 14;
  svg.fittedText(x, y + 11, title, COLUMNS.title - 8, { fill: theme.foreground, size: SMALL });
  svg.text(x + COLUMNS.title, y + 11, `[${shape.join(', ')}]`, {
    fill: theme.muted,
    size: SMALL,
    family: mono,
  });
  const strip = x + COLUMNS.title + COLUMNS.shape;
  drawStrip(figure, { x: strip, y, width: COLUMNS.strip, height }, values, columns);
  const after = strip + COLUMNS.strip + 12;
  svg.fittedText(after, y + 11, firstNumbers(values), x + figure.width - after, {
    fill: theme.foreground,
    size: SMALL,
    family: mono,
  });
  return y + Math.max(ROW, height + 6);
}

function drawPair(
  figure: Figure,
  session: Session,
  { key, heads }: NonNullable<PanelStages['pair']>,
  token: number,
): number {
  const name = (at: number): string => tokenText(session.tokens?.texts[at] ?? '');
  const heading = t('{0} reads {1}, step by step', name(token), name(key));
  const y = figure.caption(figure.x, figure.y, heading, figure.width);
  const bottom = drawTable(
    figure,
    figure.x,
    y,
    [
      { title: t('head'), width: 50, kind: 'number' },
      { title: t('similarity'), width: 100, kind: 'number' },
      { title: t('scaled'), width: 100, kind: 'number' },
      { title: t('weight'), width: 100, kind: 'number' },
      { title: t('weight · value'), width: 460, kind: 'name' },
    ],
    heads.map(({ head, similarity, scaled, weight, contribution }) => [
      String(head),
      compact(similarity),
      scaled === null ? t('masked') : compact(scaled),
      percent(weight),
      firstNumbers(contribution),
    ]),
  );
  return bottom + 14;
}

/** Every tensor under a name of its own; what several stages share is written once for each. */
function tables({ stages, pair }: PanelStages): NumberTable[] {
  const used = new Set<string>();
  const found = stages.flatMap(({ stage, tensors }) =>
    tensors.map((tensor): NumberTable => {
      const plain = `${stage}-${tensor.name}`.replace(/[^\w.-]+/g, '_');
      let name = plain;
      for (let again = 2; used.has(name); again++) name = `${plain}-${again}`;
      used.add(name);
      return { name, title: tensor.title, unit: '', axes: axesOf(tensor), values: tensor.values };
    }),
  );
  if (!pair) return found;
  const fields = ['similarity', 'scaled', 'weight'];
  return [
    ...found,
    {
      name: 'pair',
      title: t('How the weight of the pair comes about in each head'),
      unit: '',
      axes: [countedAxis('head', pair.heads.length), fieldAxis('field', fields)],
      values: Float32Array.from(
        pair.heads.flatMap(({ similarity, scaled, weight }) => [similarity, scaled ?? NaN, weight]),
      ),
    },
  ];
}

function axesOf({
  sliceShape,
  sliceAxes,
  values,
}: PanelStages['stages'][number]['tensors'][number]): Axis[] {
  if (sliceShape.length === 0) return [countedAxis('value', values.length)];
  return sliceShape.map((size, at) => countedAxis(sliceAxes[at] ?? 'axis', size));
}
