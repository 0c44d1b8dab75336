import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { colorize, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { tokenText } from '../format';
import { emptied, sizeCanvas } from '../map/canvas';
import { t } from '../text';
import type { PanelPair } from './protocol';

/** A cell of the picture. */
export interface PairCell {
  row: number;
  column: number;
}

/** CSS pixels. */
const LEAST_CELL = 4;
const MOST_CELL = 26;
const NAMED_CELL = 10;
const LABEL = 104;

/** The map from one text to another: queries down, keys across. */
@customElement('al-pair-map')
export class PairMap extends LitElement {
  static override styles = css`
    :host {
      display: block;
      overflow: auto;
      min-height: 0;
      position: relative;
    }
    canvas {
      display: block;
      cursor: crosshair;
    }
    canvas:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: -1px;
    }
  `;

  @property({ attribute: false }) pair!: PanelPair;
  @property({ attribute: false }) theme!: Theme;
  @property({ attribute: false }) scale!: WeightScale;
  @property({ attribute: false }) cell: PairCell | null = null;
  @query('canvas') private canvas!: HTMLCanvasElement;
  readonly #observer = new ResizeObserver(() => this.#draw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  override render(): TemplateResult {
    const label = t(
      'Weights from each token of this text (down) to the tokens of {0} (across)',
      this.pair.source,
    );
    return html`<canvas
      tabindex="0"
      role="img"
      aria-label=${label}
      @pointermove=${(event: PointerEvent) => this.#point(this.#at(event))}
      @pointerleave=${() => this.#point(null)}
      @keydown=${(event: KeyboardEvent) => this.#key(event)}
    ></canvas>`;
  }

  protected override updated(): void {
    this.#draw();
  }

  get #size(): number {
    const { rows, columns } = this.pair;
    const fitting = Math.min(
      (this.clientWidth - LABEL - 2) / columns,
      (this.clientHeight - LABEL - 2) / rows,
    );
    return Math.max(LEAST_CELL, Math.min(MOST_CELL, Math.floor(fitting)));
  }

  #draw(): void {
    const { rows, columns } = this.pair;
    const size = this.#size;
    sizeCanvas(this.canvas, LABEL + columns * size + 1, LABEL + rows * size + 1);
    const context = emptied(this.canvas);
    if (!context) return;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#picture(), LABEL, LABEL, columns * size, rows * size);
    context.strokeStyle = this.theme.line;
    context.strokeRect(LABEL - 0.5, LABEL - 0.5, columns * size + 1, rows * size + 1);
    if (size >= NAMED_CELL) this.#names(context, size);
    if (!this.cell) return;
    context.strokeStyle = this.theme.foreground;
    const { row, column } = this.cell;
    context.strokeRect(LABEL + column * size + 0.5, LABEL + row * size + 0.5, size - 1, size - 1);
  }

  #picture(): OffscreenCanvas {
    const { rows, columns, values } = this.pair;
    const picture = new OffscreenCanvas(columns, rows);
    const context = picture.getContext('2d');
    const image = new ImageData(columns, rows);
    colorize(values, 1, this.scale, this.theme.ramp, image.data);
    context?.putImageData(image, 0, 0);
    return picture;
  }

  /** Only where each cell is one token: of pooled ones no single name is right. */
  #names(context: CanvasRenderingContext2D, size: number): void {
    const { queries, keys, rows, columns } = this.pair;
    if (rows !== queries.length || columns !== keys.length) return;
    const { theme, cell } = this;
    context.font = `${theme.fontSize}px ${theme.font}`;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    queries.forEach((name, row) => {
      context.fillStyle = cell?.row === row ? theme.foreground : theme.muted;
      context.fillText(fitted(context, name), LABEL - 6, LABEL + (row + 0.5) * size);
    });
    context.textAlign = 'left';
    keys.forEach((name, column) => {
      context.save();
      context.translate(LABEL + (column + 0.5) * size, LABEL - 6);
      context.rotate(-Math.PI / 2);
      context.fillStyle = cell?.column === column ? theme.foreground : theme.muted;
      context.fillText(fitted(context, name), 0, 0);
      context.restore();
    });
  }

  #at(event: PointerEvent): PairCell | null {
    const { rows, columns } = this.pair;
    const box = this.canvas.getBoundingClientRect();
    const size = this.#size;
    const column = Math.floor((event.clientX - box.left - LABEL) / size);
    const row = Math.floor((event.clientY - box.top - LABEL) / size);
    const inside = row >= 0 && row < rows && column >= 0 && column < columns;
    return inside ? { row, column } : null;
  }

  #key(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const { rows, columns } = this.pair;
    const { row, column } = this.cell ?? { row: -step[0], column: -step[1] };
    this.#point({
      row: Math.max(0, Math.min(rows - 1, row + step[0])),
      column: Math.max(0, Math.min(columns - 1, column + step[1])),
    });
  }

  #point(cell: PairCell | null): void {
    this.dispatchEvent(new CustomEvent('point', { detail: cell }));
  }
}

const STEPS: { readonly [key: string]: readonly [rows: number, columns: number] } = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** As much of a name as there is room for. */
function fitted(context: CanvasRenderingContext2D, name: string): string {
  const text = tokenText(name);
  if (context.measureText(text).width <= LABEL - 10) return text;
  let end = text.length - 1;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > LABEL - 10) end--;
  return `${text.slice(0, end)}…`;
}
