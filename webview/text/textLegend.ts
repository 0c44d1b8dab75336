import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { percentTick } from '../format';
import { t } from '../text';
import { shadeOf, type Directions } from './shades';

/** Places on the scale that the legend shows, weakest first. */
const PLACES = [0.15, 0.5, 1] as const;

/** Both directions' shades with the weights they stand for. */
@customElement('al-text-legend')
export class TextLegend extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 16px;
      font-size: 11px;
      color: var(--vscode-descriptionForeground);
      font-variant-numeric: tabular-nums;
    }
    div {
      display: flex;
      align-items: center;
      gap: 6px;
    }
    b {
      font-weight: 600;
      color: var(--vscode-foreground);
    }
    span {
      padding: 2px 7px;
      border-radius: 2px;
      color: var(--vscode-foreground);
      white-space: nowrap;
    }
  `;

  @property({ attribute: false }) scale: WeightScale | null = null;
  @property({ attribute: false }) theme!: Theme;
  @property({ attribute: false }) directions: Directions = 'both';

  override render(): TemplateResult | typeof nothing {
    const { scale, directions } = this;
    if (!scale) return nothing;
    return html`${directions === 'readBy' ? nothing : this.#row(t('reads'), scale, 'reads')}
    ${directions === 'reads' ? nothing : this.#row(t('read by'), scale, 'readBy')}`;
  }

  #row(name: string, scale: WeightScale, direction: 'reads' | 'readBy'): TemplateResult {
    return html`<div>
      <b>${name}</b>
      ${PLACES.map((place) => {
        const [reads, readBy] = direction === 'reads' ? [place, 0] : [0, place];
        return html`<span .style=${`background:${shadeOf(this.theme, reads, readBy)}`}
          >${percentTick(weightAt(scale, place))}</span
        >`;
      })}
    </div>`;
  }
}

/** The weight at a place of the scale, by bisection: scales only tell the other way round. */
function weightAt(scale: WeightScale, place: number): number {
  if (place >= 1) return scale.max;
  let low = scale.floor;
  let high = scale.max;
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (scale.position(middle) < place) low = middle;
    else high = middle;
  }
  return high;
}
