import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import type { Theme } from '../color/theme';
import { visibleCells, type Cell, type Extent, type Viewport } from './viewport';

/** Longer side, CSS pixels. */
const SIDE = 92;

/** The whole map, small, with a frame around the part in sight; only while that is not all. */
@customElement('al-minimap')
export class Minimap extends LitElement {
  static override styles = css`
    :host {
      position: absolute;
      inset-inline-end: 8px;
      bottom: 8px;
      line-height: 0;
      border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
      background: var(--vscode-editor-background);
      box-shadow: 0 0 6px var(--vscode-widget-shadow, transparent);
      cursor: crosshair;
      touch-action: none;
    }
    :host([hidden]) {
      display: none;
    }
  `;

  @query('canvas') private canvas!: HTMLCanvasElement | null;
  #extent: Extent = { rows: 1, columns: 1 };

  override render(): TemplateResult {
    return html`<canvas
      aria-hidden="true"
      @pointerdown=${(event: PointerEvent) => this.#press(event)}
      @pointermove=${(event: PointerEvent) => (event.buttons === 1 ? this.#go(event) : undefined)}
    ></canvas>`;
  }

  /** Shows where `view` lies on the map; `image` is all of it. */
  draw(image: HTMLCanvasElement, view: Viewport, extent: Extent, theme: Theme): void {
    const { queries, keys } = visibleCells(view, extent);
    const all = queries[1] - queries[0] >= extent.rows && keys[1] - keys[0] >= extent.columns;
    this.hidden = all;
    const { canvas } = this;
    if (all || !canvas) return;
    this.#extent = extent;
    const scale = SIDE / Math.max(extent.rows, extent.columns);
    const [width, height] = [extent.columns * scale, extent.rows * scale];
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(devicePixelRatio, devicePixelRatio);
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    context.strokeStyle = theme.foreground;
    context.lineWidth = 1.5;
    context.strokeRect(
      keys[0] * scale + 0.5,
      queries[0] * scale + 0.5,
      Math.max(3, (keys[1] - keys[0]) * scale - 1),
      Math.max(3, (queries[1] - queries[0]) * scale - 1),
    );
  }

  #press(event: PointerEvent): void {
    this.canvas?.setPointerCapture(event.pointerId);
    this.#go(event);
  }

  #go(event: PointerEvent): void {
    const box = this.canvas?.getBoundingClientRect();
    if (!box) return;
    const cell: Cell = {
      query: ((event.clientY - box.top) / box.height) * this.#extent.rows,
      key: ((event.clientX - box.left) / box.width) * this.#extent.columns,
    };
    this.dispatchEvent(new CustomEvent('go', { detail: cell }));
  }
}
