import { signedScale, usualLargest } from '../../color/signedScale';
import { distanceBias, type DistanceBias } from '../../position/distanceBias';
import { t } from '../../text';
import type { ChartDrawing } from '../drawChart';
import type { NumbersDrawing } from '../drawNumbers';
import { countedAxis, type NumberTable } from '../table';
import type { EncodingPicture } from './encoding';

/** All heads by distance, as a matrix; null where distance adds nothing. */
export function biasMatrix(picture: EncodingPicture): NumbersDrawing | null {
  const bias = biasOf(picture);
  return (
    bias && {
      heading: heading(),
      caption: t('added to the score'),
      rows: Array.from({ length: bias.heads }, (_, head) => t('head {0}', head)),
      columns: bias.columns,
      firstColumn: bias.from,
      values: bias.values,
      scale: signedScale('linear', usualLargest(bias.values)),
    }
  );
}

/** The selected head as a curve, the first without one. */
export function biasCharts(picture: EncodingPicture): ChartDrawing[] {
  const bias = biasOf(picture);
  const { slopes } = picture.position;
  if (!bias) return [];
  const head = Math.min(picture.session.selection.head ?? 0, bias.heads - 1);
  const curve: ChartDrawing = {
    heading: t('Head {0}: added to the score by distance', head),
    across: t('distance'),
    from: bias.from,
    values: bias.values.subarray(head * bias.columns, (head + 1) * bias.columns),
  };
  if (!slopes) return [curve];
  const falls: ChartDrawing = {
    heading: t('Slope of each head: taken off a score for each token of distance'),
    across: t('head'),
    values: slopes,
    bars: true,
  };
  return [curve, falls];
}

export function biasTables(picture: EncodingPicture): NumberTable[] {
  const bias = biasOf(picture);
  if (!bias) return [];
  const { heads, columns, from, values } = bias;
  const axes = [countedAxis('head', heads), countedAxis('distance', columns, from)];
  return [{ name: 'bias', title: heading(), unit: '', axes, values }];
}

function biasOf({ position, session }: EncodingPicture): DistanceBias | null {
  return distanceBias(position, session.model?.causal ?? false);
}

function heading(): string {
  return t('What distance adds to a score: heads down, distance (key − query) across');
}
