import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WeightScale } from '../color/scale';
import { percentTick } from '../format';
import { t } from '../text';
import { lineLook } from './paintLines';

/** Lines of a few weights as they are drawn, with their values. */
@customElement('al-line-legend')
export class LineLegend extends LitElement {
  static override styles = css`
    :host {
      display: block;
      font-size: 10px;
      color: var(--vscode-descriptionForeground);
      font-variant-numeric: tabular-nums;
    }
    figure {
      margin: 0;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 10px;
    }
    span {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      white-space: nowrap;
    }
    svg {
      width: 22px;
      height: 6px;
      color: var(--vscode-foreground);
    }
  `;

  @property({ attribute: false }) scale: WeightScale | null = null;

  override render(): TemplateResult | typeof nothing {
    const { scale } = this;
    if (!scale) return nothing;
    const kind = scale.kind === 'log' ? t('weight, log') : t('weight, linear');
    return html`<figure aria-label=${t('Lines up to {0}', percentTick(scale.max))}>
      <figcaption>${kind}</figcaption>
      ${samples(scale).map((weight) => {
        const { width, opacity } = lineLook(scale.position(weight));
        return html`<span>
          <svg viewBox="0 0 22 6" aria-hidden="true">
            <line
              x1="0"
              y1="3"
              x2="22"
              y2="3"
              stroke="currentColor"
              stroke-width=${width}
              stroke-opacity=${opacity}
            ></line>
          </svg>
          ${percentTick(weight)}
        </span>`;
      })}
    </figure>`;
  }
}

/** The largest weight, and two round ones that look about a third and two thirds as strong. */
export function samples(scale: WeightScale): number[] {
  const ticks = scale.ticks(8).filter((value) => value > scale.floor && value < scale.max * 0.9);
  const near = (place: number): number | undefined =>
    ticks.toSorted(
      (a, b) => Math.abs(scale.position(a) - place) - Math.abs(scale.position(b) - place),
    )[0];
  const found = [near(1 / 3), near(2 / 3), scale.max].filter((value) => value !== undefined);
  return [...new Set(found)];
}
