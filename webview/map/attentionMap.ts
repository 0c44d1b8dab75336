import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Ramp } from '../color/ramp';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { paintAbsent, paintMask } from './mask';
import type { MaskedCells } from './maskedCells';
import './minimap';
import type { Minimap } from './minimap';
import type { Tile } from './picture';
import { t } from '../text';
import { gutterSize, paintAxes, paintCorner, type AxisTokens } from './axes';
import { copyCanvas, emptied, sizeCanvas } from './canvas';
import {
  paintFrame,
  paintMark,
  paintTiles,
  TileImages,
  type Area,
  type MapColors,
  type Mark,
} from './paint';
import { cellAt, type Cell, type Extent, type Viewport } from './viewport';
import { MapZoom, type SavedZoom } from './zoom';

/** Properties that the picture is painted from. */
const PICTURE = [
  'tiles',
  'scale',
  'theme',
  'tokens',
  'ramp',
  'thresholds',
  'masked',
  'absent',
] as const;

const NONE: ReadonlySet<number> = new Set();

const STALE_OPACITY = 0.4;

/** Moves of the chosen cell by key: [rows, columns]. */
const MOVES: { readonly [key: string]: readonly [rows: number, columns: number] } = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/**
 * One map of weights on a canvas, with its axes. It draws what it is given and reports what
 * the person does: `viewport` (ask for other tiles), `point`, `choose` and `reveal` with a
 * cell, `zoomed` with the zoom to keep.
 */
