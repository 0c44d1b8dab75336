import { html, type TemplateResult } from 'lit';
import { t } from '../text';
import type { FoundHeads } from './foundHeads';
import type { HeadGridGeometry } from './geometry';
import { statisticText } from './statisticNames';

/** From here on there is room for “layer 4, head 11”, CSS pixels. */
const WORDY_CELL = 96;

/** Score and name under each thumbnail of heads that are in order. */
export function captions(
  { places, gap }: HeadGridGeometry,
  { heads, statistic }: FoundHeads,
): TemplateResult[] {
  return places.map(({ left, top, width, height }, index) => {
    const { layer, head, score } = heads[index]!;
    const name = width < WORDY_CELL ? `${layer} · ${head}` : t('layer {0}, head {1}', layer, head);
    return html`<span
      class="caption"
      aria-hidden="true"
      .style=${`left:${left - gap / 2}px;top:${top + height + 1}px;width:${width + gap}px`}
      >${statisticText(statistic, score)}<span class="head">${name}</span></span
    >`;
  });
}
