import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { weightScale, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import type { MaybeExportable } from '../export/exportable';
import { wholeFileExport } from '../export/views/wholeFile';
import { percent } from '../format';
import '../map/legend';
import type { PanelDocumentMap } from '../protocol';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import { cellWeight, largestWeight } from './bandPicture';
import { bandImage, paintDocument, paintWindow, placeOf, type Place } from './paintDocument';
import { steppedWindow } from './steppedWindow';
import { windowAtShare } from './windowRuns';

const STALE_OPACITY = 0.4;
/** Cells are not smaller than pixels, and an answer has room for so many. */
const MOST_CELLS = 600;
/** Sizes that are asked for: a panel that is dragged wider does not ask for each width. */
const CELL_STEP = 100;

/** A place on the map, in cells. */
interface Pointed {
  query: number;
  key: number;
  window: number;
}

/**
 * The whole file on one axis of its tokens. A click, or Enter on the window chosen by the arrow
 * keys, goes to a window (`open`); Escape and 0 go back to the one that was shown (`leave`).
 */
@customElement('al-document-map')
export class DocumentMap extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      gap: 6px;
      min-width: 0;
      min-height: 0;
    }
    .surface {
      flex: 1;
      position: relative;
      min-height: 120px;
      overflow: hidden;
      cursor: pointer;
      touch-action: none;
      outline: none;
    }
    .surface:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: -1px;
    }
    canvas {
      position: absolute;
      inset: 0;
    }
    footer {
      display: flex;
      justify-content: space-between;
      align-items: center;
      flex-wrap: wrap;
      gap: 6px 12px;
      min-height: 34px;
      font-variant-numeric: tabular-nums;
    }
    .readout {
      flex: 1 1 160px;
      min-width: 0;
      white-space: nowrap;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    .hint {
      color: var(--vscode-descriptionForeground);
    }
    .weight {
      font-weight: 600;
      margin-inline-start: 8px;
    }
  `;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @state() private pointed: Pointed | null = null;
  /** The window chosen by key; null: the one that is shown. */
  @state() private aim: number | null = null;
  @query('canvas') private canvas!: HTMLCanvasElement;
  @query('.surface') private surface!: HTMLElement;

  readonly #resizes = new ResizeObserver(() => this.requestUpdate());
  #image: {
    of: PanelDocumentMap;
    scale: WeightScale;
    theme: Theme;
    canvas: HTMLCanvasElement;
  } | null = null;
  #scale: WeightScale = weightScale('log', 1, 1);
  #cells = CELL_STEP;
  #frame = 0;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.session.file.map.rest();
  }

  /** What is drawn, with its title; `notYet` before anything is. */
  exportable(title: string): MaybeExportable {
    const map = this.#map;
    if (!map || map.tokens === 0 || this.session.stale || !this.session.file.map.current)
      return this.session.file.map.refusal ? null : 'notYet';
    const { clientWidth: width, clientHeight: height } = this.surface;
    return wholeFileExport({
      ...{ session: this.session, title, map, scale: this.#scale, width, height },
    });
  }

  override focus(): void {
    this.surface.focus();
  }

  protected override willUpdate(): void {
    const map = this.#map;
    if (!map) return;
    const { kind, max } = this.#scale;
    const largest = largestWeight(map);
    if (kind !== this.session.saved.scale || (largest > 0 && largest !== max))
      this.#scale = weightScale(this.session.saved.scale, largest, map.width);
  }

  override render(): TemplateResult {
    const { refusal } = this.session.file.map;
    const map = this.#map;
    const count = map?.windows.length ?? 1;
    const at = this.aim ?? this.#shown;
    return html`<div
        class="surface"
        role="slider"
        tabindex="0"
        aria-orientation="vertical"
        aria-label=${t('Map of the whole file. Arrow keys choose a window, Enter goes to it, 0 goes back.')}
        aria-valuemin="0"
        aria-valuemax=${Math.max(0, count - 1)}
        aria-valuenow=${at}
        aria-valuetext=${this.#windowText(at)}
        @pointermove=${(event: PointerEvent) => (this.pointed = this.#under(event))}
        @pointerleave=${() => (this.pointed = null)}
        @click=${(event: PointerEvent) => this.#open(this.#under(event)?.window ?? null)}
        @keydown=${(event: KeyboardEvent) => this.#key(event, count)}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      ${refusal ? html`<p role="alert">${refusal.message}</p>` : nothing}
      <footer>
        ${this.#readout()}
        <al-legend .scale=${this.#scale} .theme=${this.theme}></al-legend>
      </footer>`;
  }

  protected override updated(): void {
    const { clientWidth: width, clientHeight: height } = this.surface;
    if (width > 0 && height > 0) {
      const side = placeOf(width, height).side * devicePixelRatio;
      const wanted = CELL_STEP * Math.max(1, Math.round(side / CELL_STEP));
      this.#cells = Math.min(MOST_CELLS, wanted);
    }
    this.session.wantWholeMap(this.#cells);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  get #map(): PanelDocumentMap | null {
    return this.session.file.map.value;
  }

  get #shown(): number {
    return this.session.tokens?.window.index ?? 0;
  }

  #paint(): void {
    const context = this.canvas.getContext('2d');
    const { clientWidth: width, clientHeight: height } = this.surface;
    if (!context || width === 0 || height === 0) return;
    this.canvas.width = Math.round(width * devicePixelRatio);
    this.canvas.height = Math.round(height * devicePixelRatio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const map = this.#map;
    if (!map || map.tokens === 0) return;
    context.scale(devicePixelRatio, devicePixelRatio);
    const old = this.session.stale || !this.session.file.map.current;
    this.canvas.style.opacity = old ? String(STALE_OPACITY) : '';
    const place = placeOf(width, height);
    paintDocument(context, place, map, this.#imageOf(map), this.theme);
    paintWindow(context, place, map, this.#shown, this.theme.reads, 1.5);
    const other = this.pointed?.window ?? this.aim;
    if (other !== null && other !== this.#shown)
      paintWindow(context, place, map, other, this.theme.foreground, 1);
  }

  #imageOf(map: PanelDocumentMap): HTMLCanvasElement {
    const [scale, theme] = [this.#scale, this.theme];
    if (this.#image?.of !== map || this.#image.scale !== scale || this.#image.theme !== theme)
      this.#image = { of: map, scale, theme, canvas: bandImage(map, scale, theme) };
    return this.#image.canvas;
  }

  #under({ offsetX, offsetY }: PointerEvent): Pointed | null {
    const map = this.#map;
    if (!map || map.tokens === 0) return null;
    const place: Place = placeOf(this.surface.clientWidth, this.surface.clientHeight);
    const [x, y] = [(offsetX - place.left) / place.side, (offsetY - place.top) / place.side];
    if (x < 0 || x >= 1 || y < 0 || y >= 1) return null;
    return {
      query: Math.floor(y * map.size),
      key: Math.floor(x * map.size),
      window: windowAtShare(map.windows, map.tokens, y),
    };
  }

  #readout(): TemplateResult {
    const map = this.#map;
    const cell = this.pointed;
    if (!map)
      return html`<div class="readout hint" role="status">
        ${t('Looking at the whole file …')}
      </div>`;
    if (!cell) return html`<div class="readout hint" role="status">${coverageText(map)}</div>`;
    const weight = cellWeight(map, cell.query, cell.key);
    const tokens = (at: number): string => tokensText(map, at);
    const said =
      weight === null
        ? map.windows[cell.window]?.analysed
          ? t('never seen together')
          : t('not analysed yet')
        : percent(weight);
    return html`<div class="readout">
      ${t('tokens {0} read tokens {1}', tokens(cell.query), tokens(cell.key))}
      <span class="weight">${said}</span>
      <span class="hint"> · ${t('window {0} of {1}', cell.window, map.windows.length)}</span>
    </div>`;
  }

  #windowText(index: number): string {
    const map = this.#map;
    const window = map?.windows[index];
    if (!map || !window) return t('window {0}', index);
    const name = t('window {0} of {1}', index, map.windows.length);
    const place = t('tokens {0} to {1} of {2}', window.start, window.end - 1, map.tokens);
    return `${name}, ${place}, ${window.analysed ? t('analysed') : t('not analysed yet')}`;
  }

  #key(event: KeyboardEvent, count: number): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const from = this.aim ?? this.#shown;
    const target = steppedWindow(event.key, from, count);
    if (target !== null) this.aim = target;
    else if (event.key === 'Enter' || event.key === '+') this.#open(from);
    else if (event.key === 'Escape' || event.key === '0')
      this.dispatchEvent(new CustomEvent('leave'));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #open(index: number | null): void {
    if (index === null) return;
    if (index !== this.#shown) this.session.showWindow(index);
    this.dispatchEvent(new CustomEvent('open'));
  }
}

/** "12 to 17": the tokens of a cell. */
function tokensText({ tokens, size }: PanelDocumentMap, cell: number): string {
  const start = (at: number): number => Math.floor((at * tokens) / size);
  const [first, last] = [start(cell), start(cell + 1) - 1];
  return first === last ? String(first) : t('{0} to {1}', first, last);
}

/** How much of the file is in its map. */
export function coverageText({ windows }: Pick<PanelDocumentMap, 'windows'>): string {
  const there = windows.filter(({ analysed }) => analysed).length;
  return there < windows.length
    ? t('{0} of {1} windows so far', there, windows.length)
    : t('all {0} windows', there);
}
