import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { colorize, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { axisFont, LINE_HEIGHT } from '../map/axes';
import { axisLabels } from '../map/labels';
import { t } from '../text';
import { matrixCellAt, moveInMatrix, type MatrixCell, type MatrixSize } from './matrixCells';

const TOP = 22;
const ROW_ROOM = 118;
const COLUMN_TICK_ROOM = 44;
const STALE_OPACITY = 0.4;

/**
 * A matrix position × dimension, stretched to its room, with positions and tokens beside it.
 * `point` and `choose` tell of a cell; arrow keys move the chosen one.
 */
@customElement('al-matrix')
export class MatrixView extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      min-width: 0;
      min-height: 0;
      overflow: hidden;
    }
    canvas {
      position: absolute;
      inset: 0;
    }
    .surface {
      position: absolute;
      inset: ${TOP}px 2px 2px var(--row-room);
      cursor: crosshair;
      outline: none;
    }
    .surface:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: 1px;
    }
  `;

  @property({ attribute: false }) theme!: Theme;
  @property({ attribute: false }) values: Float32Array = new Float32Array();
  @property({ attribute: false }) columns = 1;
  /** The number of the first column. */
  @property({ attribute: false }) firstColumn = 0;
  /** CSS pixels for the labels of rows. */
  @property({ attribute: false }) rowRoom = ROW_ROOM;
  @property({ attribute: false }) scale!: WeightScale;
  /** One label a row. */
  @property({ attribute: false }) rows: readonly string[] = [];
  /** The row of the token at hand. */
  @property({ attribute: false }) marked: number | null = null;
  @property({ attribute: false }) cell: MatrixCell | null = null;
  @property({ attribute: false }) label = '';
  @property({ type: Boolean }) stale = false;
  @query('canvas') private canvas!: HTMLCanvasElement;

  readonly #pixels = document.createElement('canvas');
  readonly #resizes = new ResizeObserver(() => this.#paint());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>
      <div
        class="surface"
        .style=${`--row-room:${this.rowRoom}px`}
        role="application"
        tabindex="0"
        aria-roledescription=${t('matrix of numbers')}
        aria-label=${this.label}
        @pointermove=${(event: PointerEvent) => this.#tell('point', this.#cellOf(event))}
        @pointerleave=${() => this.#tell('point', null)}
        @click=${(event: PointerEvent) => this.#tell('choose', this.#cellOf(event))}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      ></div>`;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (['values', 'columns', 'scale', 'theme'].some((name) => changed.has(name))) this.#color();
    this.#paint();
  }

  get #size(): MatrixSize {
    return { rows: this.rows.length, columns: this.columns };
  }

  #color(): void {
    const { rows, columns } = this.#size;
    if (rows === 0 || columns === 0) return;
    this.#pixels.width = columns;
    this.#pixels.height = rows;
    const context = this.#pixels.getContext('2d');
    if (!context) return;
    const image = context.createImageData(columns, rows);
    colorize(this.values, 1, this.scale, this.theme.diverging, image.data);
    context.putImageData(image, 0, 0);
  }

  #paint(): void {
    const context = this.canvas?.getContext('2d');
    const { clientWidth: width, clientHeight: height } = this;
    const { rows, columns } = this.#size;
    if (!context || width === 0 || height === 0 || rows === 0) return;
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    context.scale(devicePixelRatio, devicePixelRatio);
    const area = { width: width - this.rowRoom - 2, height: height - TOP - 2 };
    context.translate(this.rowRoom, TOP);
    context.globalAlpha = this.stale ? STALE_OPACITY : 1;
    context.imageSmoothingEnabled = columns > area.width || rows > area.height;
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#pixels, 0, 0, area.width, area.height);
    context.globalAlpha = 1;
    context.strokeStyle = this.theme.line;
    context.strokeRect(-0.5, -0.5, area.width + 1, area.height + 1);
    this.#paintRowMark(context, area);
    this.#paintCell(context, area);
    this.#paintRows(context, area);
    this.#paintColumns(context, area);
  }

  #paintRowMark(context: CanvasRenderingContext2D, area: { width: number; height: number }): void {
    if (this.marked === null) return;
    const step = area.height / this.#size.rows;
    const top = this.marked * step;
    context.strokeStyle = this.theme.reads;
    context.lineWidth = 1.5;
    context.strokeRect(0, top - 1, area.width, step + 2);
  }

  #paintCell(context: CanvasRenderingContext2D, area: { width: number; height: number }): void {
    if (!this.cell) return;
    const across = area.width / this.#size.columns;
    const down = area.height / this.#size.rows;
    context.strokeStyle = this.theme.foreground;
    context.lineWidth = 2;
    const { row, column } = this.cell;
    context.strokeRect(column * across - 2, row * down - 2, across + 4, down + 4);
  }

  #paintRows(context: CanvasRenderingContext2D, area: { height: number }): void {
    const { rows } = this.#size;
    const marked = [this.cell?.row ?? null, this.marked].filter((row) => row !== null);
    const labels = axisLabels({
      start: 0,
      end: rows,
      offset: 0,
      cell: area.height / rows,
      length: area.height,
      lineHeight: LINE_HEIGHT,
      marked,
    });
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (const { token, at } of labels) {
      const isMarked = token === this.marked;
      context.font = axisFont(this.theme, marked.includes(token) ? 'bold' : '');
      context.fillStyle = isMarked ? this.theme.reads : this.theme.foreground;
      context.fillText(fitted(context, this.rows[token] ?? '', this.rowRoom - 12), -6, at);
    }
  }

  #paintColumns(context: CanvasRenderingContext2D, area: { width: number }): void {
    const { columns } = this.#size;
    const { firstColumn } = this;
    const cell = area.width / columns;
    const labels = axisLabels({
      ...{ start: firstColumn, end: firstColumn + columns, offset: -firstColumn * cell, cell },
      ...{ length: area.width, lineHeight: COLUMN_TICK_ROOM },
      marked: this.cell ? [firstColumn + this.cell.column] : [],
    });
    context.textBaseline = 'alphabetic';
    context.textAlign = 'center';
    for (const { token, at, marked } of labels) {
      context.font = axisFont(this.theme, marked ? 'bold' : '');
      context.fillStyle = marked ? this.theme.foreground : this.theme.muted;
      context.fillText(String(token).replace('-', '−'), at, -7);
    }
  }

  #cellOf(event: PointerEvent): MatrixCell | null {
    const { clientWidth: width, clientHeight: height } = event.currentTarget as HTMLElement;
    return matrixCellAt({ width, height }, this.#size, event.offsetX, event.offsetY);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next =
      event.key === 'Escape' ? null : moveInMatrix(this.cell, event.key, this.#size, this.marked);
    if (next === undefined) return;
    event.preventDefault();
    this.#tell('choose', next);
  }

  #tell(name: 'point' | 'choose', cell: MatrixCell | null): void {
    this.dispatchEvent(new CustomEvent<MatrixCell | null>(name, { detail: cell }));
  }
}

function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join('')}…`).width > room)
    letters.pop();
  return `${letters.join('')}…`;
}