@customElement('al-attention-map')
export class AttentionMap extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
      min-width: 0;
      min-height: 0;
    }
    canvas {
      position: absolute;
      inset: 0;
    }
    .surface {
      position: absolute;
      cursor: crosshair;
      outline: none;
      touch-action: none;
    }
    .surface:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: 1px;
    }
  `;

  @property({ attribute: false }) theme!: Theme;
  @property({ attribute: false }) tiles: readonly Tile[] = [];
  @property({ attribute: false }) scale!: WeightScale;
  @property({ attribute: false }) tokens: AxisTokens = { texts: [], special: new Set() };
  @property({ attribute: false }) marks: readonly Mark[] = [];
  @property({ attribute: false }) zoom: SavedZoom = { k: 1, x: 0, y: 0 };
  /** The colours; the theme's for weights unless said. */
  @property({ attribute: false }) ramp: Ramp | null = null;
  @property({ attribute: false }) label = '';
  /** By query, the weight below which cells are faded; null: none is. */
  @property({ attribute: false }) thresholds: Float32Array | null = null;
  /** Tokens that were searched for. */
  @property({ attribute: false }) found: readonly number[] = [];
  /** Tokens that are pinned in the editor. */
  @property({ attribute: false }) pinned: readonly number[] = [];
  /** Keys after their query are masked: they have no weight at all. */
  @property({ attribute: false }) masked: Pick<MaskedCells, 'seen'> | null = null;
  /** Tokens that this map has no row and no column of. */
  @property({ attribute: false }) absent: ReadonlySet<number> = NONE;
  @property({ type: Boolean }) stale = false;
  @query('canvas') private canvas!: HTMLCanvasElement;
  @query('al-minimap') private minimap!: Minimap | null;
  @query('.surface') private surface!: HTMLElement;

  readonly #images = new TileImages();
  readonly #picture = document.createElement('canvas');
  readonly #resizes = new ResizeObserver(() => this.#layOut());
  #mapZoom: MapZoom | undefined;
  #gutter = 0;
  #size = { width: 0, height: 0 };
  #frame = 0;
  #pictureIsOld = true;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>
      <div
        class="surface"
        role="application"
        tabindex="0"
        aria-roledescription=${t('attention map')}
        aria-label=${this.label}
        @pointermove=${(event: PointerEvent) => this.#emit('point', this.#cellOf(event))}
        @pointerleave=${() => this.#emit('point', null)}
        @click=${(event: PointerEvent) => this.#click(event)}
        @dblclick=${(event: PointerEvent) => this.#doubleClick(event)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      ></div>
      <al-minimap
        hidden
        @go=${({ detail }: CustomEvent<Cell>) => this.#centre(detail)}
      ></al-minimap>`;
  }

  protected override firstUpdated(): void {
    this.#mapZoom = new MapZoom(
      this.surface,
      () => this.#moved(),
      (zoom) => this.dispatchEvent(new CustomEvent('zoomed', { detail: zoom })),
    );
    this.#layOut();
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('tokens') || (changed.has('theme') && changed.get('theme'))) this.#layOut();
    if (PICTURE.some((name) => changed.has(name))) this.#pictureIsOld = true;
    this.#schedule();
  }

  /** Shows the whole map. */
  fit(): void {
    this.#mapZoom?.fitAll();
    this.#settle();
  }

  /** Brings a cell into sight, moving no further than needed. */
  reveal(cell: Cell): void {
    this.#mapZoom?.reveal(cell);
    this.#settle();
  }

  /** Lets the person type or point at the map at once. */
  override focus(): void {
    this.surface.focus();
  }

  /** Where the map is, to let another follow. */
  get place(): SavedZoom | null {
    return this.#size.width > 0 ? (this.#mapZoom?.saved ?? null) : null;
  }

  /** Shows the same part of the map as another one does. */
  goTo(place: SavedZoom): void {
    this.#mapZoom?.goTo(place);
  }

  get extent(): Extent {
    const count = this.tokens.texts.length;
    return { rows: count, columns: count };
  }

  get viewport(): Viewport | null {
    return this.#mapZoom && this.#size.width > 0 ? this.#mapZoom.viewport : null;
  }

  #area(): Area | null {
    const view = this.viewport;
    return view && { x: this.#gutter, y: this.#gutter, view, extent: this.extent };
  }

  #layOut(): void {
    const context = this.#picture.getContext('2d');
    if (!this.#mapZoom || !context || this.tokens.texts.length === 0) return;
    const { clientWidth: width, clientHeight: height } = this;
    if (width === 0 || height === 0) return;
    const kept = this.#size.width > 0 ? this.#mapZoom.saved : this.zoom;
    this.#size = { width, height };
    this.#gutter = gutterSize(context, this.tokens, this.theme);
    for (const canvas of [this.canvas, this.#picture]) sizeCanvas(canvas, width, height);
    const area = {
      width: Math.max(1, width - this.#gutter - 2),
      height: Math.max(1, height - this.#gutter - 2),
    };
    const { style } = this.surface;
    style.left = style.top = `${this.#gutter}px`;
    style.width = `${area.width}px`;
    style.height = `${area.height}px`;
    this.#mapZoom.resize(this.extent, area, kept);
    this.#moved();
  }

  #moved(): void {
    this.#pictureIsOld = true;
    this.dispatchEvent(new CustomEvent('viewport'));
    this.#schedule();
  }

  #centre(cell: Cell): void {
    this.#mapZoom?.centre(cell);
    this.#settle();
  }

  #settle(): void {
    if (!this.#mapZoom) return;
    this.dispatchEvent(new CustomEvent('zoomed', { detail: this.#mapZoom.saved }));
  }

  /** All that changed since the last frame is drawn once. */
  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const area = this.#area();
    if (!area) return;
    if (this.#pictureIsOld) this.#paintPicture(area);
    const context = emptied(this.canvas);
    if (!context) return;
    context.globalAlpha = this.stale ? STALE_OPACITY : 1;
    copyCanvas(context, this.#picture);
    context.globalAlpha = 1;
    for (const mark of this.marks) paintMark(context, area, mark, this.theme);
    paintAxes(
      context,
      area,
      this.tokens,
      {
        queries: this.marks.map((mark) => mark.query),
        keys: this.marks.map((mark) => mark.key),
        found: this.found,
        pinned: this.pinned,
      },
      this.theme,
    );
  }

  #colors(): MapColors {
    const { scale, theme, thresholds } = this;
    return { scale, theme, thresholds, ramp: this.ramp ?? theme.ramp };
  }

  #paintPicture(area: Area): void {
    const context = emptied(this.#picture);
    if (!context) return;
    paintTiles(context, area, this.tiles, this.#images, this.#colors());
    if (this.masked) paintMask(context, area, this.masked, this.theme);
    paintAbsent(context, area, this.absent, this.theme);
    paintFrame(context, area, this.theme);
    paintCorner(context, area, { queries: t('query ↓'), keys: t('key →') }, this.theme);
    const [whole] = this.tiles;
    if (whole && this.minimap && whole.queries[1] >= area.extent.rows)
      this.minimap.draw(
        this.#images.get(whole, this.#colors()),
        area.view,
        area.extent,
        this.theme,
      );
    this.#pictureIsOld = false;
  }

  #cellOf(event: PointerEvent): Cell | null {
    const view = this.viewport;
    return view && cellAt(view, this.extent, event.offsetX, event.offsetY);
  }

  #click(event: PointerEvent): void {
    const cell = this.#cellOf(event);
    this.#emit('choose', cell);
    if (cell) this.#emit('reveal', cell);
  }

  #doubleClick(event: PointerEvent): void {
    const cell = this.#cellOf(event);
    if (cell) this.#mapZoom?.fitRow(cell);
    this.#settle();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#command(event.key)) event.preventDefault();
  }

  #command(key: string): boolean {
    const chosen = this.marks.find((mark) => mark.kind === 'chosen') ?? null;
    const move = MOVES[key];
    if (move) this.#moveChosen(chosen, move);
    else if (key === '+' || key === '=') this.#mapZoom?.step(1, chosen);
    else if (key === '-' || key === '_') this.#mapZoom?.step(-1, chosen);
    else if (key === '0') this.#mapZoom?.fitAll();
    else if (key === 'Enter' && chosen) this.#emit('reveal', chosen);
    else if (key === 'e' && chosen) this.dispatchEvent(new CustomEvent('explain'));
    else if (key === 'Escape' && chosen) this.#emit('choose', null);
    else return false;
    this.#settle();
    return true;
  }

  #moveChosen(from: Cell | null, [rows, columns]: readonly [number, number]): void {
    const start = from ?? this.marks[0];
    const last = this.tokens.texts.length - 1;
    const within = (value: number): number => Math.min(last, Math.max(0, value));
    const cell = start
      ? {
          query: within(start.query + (from ? rows : 0)),
          key: within(start.key + (from ? columns : 0)),
        }
      : { query: 0, key: 0 };
    this.#emit('choose', cell);
    this.#mapZoom?.reveal(cell);
  }

  #emit(name: 'point' | 'choose' | 'reveal', cell: Cell | null): void {
    this.dispatchEvent(
      new CustomEvent<Cell | null>(name, { detail: cell && { query: cell.query, key: cell.key } }),
    );
  }
}
