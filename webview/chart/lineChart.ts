import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { compact } from '../format';
import { t } from '../text';
import {
  bandPath,
  barRects,
  chartGeometry,
  indexAt,
  linePath,
  type ChartGeometry,
} from './geometry';

/**
 * Values by index as a line, with a band around them where there is one. The number under the
 * pointer, or at the place that the arrow keys choose, is read out; `pick` tells which it is.
 */
@customElement('al-line-chart')
export class LineChart extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
      font-size: 11px;
      font-variant-numeric: tabular-nums;
    }
    header {
      display: flex;
      justify-content: space-between;
      gap: 10px;
      line-height: 15px;
    }
    h3 {
      margin: 0;
      font-size: 11px;
      font-weight: 600;
      color: var(--vscode-descriptionForeground);
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    output {
      white-space: nowrap;
    }
    .plot {
      flex: 1;
      min-height: 60px;
      position: relative;
      outline: none;
    }
    .plot:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
    }
    svg {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    text {
      font-size: 10px;
      fill: var(--vscode-descriptionForeground);
    }
    .grid {
      stroke: var(--vscode-descriptionForeground);
      opacity: 0.22;
    }
    .zero {
      stroke: var(--vscode-descriptionForeground);
      opacity: 0.6;
    }
    .line {
      fill: none;
      stroke: var(--vscode-charts-blue, currentColor);
      stroke-width: 1.4;
    }
    .bar {
      fill: var(--vscode-charts-blue, currentColor);
    }
    .band {
      fill: var(--vscode-charts-blue, currentColor);
      opacity: 0.24;
    }
    .mark {
      stroke: var(--vscode-attentionLens-reads, var(--vscode-charts-orange, currentColor));
      stroke-width: 1.5;
    }
    .guide {
      stroke: var(--vscode-foreground);
      opacity: 0.7;
    }
    circle {
      fill: var(--vscode-editor-background);
      stroke: var(--vscode-foreground);
      stroke-width: 1.5;
    }
  `;

  @property() heading = '';
  /** What the numbers across are: "dimension", "distance", "head". */
  @property() across = '';
  @property({ attribute: false }) values: ArrayLike<number> = [];
  /** What the first index stands for. */
  @property({ attribute: false }) from = 0;
  /** How an index is called beside its number. */
  @property({ attribute: false }) nameOf: ((index: number) => string) | null = null;
  @property({ attribute: false }) band: {
    low: ArrayLike<number>;
    high: ArrayLike<number>;
  } | null = null;
  /** From where on the band decides how high the chart reaches. */
  @property({ attribute: false }) bandFrom = 0;
  @property({ type: Boolean }) log = false;
  /** Bars instead of a line, for values that are not neighbours of each other. */
  @property({ type: Boolean }) bars = false;
  /** A value to be marked across the chart, and what it is. */
  @property({ attribute: false }) level: { value: number; text: string } | null = null;
  /** The index to read out while the pointer is elsewhere. */
  @property({ attribute: false }) index: number | null = null;
  @state() private pointed: number | null = null;
  @state() private size = { width: 0, height: 0 };

  readonly #resizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry!.contentRect;
    this.size = { width, height };
  });

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const plot = this.renderRoot.querySelector('.plot');
    if (plot) this.#resizes.observe(plot);
  }

  override render(): TemplateResult {
    const at = this.#at();
    return html`<header>
        <h3>${this.heading}</h3>
        <output>${at === null ? '' : this.#readout(at)}</output>
      </header>
      <div
        class="plot"
        tabindex="0"
        role="slider"
        aria-label=${this.heading}
        aria-valuemin="0"
        aria-valuemax=${Math.max(0, this.values.length - 1)}
        aria-valuenow=${at ?? 0}
        aria-valuetext=${at === null ? this.#summary() : this.#readout(at)}
        @pointermove=${(event: PointerEvent) => this.#point(event)}
        @pointerleave=${() => this.#pick(null)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      >
        ${this.size.width > 0 && this.values.length > 0 ? this.#drawing(at) : nothing}
      </div>`;
  }

  protected override firstUpdated(): void {
    this.#resizes.observe(this.renderRoot.querySelector('.plot')!);
  }

  #at(): number | null {
    const at = this.pointed ?? this.index;
    return at !== null && at < this.values.length ? at : null;
  }

  #geometry(): ChartGeometry {
    const { values, band, bandFrom, log, level, from, bars } = this;
    const include = level?.value ?? (bars ? 0 : null);
    return chartGeometry({ ...this.size, values, band, bandFrom, log, include, from, bars });
  }

  #drawing(at: number | null): TemplateResult {
    const geometry = this.#geometry();
    const { left, right, top, bottom } = geometry;
    const zero = this.log ? NaN : geometry.y(0);
    return html`<svg aria-hidden="true">
      ${geometry.yTicks.map(
        (tick) =>
          svg`<line class="grid" x1=${left} x2=${right} y1=${tick.at} y2=${tick.at} />
            <text x=${left - 5} y=${tick.at + 3} text-anchor="end">${compact(tick.value)}</text>`,
      )}
      ${geometry.xTicks.map(
        (tick) =>
          svg`<text x=${tick.at} y=${bottom + 13} text-anchor="middle">${minus(tick.value)}</text>`,
      )}
      ${
        zero >= top && zero <= bottom
          ? svg`<line class="zero" x1=${left} x2=${right} y1=${zero} y2=${zero} />`
          : nothing
      }
      ${this.band ? svg`<path class="band" d=${bandPath(this.band, geometry)} />` : nothing}
      ${
        this.bars
          ? barRects(this.values, geometry).map(
              ({ x, y, width, height }) =>
                svg`<rect class="bar" x=${x} y=${y} width=${width} height=${height} />`,
            )
          : svg`<path class="line" d=${linePath(this.values, geometry)} />`
      }
      ${this.#level(geometry)} ${at === null ? nothing : this.#guide(at, geometry)}
    </svg>`;
  }

  #level({ y, left, right }: ChartGeometry): TemplateResult | typeof nothing {
    const at = this.level ? y(this.level.value) : NaN;
    if (!this.level || !Number.isFinite(at)) return nothing;
    return svg`<line class="mark" x1=${left} x2=${right} y1=${at} y2=${at} />
      <text x=${left + 4} y=${at - 4}>${this.level.text}</text>`;
  }

  #guide(at: number, { x, y, top, bottom }: ChartGeometry): TemplateResult {
    const height = y(this.values[at]!);
    return svg`<line class="guide" x1=${x(at)} x2=${x(at)} y1=${top} y2=${bottom} />
      ${Number.isFinite(height) ? svg`<circle cx=${x(at)} cy=${height} r="3" />` : nothing}`;
  }

  #readout(at: number): string {
    const value = compact(this.values[at]!);
    const name = this.nameOf ? ` ${this.nameOf(at)}` : '';
    if (!this.band) return `${this.across} ${minus(this.from + at)}${name}: ${value}`;
    return t(
      '{0} {1}: {2} ({3} to {4})',
      this.across,
      at,
      value,
      compact(this.band.low[at]!),
      compact(this.band.high[at]!),
    );
  }

  #summary(): string {
    const values = Array.from(this.values).filter(Number.isFinite);
    return t(
      '{0} values from {1} to {2}',
      this.values.length,
      compact(Math.min(...values)),
      compact(Math.max(...values)),
    );
  }

  #point(event: PointerEvent): void {
    this.#pick(indexAt(event.offsetX, this.values.length, this.#geometry()));
  }

  #key(event: KeyboardEvent): void {
    const last = this.values.length - 1;
    const from = this.#at() ?? -1;
    const to = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      PageUp: from - 10,
      PageDown: from + 10,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || last < 0) return;
    event.preventDefault();
    this.#pick(Math.min(last, Math.max(0, to)));
  }

  #pick(index: number | null): void {
    if (index === this.pointed) return;
    this.pointed = index;
    this.dispatchEvent(new CustomEvent<number | null>('pick', { detail: index }));
  }
}

/** A whole number with a true minus. */
function minus(value: number): string {
  return value < 0 ? `−${-value}` : String(value);
}
