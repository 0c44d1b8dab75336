import { tokenText, compact } from '../../format';
import { addend, addingUp, bySize, decimals, rootDivisor } from '../../explain/arithmetic';
import type { Cell } from '../../map/viewport';
import type { PanelExplanation } from '../../protocol';
import type { Session } from '../../session/session';
import { t } from '../../text';
import { encodingName, windowName } from '../../views/sentence';
import { drawStrip } from '../drawStrip';
import { drawTable } from '../drawTable';
import type { Exportable } from '../exportable';
import { SMALL, type Figure } from '../figure';
import { countedAxis, fieldAxis, namedAxis, type NumberTable } from '../table';

const LISTED = 12;
const PRODUCT_DIGITS = 5;
const SCORE_DIGITS = 4;
const WIDTH = 860;
const COLUMN = 410;

export interface ExplainedWeight {
  session: Session;
  title: string;
  explanation: PanelExplanation;
  pair: Cell;
  layer: number;
  head: number;
}

/** One weight taken apart, as it is shown. */
export function explanationExport(weight: ExplainedWeight): Exportable {
  const { session, pair, layer, head } = weight;
  return {
    title: weight.title,
    heading: [
      `${nameOf(session, pair.query)} ${t('reads')} ${nameOf(session, pair.key)}: ${decimals(weight.explanation.weight * 100, 2)} %`,
      t('Layer {0}, head {1}', layer, head),
      encodingName(session.selection.encoding),
      windowName(session),
    ]
      .filter((part) => part !== null)
      .join(' · '),
    width: WIDTH,
    tables: () => Promise.resolve(tables(weight)),
    draw: (figure) =>
      Promise.resolve(
        Math.max(
          drawProducts(figure, weight),
          drawSoftmax(figure, weight, drawScore(figure, weight)),
        ),
      ),
  };
}

function nameOf({ tokens }: Session, token: number): string {
  return `${tokenText(tokens?.texts[token] ?? '')} ${token}`;
}

function drawProducts(figure: Figure, { explanation }: ExplainedWeight): number {
  const { query, key, products, dot, additive } = explanation;
  let y = figure.caption(
    figure.x,
    figure.y,
    additive
      ? t('v · tanh(query + key), dimension by dimension')
      : t('Query times key, dimension by dimension'),
    COLUMN,
  );
  for (const [name, values] of [
    [t('query'), query],
    [t('key'), key],
  ] as const) {
    figure.svg.text(figure.x, y + 11, name, { fill: figure.theme.muted, size: SMALL });
    drawStrip(
      figure,
      { x: figure.x + 50, y, width: COLUMN - 60, height: 14 },
      values,
      values.length,
    );
    y += 20;
  }
  const terms = bySize(products);
  const listed = terms.slice(0, LISTED);
  const rest = terms.slice(LISTED);
  const printed = addingUp(
    [
      ...listed.map(({ product }) => product),
      ...(rest.length > 0 ? [rest.reduce((sum, { product }) => sum + product, 0)] : []),
    ],
    PRODUCT_DIGITS,
  );
  const most = Math.abs(terms[0]?.product ?? 0) || 1;
  const sums = (at: number): string[] => [
    decimals(printed[at]?.term ?? 0, PRODUCT_DIGITS),
    decimals(printed[at]?.sum ?? 0, PRODUCT_DIGITS),
  ];
  const rows = listed.map(({ dimension, product }, at) => [
    String(dimension),
    compact(query[dimension] ?? NaN),
    compact(key[dimension] ?? NaN),
    product / most,
    ...sums(at),
  ]);
  if (rest.length > 0) rows.push(['', '', '', t('… {0} more', rest.length), ...sums(LISTED)]);
  rows.push(['', '', '', additive ? t('similarity') : 'q·k', '', decimals(dot, PRODUCT_DIGITS)]);
  return drawTable(
    figure,
    figure.x,
    y + 4,
    [
      { title: t('dim.'), width: 40, kind: 'number' },
      { title: t('query'), width: 66, kind: 'number' },
      { title: t('key'), width: 66, kind: 'number' },
      { title: '', width: 92, kind: 'signedBar' },
      { title: t('product'), width: 70, kind: 'number' },
      { title: t('sum'), width: 70, kind: 'number' },
    ],
    rows,
    new Set([rows.length - 1]),
  );
}

