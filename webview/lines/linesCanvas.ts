import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { copyCanvas, emptied, sizeCanvas } from '../map/canvas';
import { gutterSize, type AxisTokens } from '../map/axes';
import type { Cell, Span } from '../map/viewport';
import { t } from '../text';
import {
  middleOf,
  placeLines,
  READABLE_ROW,
  rowHeight,
  tokensInSight,
  tokenUnder,
  type LinesPlace,
} from './geometry';
import type { Line } from './lineChoice';
import { isSameTarget, strongestOf, type Isolated, type LinesTarget } from './target';
import { lineUnder } from './lineHit';
import { paintLabels, paintLine, paintLines, type LineStyle } from './paintLines';

const STALE_OPACITY = 0.4;
/** What is not of the isolated token steps back, and less far what is beside a single line. */
const BACK_OPACITY = 0.12;
const BESIDE_OPACITY = 0.4;
const ZOOM_STEP = 1.25;

/** Moves of the chosen token by key. */
const MOVES: { readonly [key: string]: number } = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

/** Height of rows (null: all in sight), and the first token in sight as a share of all. */
export interface LinesZoom {
  row: number | null;
  at: number;
}

/**
 * Two columns of tokens and the lines between them on a canvas, as high as the text is long; only
 * what is in sight is drawn. It draws what it is given and reports what the person does:
 * `sight` (other tokens are in sight), `point` and `choose` with a token or a line, `reveal` with
 * the tokens at both ends, `explain` with a line, `zoomed`.
 */
