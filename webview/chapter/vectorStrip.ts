import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { colorize } from '../color/scale';
import { largest, signedScale } from '../color/signedScale';
import type { Theme } from '../color/theme';
import { compact } from '../format';
import { t } from '../text';

/** Pixels high: one row of numbers, or one for each head. */
const ROW = 14;
const SMALL_ROW = 7;

/** Numbers of one token as a strip of colours; the one under the pointer is written beside it. */
@customElement('al-vector-strip')
export class VectorStrip extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 112px;
      gap: 8px;
      align-items: center;
      font-variant-numeric: tabular-nums;
    }
    canvas {
      width: 100%;
      image-rendering: pixelated;
      border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
      box-sizing: border-box;
      cursor: crosshair;
    }
    output {
      font-size: 11px;
      white-space: nowrap;
      overflow: hidden;
      text-overflow: ellipsis;
      color: var(--vscode-descriptionForeground);
    }
  `;

  @property({ attribute: false }) theme!: Theme;
  /** [row, column] */
  @property({ attribute: false }) values: Float32Array = new Float32Array();
  @property({ attribute: false }) columns = 1;
  @property() label = '';
  @state() private pointed: number | null = null;
  @query('canvas') private canvas!: HTMLCanvasElement;

  override render(): TemplateResult {
    const rows = this.#rows();
    const height = rows * (rows > 1 ? SMALL_ROW : ROW);
    return html`<canvas
        role="img"
        aria-label=${this.label}
        .style=${`height:${height}px`}
        @pointermove=${(event: PointerEvent) => (this.pointed = this.#at(event))}
        @pointerleave=${() => (this.pointed = null)}
      ></canvas>
      <output>${this.#text()}</output>`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('values') && !changed.has('theme') && !changed.has('columns')) return;
    const rows = this.#rows();
    if (rows === 0) return;
    this.canvas.width = this.columns;
    this.canvas.height = rows;
    const context = this.canvas.getContext('2d');
    if (!context) return;
    const image = context.createImageData(this.columns, rows);
    const scale = signedScale('linear', largest(this.values));
    colorize(this.values, 1, scale, this.theme.diverging, image.data);
    context.putImageData(image, 0, 0);
  }

  #rows(): number {
    return this.columns > 0 ? Math.floor(this.values.length / this.columns) : 0;
  }

  #at(event: PointerEvent): number | null {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.#rows());
    const inside = column >= 0 && column < this.columns && row >= 0 && row < this.#rows();
    return inside ? row * this.columns + column : null;
  }

  #text(): string {
    const max = largest(this.values);
    if (this.pointed === null) return t('up to ±{0}', compact(max));
    const value = compact(this.values[this.pointed] ?? NaN);
    const column = this.pointed % this.columns;
    const row = Math.floor(this.pointed / this.columns);
    return this.#rows() > 1 ? `[${row}, ${column}] = ${value}` : `[${column}] = ${value}`;
  }
}
