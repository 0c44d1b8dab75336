import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { cssColor, RAMP_STEPS } from '../color/ramp';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { percentTick, signedTick } from '../format';
import { t } from '../text';
import { LEGEND_WIDTH, legendTicks } from './legendTicks';

const GRADIENT_STOPS = 24;

/** The colour ramp with real values at it. */
@customElement('al-legend')
export class Legend extends LitElement {
  static override styles = css`
    :host {
      display: block;
      flex: 0 1 auto;
      min-width: 0;
      font-size: 10px;
      color: var(--vscode-descriptionForeground);
      font-variant-numeric: tabular-nums;
    }
    figure {
      margin: 0;
      display: flex;
      flex-wrap: wrap;
      gap: 2px 8px;
      align-items: flex-start;
    }
    .scale {
      position: relative;
      width: ${LEGEND_WIDTH}px;
      max-width: 100%;
      height: 26px;
    }
    .bar {
      height: 10px;
      outline: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
    }
    .tick {
      position: absolute;
      top: 12px;
      transform: translateX(-50%);
      white-space: nowrap;
    }
    .tick::before {
      content: '';
      position: absolute;
      left: 50%;
      top: -2px;
      height: 3px;
      border-left: 1px solid currentColor;
    }
    .tick.first {
      transform: none;
    }
    .tick.last {
      transform: translateX(-100%);
    }
    .tick.first::before {
      left: 0;
    }
    .tick.last::before {
      left: auto;
      right: 0;
    }
    figcaption {
      line-height: 10px;
    }
  `;

  @property({ attribute: false }) scale: WeightScale | null = null;
  @property({ attribute: false }) theme!: Theme;
  /** What the numbers are; weights unless said. */
  @property({ attribute: false }) caption: string | null = null;
  @property({ attribute: false }) format: (value: number) => string = percentTick;

  /** Of the bar, CSS pixels. */
  @state() private width = LEGEND_WIDTH;
  readonly #resizes = new ResizeObserver(([entry]) => {
    this.width = entry?.contentRect.width ?? LEGEND_WIDTH;
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  protected override updated(): void {
    const bar = this.renderRoot.querySelector('.scale');
    if (bar) this.#resizes.observe(bar);
  }

  override render(): TemplateResult | typeof nothing {
    const { scale } = this;
    if (!scale) return nothing;
    const kind = scale.kind === 'log' ? t('weight, log') : t('weight, linear');
    const first = scale.min ?? scale.floor;
    return html`<figure
      aria-label=${t('Colours from {0} to {1}', this.#text(first), this.#text(scale.max))}
    >
      <figcaption>${this.caption ?? kind}</figcaption>
      <div class="scale" aria-hidden="true">
        <div class="bar" .style=${`background:${this.#gradient()}`}></div>
        ${legendTicks(scale, (value) => this.#text(value), this.width).map(
          ({ at, text, end }) =>
            html`<span class="tick ${end}" .style=${`left:${at * 100}%`}>${text}</span>`,
        )}
      </div>
    </figure>`;
  }

  #text(value: number): string {
    return this.scale?.min === undefined ? this.format(value) : signedTick(value, this.format);
  }

  #gradient(): string {
    const ramp = this.scale?.min === undefined ? this.theme.ramp : this.theme.diverging;
    const colors = Array.from({ length: GRADIENT_STOPS + 1 }, (_, stop) =>
      cssColor(ramp, Math.round((stop / GRADIENT_STOPS) * (RAMP_STEPS - 1))),
    );
    return `linear-gradient(to right, ${colors.join(', ')})`;
  }
}