function drawScore(figure: Figure, { explanation }: ExplainedWeight): number {
  const { dot, scale, bias, score, masked } = explanation;
  const x = figure.x + COLUMN + 30;
  const divisor = rootDivisor(scale);
  const scaled =
    scale === 1 ? '' : divisor === null ? ` × ${decimals(scale, 6)}` : ` ÷ √${divisor}`;
  const sum =
    decimals(dot, PRODUCT_DIGITS) +
    scaled +
    (bias === 0 ? '' : ` ${addend(bias, PRODUCT_DIGITS)}`) +
    (masked || score === null ? ' = −∞' : ` = ${decimals(score, SCORE_DIGITS)}`);
  const y = figure.caption(x, figure.y, t('The score'), COLUMN);
  figure.svg.text(x, y + 12, sum, { fill: figure.theme.foreground, size: 13 });
  return y + 34;
}

function drawSoftmax(figure: Figure, weight: ExplainedWeight, top: number): number {
  const { explanation, pair, session } = weight;
  const { score, logSumExp, strongest, visible } = explanation;
  const x = figure.x + COLUMN + 30;
  let y = figure.caption(x, top, t('Softmax: the score against the others of its row'), COLUMN);
  const power =
    score === null
      ? '−∞'
      : `${decimals(score, SCORE_DIGITS)} − ${decimals(logSumExp, SCORE_DIGITS)}`;
  figure.svg.text(x, y + 12, `exp(${power}) = ${decimals(explanation.weight * 100, 2)} %`, {
    fill: figure.theme.foreground,
    size: 13,
  });
  y += 26;
  const own =
    score !== null && !strongest.some(({ key }) => key === pair.key)
      ? [{ key: pair.key, score, weight: explanation.weight }]
      : [];
  const shown = [...strongest, ...own];
  const most = shown[0]?.weight || 1;
  const rest = 1 - shown.reduce((sum, each) => sum + each.weight, 0);
  const rows = shown.map((each) => [
    nameOf(session, each.key),
    decimals(each.score, SCORE_DIGITS),
    each.weight / most,
    `${decimals(each.weight * 100, 2)} %`,
  ]);
  if (visible > shown.length)
    rows.push([
      t('… {0} more', visible - shown.length),
      '',
      Math.max(0, rest) / most,
      `${decimals(rest * 100, 2)} %`,
    ]);
  const strong = new Set([shown.findIndex(({ key }) => key === pair.key)]);
  y = drawTable(
    figure,
    x,
    y,
    [
      { title: t('key'), width: 130, kind: 'name' },
      { title: t('score'), width: 76, kind: 'number' },
      { title: '', width: 120, kind: 'bar' },
      { title: t('weight'), width: 80, kind: 'number' },
    ],
    rows,
    strong,
  );
  return drawValue(figure, explanation, x, y + 14);
}

function drawValue(figure: Figure, explanation: PanelExplanation, x: number, top: number): number {
  const { weight, outputNorm, contributionNorm, valueNorm } = explanation;
  const y = figure.caption(x, top, t('What the weight brings'), COLUMN);
  const sum =
    outputNorm === null || contributionNorm === null
      ? `‖v‖ = ${decimals(valueNorm, 3)}`
      : `${decimals(weight, 5)} × ${decimals(outputNorm, 5)} = ${decimals(contributionNorm, 4)}`;
  figure.svg.text(x, y + 12, sum, { fill: figure.theme.foreground, size: 13 });
  return y + 20;
}

function tables({ explanation, session }: ExplainedWeight): NumberTable[] {
  const { query, key, products, strongest, heads } = explanation;
  const vectors = new Float32Array(3 * query.length);
  query.forEach((value, at) => vectors.set([value, key[at] ?? 0, products[at] ?? 0], 3 * at));
  const texts = session.tokens?.texts ?? [];
  const headCount = session.model?.heads ?? 1;
  return [
    {
      name: 'products',
      title: t('Query times key, dimension by dimension'),
      unit: '',
      axes: [
        countedAxis('dimension', query.length),
        fieldAxis('field', ['query', 'key', 'product']),
      ],
      values: vectors,
    },
    {
      name: 'strongest',
      title: t('The largest weights of the row'),
      unit: 'weight',
      axes: [
        namedAxis(
          'place',
          strongest.map((each) => texts[each.key] ?? ''),
        ),
        fieldAxis('field', ['key', 'score', 'weight']),
      ],
      values: Float32Array.from(strongest.flatMap((each) => [each.key, each.score, each.weight])),
    },
    {
      name: 'heads',
      title: t('The weight of the same pair in every head'),
      unit: 'weight',
      axes: [countedAxis('layer', heads.length / headCount), countedAxis('head', headCount)],
      values: heads,
    },
  ];
}