@customElement('al-lines-canvas')
export class LinesCanvas extends LitElement {
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
      pointer-events: none;
    }
    .scroller {
      position: absolute;
      inset: 0;
      overflow: hidden auto;
      outline: none;
    }
    .scroller:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: -1px;
    }
  `;

  @property({ attribute: false }) theme!: Theme;
  @property({ attribute: false }) tokens: AxisTokens = { texts: [], special: new Set() };
  @property({ attribute: false }) lines: readonly Line[] = [];
  @property({ attribute: false }) isolated: Isolated | null = null;
  /** The line that is pointed at or chosen. */
  @property({ attribute: false }) line: Line | null = null;
  @property({ attribute: false }) styles: readonly LineStyle[] = [];
  @property({ attribute: false }) scale!: WeightScale;
  /** Tokens to name whatever else is named: chosen, and at the editor's cursor. */
  @property({ attribute: false }) marked: readonly number[] = [];
  @property({ attribute: false }) chosen: number | null = null;
  @property({ attribute: false }) zoom: LinesZoom = { row: READABLE_ROW, at: 0 };
  @property({ attribute: false }) label = '';
  @property({ type: Boolean }) stale = false;
  @query('canvas') private canvas!: HTMLCanvasElement;
  @query('.scroller') private scroller!: HTMLElement;
  @query('.spacer') private spacer!: HTMLElement;

  readonly #picture = document.createElement('canvas');
  readonly #resizes = new ResizeObserver(() => this.#layOut());
  #place: LinesPlace | null = null;
  #gutter = 0;
  #row: number | null = READABLE_ROW;
  #frame = 0;
  #pictureIsOld = true;
  #laidOut = false;
  #pointed: LinesTarget | null = null;

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
        class="scroller"
        role="application"
        tabindex="0"
        aria-roledescription=${t('attention lines')}
        aria-label=${this.label}
        @scroll=${() => this.#scrolled()}
        @wheel=${(event: WheelEvent) => this.#wheel(event)}
        @pointermove=${(event: PointerEvent) => this.#point(this.#targetOf(event))}
        @pointerleave=${() => this.#point(null)}
        @click=${(event: PointerEvent) => this.#click(event)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      >
        <div class="spacer"></div>
      </div>`;
  }

  protected override firstUpdated(): void {
    this.#row = this.zoom.row;
    this.#layOut();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('tokens') || (changed.has('theme') && changed.get('theme'))) {
      this.#gutter = 0;
      this.#layOut();
    }
    if (['lines', 'scale', 'theme', 'styles'].some((name) => changed.has(name)))
      this.#pictureIsOld = true;
    this.#schedule();
  }

  /** Shows all tokens. */
  fit(): void {
    this.#setRow(null, 0);
  }

  /** Tokens in sight; null before there is room for any. */
  get sight(): Span | null {
    return this.#place && tokensInSight(this.#place, this.tokens.texts.length);
  }

  /** Brings a token into sight, moving no further than needed. */
  show(token: number): void {
    const place = this.#place;
    if (!place) return;
    const top = middleOf(place, token) - place.row;
    const bottom = top + 2 * place.row;
    if (top < 0) this.scroller.scrollTop += top;
    else if (bottom > place.height) this.scroller.scrollTop += bottom - place.height;
  }

  #layOut(): void {
    const count = this.tokens.texts.length;
    const context = this.#picture.getContext('2d');
    if (!this.scroller || !context || count === 0) return;
    const { clientWidth: width, clientHeight: height } = this.scroller;
    if (width === 0 || height === 0) return;
    const at = this.#laidOut ? this.#at(count) : this.zoom.at;
    this.#laidOut = true;
    this.#gutter ||= gutterSize(context, this.tokens, this.theme);
    for (const canvas of [this.canvas, this.#picture]) sizeCanvas(canvas, width, height);
    const row = rowHeight(this.#row, count, height);
    this.spacer.style.height = `${Math.floor(row * count)}px`;
    this.scroller.scrollTop = at * row * count;
    this.#moved(row);
  }

  #moved(row: number): void {
    const { clientWidth: width, clientHeight: height, scrollTop } = this.scroller;
    this.#place = placeLines({
      width,
      height,
      row,
      top: -scrollTop,
      count: this.tokens.texts.length,
      label: this.#gutter,
    });
    this.#pictureIsOld = true;
    this.dispatchEvent(new CustomEvent('sight'));
    this.#schedule();
  }

  #scrolled(): void {
    if (!this.#place || -this.#place.top === this.scroller.scrollTop) return;
    this.#moved(this.#place.row);
    this.#settle();
  }

  #at(count: number): number {
    return this.#place ? -this.#place.top / (this.#place.row * count) : 0;
  }

  #settle(): void {
    const zoom: LinesZoom = { row: this.#row, at: this.#at(this.tokens.texts.length) };
    this.dispatchEvent(new CustomEvent('zoomed', { detail: zoom }));
  }

  /** Changes the height of rows; what is at `y` stays there. */
  #setRow(row: number | null, y: number): void {
    const place = this.#place;
    const count = this.tokens.texts.length;
    if (!place) return;
    const token = (y - place.top) / place.row;
    const next = rowHeight(row, count, place.height);
    const smallest = next <= rowHeight(null, count, place.height) + 1e-6;
    this.#row = smallest && row !== null && next < READABLE_ROW ? null : row && next;
    this.spacer.style.height = `${Math.floor(next * count)}px`;
    this.scroller.scrollTop = token * next - y;
    this.#moved(next);
    this.#settle();
  }

  #step(direction: 1 | -1, y: number): void {
    if (this.#place) this.#setRow(this.#place.row * ZOOM_STEP ** direction, y);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#step(event.deltaY < 0 ? 1 : -1, this.#offset(event).y);
  }

  /** All that changed since the last frame is drawn once. */
  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const place = this.#place;
    if (!place || !this.scale) return;
    if (this.#pictureIsOld) this.#paintPicture(place);
    const { theme, isolated } = this;
    const context = emptied(this.canvas);
    if (!context) return;
    const opacity = this.stale ? STALE_OPACITY : 1;
    context.globalAlpha = isolated ? BACK_OPACITY : this.line ? BESIDE_OPACITY : opacity;
    copyCanvas(context, this.#picture);
    context.globalAlpha = opacity;
    if (isolated)
      paintLines(context, place, isolated.lines, this.scale, (line) => this.#isolatedStyle(line));
    context.globalAlpha = opacity;
    if (this.line) paintLine(context, place, this.line, theme.foreground);
    this.#paintColumn(context, place, 'queries', theme.reads, theme.readBy);
    this.#paintColumn(context, place, 'keys', theme.readBy, theme.reads);
  }

  /** At the left stands what reads: the token itself in its colour, its readers in the other's. */
  #paintColumn(
    context: CanvasRenderingContext2D,
    place: LinesPlace,
    side: 'queries' | 'keys',
    own: string,
    tint: string,
  ): void {
    const { isolated, line, theme } = this;
    const ends = line ? [side === 'queries' ? line.query : line.key] : [];
    const marked = [...ends, ...(isolated ? [isolated.token] : []), ...this.marked];
    const tints = isolated ? this.#tints(isolated, side) : new Map<number, number>();
    paintLabels(context, place, this.tokens, side, { marked, tints }, { theme, own, tint });
  }

  /** Tokens at the other end of the isolated one's lines, by their strongest line. */
  #tints({ token, lines }: Isolated, side: 'queries' | 'keys'): Map<number, number> {
    const tints = new Map<number, number>();
    for (const line of lines) {
      const [end, other] = side === 'queries' ? [line.key, line.query] : [line.query, line.key];
      if (end === token) tints.set(other, this.scale.position(line.weight));
    }
    return tints;
  }

  #styleOf({ head }: Line): LineStyle {
    return this.styles[head] ?? { color: this.theme.foreground, dash: [] };
  }

  /** One head's lines show the direction; those of several have to tell the heads apart. */
  #isolatedStyle(line: Line): LineStyle {
    if (this.styles.length > 1) return this.#styleOf(line);
    const reads = line.query === this.isolated?.token;
    return reads
      ? { color: this.theme.reads, dash: [] }
      : { color: this.theme.readBy, dash: [5, 3] };
  }

  #paintPicture(place: LinesPlace): void {
    const context = emptied(this.#picture);
    if (!context) return;
    paintLines(context, place, this.lines, this.scale, (line) => this.#styleOf(line));
    this.#pictureIsOld = false;
  }

  #offset(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.scroller.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #targetOf(event: MouseEvent): LinesTarget | null {
    const place = this.#place;
    if (!place) return null;
    const point = this.#offset(event);
    const token = tokenUnder(place, this.tokens.texts.length, point.x, point.y);
    if (token !== null) return { token };
    const line = lineUnder(place, this.isolated?.lines ?? this.lines, point);
    return line && { line };
  }

  #point(target: LinesTarget | null): void {
    if (isSameTarget(target, this.#pointed)) return;
    this.#pointed = target;
    this.#emit('point', target);
  }

  #click(event: MouseEvent): void {
    const target = this.#targetOf(event);
    this.#emit('choose', target);
    if (target) this.#reveal(target);
  }

  #reveal(target: LinesTarget): void {
    const { query, key } =
      'line' in target ? target.line : { query: target.token, key: target.token };
    this.dispatchEvent(new CustomEvent<Cell>('reveal', { detail: { query, key } }));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.#command(event.key)) event.preventDefault();
  }

  #command(key: string): boolean {
    const move = MOVES[key];
    const middle = (this.#place?.height ?? 0) / 2;
    const { chosen } = this;
    if (move !== undefined) this.#moveChosen(move);
    else if (key === '+' || key === '=') this.#step(1, middle);
    else if (key === '-' || key === '_') this.#step(-1, middle);
    else if (key === '0') this.fit();
    else if (key === 'ArrowRight' || key === 'ArrowLeft')
      this.#follow(key === 'ArrowRight' ? 'reads' : 'readBy');
    else if (key === 'Enter' && chosen !== null)
      this.#reveal(this.line ? { line: this.line } : { token: chosen });
    else if (key === 'e') this.#explain();
    else if (key === 'Escape' && chosen !== null) this.#emit('choose', null);
    else return false;
    return true;
  }

  #moveChosen(step: number): void {
    const last = this.tokens.texts.length - 1;
    const start = this.chosen ?? this.marked[0] ?? this.sight?.[0] ?? 0;
    const token = Math.min(last, Math.max(0, this.chosen === null ? start : start + step));
    this.#emit('choose', { token });
    this.show(token);
  }

  #explain(): void {
    const line = this.line ?? (this.isolated && strongestOf(this.isolated));
    if (line) this.dispatchEvent(new CustomEvent<Line>('explain', { detail: line }));
  }

  /** Goes along the chosen token's strongest line. */
  #follow(direction: 'reads' | 'readBy'): void {
    const { isolated } = this;
    const along = isolated?.lines
      .toReversed()
      .find(({ query, key }) =>
        query === key ? false : (direction === 'reads' ? query : key) === isolated.token,
      );
    if (!along) return;
    const token = direction === 'reads' ? along.key : along.query;
    this.#emit('choose', { token });
    this.show(token);
  }

  #emit(name: 'point' | 'choose', target: LinesTarget | null): void {
    this.dispatchEvent(new CustomEvent<LinesTarget | null>(name, { detail: target }));
  }
}
