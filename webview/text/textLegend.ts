import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { percentTick } from '../format';
import { t } from '../text';
import { look, type Directions } from './shades';

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
      padding: 2px 7px 5px;
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

  #style(direction: 'reads' | 'readBy', place: number): string {
    const { reads, readBy } = this.theme;
    if (direction === 'reads')
      return `background-color:${faded(reads, look.fillOpacity(place, this.theme))}`;
    const bar = faded(readBy, look.barOpacity(place));
    return `box-shadow:inset 0 -${look.barHeight(place)}px ${bar}`;
  }

  #row(name: string, scale: WeightScale, direction: 'reads' | 'readBy'): TemplateResult {
    return html`<div>
      <b>${name}</b>
      ${PLACES.map((place) => {
        return html`<span .style=${this.#style(direction, place)}
          >${percentTick(weightAt(scale, place))}</span
        >`;
      })}
    </div>`;
  }
}

function faded(color: string, opacity: number): string {
  return `color-mix(in srgb, ${color} ${(opacity * 100).toFixed(1)}%, transparent)`;
}

/** The weight at a place of the scale, by bisection: scales only tell the other way round. */
export function weightAt(scale: WeightScale, place: number): number {
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
