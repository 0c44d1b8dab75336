import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { emptied, sizeCanvas } from '../map/canvas';
import type { Theme } from '../color/theme';
import { t } from '../text';
import type { TextPicture } from '../export/views/shadedText';
import { laidOutPieces } from './laidOut';
import type { Line } from './segments';
import { paintShades, type Box } from './paintShades';
import type { Shades } from './shades';

/** Moves of the chosen token by key, within the line. */
const STEPS: { readonly [key: string]: number } = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
};

/**
 * The document's text as it stands, with a shade behind each token. The text is laid out once;
 * the shades are drawn on a canvas behind it, so that all can change within a frame. Reports `point`, `choose`,
 * `reveal` and `explain` with a token.
 */
@customElement('al-text-surface')
export class TextSurface extends LitElement {
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
    .scroller {
      position: absolute;
      inset: 0;
      overflow: auto;
    }
    .text {
      min-height: 100%;
      box-sizing: border-box;
      padding: 6px 8px;
      outline: none;
      font-family: var(--vscode-editor-font-family, monospace);
      font-size: var(--vscode-editor-font-size, 13px);
      line-height: 1.95;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      tab-size: 4;
      cursor: default;
    }
    .text:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: -1px;
    }
    .line {
      min-height: 1.95em;
      unicode-bidi: plaintext;
      text-align: start;
    }
    span {
      padding-block: 2px 5px;
      border-radius: 2px;
    }
    .pinned {
      outline: 2px dotted var(--vscode-descriptionForeground);
    }
    .chosen {
      outline: 2px solid var(--vscode-foreground);
      outline-offset: 0;
    }
    :host([stale]) {
      opacity: 0.45;
    }
  `;

  @property({ attribute: false }) lines: readonly Line[] = [];
  @property({ attribute: false }) theme!: Theme;
  /** null while nothing is chosen. */
  @property({ attribute: false }) shades: Shades | null = null;
  /** The token whose attention is shown. */
  @property({ attribute: false }) token: number | null = null;
  /** Tokens that are pinned in the editor. */
  @property({ attribute: false }) pinned: readonly number[] = [];
  @property() label = '';
  @property({ type: Boolean, reflect: true }) stale = false;
  @query('.text') private surface!: HTMLElement;
  @query('.scroller') private scroller!: HTMLElement;
  @query('canvas') private canvas!: HTMLCanvasElement;

  #spans: HTMLElement[] = [];
  /** The pieces of text of each token; several share the bytes of one character. */
  #pieces = new Map<number, HTMLElement[]>();
  #marked: readonly HTMLElement[] = [];
  readonly #resizes = new ResizeObserver(() => this.#measure());
  #boxes: Box[] = [];
  #frame = 0;
  #pointed: number | null = null;
  /** What was scrolled into sight last. */
  #seen: number | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>
      <div class="scroller" @scroll=${() => this.#schedule()}>
        <div
          class="text"
          role="application"
          tabindex="0"
          aria-roledescription=${t('shaded text')}
          aria-label=${this.label}
          @pointermove=${(event: PointerEvent) => this.#point(this.#tokenOf(event))}
          @pointerleave=${() => this.#point(null)}
          @click=${(event: PointerEvent) => this.#click(event)}
          @keydown=${(event: KeyboardEvent) => this.#key(event)}
        ></div>
      </div>`;
  }

  protected override firstUpdated(): void {
    this.#resizes.observe(this.surface);
    this.#resizes.observe(this);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('lines')) this.#write();
    if (['token', 'pinned', 'lines'].some((name) => changed.has(name))) this.#mark();
    this.#schedule();
  }

  /** Writes the text: as text, whatever stands in it. */
  #write(): void {
    this.#spans = [];
    this.#marked = [];
    this.#pieces.clear();
    const written = this.lines.map((line) => {
      const element = document.createElement('div');
      element.className = 'line';
      for (const { text, tokens } of line) {
        const span = document.createElement('span');
        span.textContent = text;
        if (tokens.length > 0) span.dataset.tokens = tokens.join(' ');
        this.#spans.push(span);
        for (const token of tokens)
          this.#pieces.set(token, [...(this.#pieces.get(token) ?? []), span]);
        element.append(span);
      }
      return element;
    });
    this.surface.replaceChildren(...written);
    this.#measure();
  }

  /** Where each piece of text stands; only asked for when the layout has changed. */
  #measure(): void {
    const { left, top } = this.surface.getBoundingClientRect();
    this.#boxes = this.#spans.flatMap((span, segment) =>
      span.dataset.tokens
        ? Array.from(span.getClientRects(), ({ x, y, width, height }) => ({
            segment,
            x: x - left,
            y: y - top,
            width,
            height,
          }))
        : [],
    );
    this.#schedule();
  }

  /** All that changed since the last frame is drawn once. */
  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const { canvas, scroller } = this;
    const { clientWidth: width, clientHeight: height, scrollTop } = scroller;
    sizeCanvas(canvas, width, height);
    const context = emptied(canvas);
    if (context && this.shades)
      paintShades(context, this.#boxes, this.shades, { top: scrollTop, height }, this.theme);
  }

  #mark(): void {
    for (const span of this.#marked) span.classList.remove('chosen', 'pinned');
    const pieces = (token: number): HTMLElement[] => this.#pieces.get(token) ?? [];
    const pinned = this.pinned.flatMap(pieces);
    const chosen = this.token === null ? [] : pieces(this.token);
    for (const span of pinned) span.classList.add('pinned');
    for (const span of chosen) span.classList.add('chosen');
    this.#marked = [...pinned, ...chosen];
  }

  /** Brings a token into sight, moving no further than needed. */
  show(token: number): void {
    if (token === this.#seen) return;
    this.#seen = token;
    this.#spanOf(token)?.scrollIntoView({ block: 'nearest' });
  }

  /** The whole text as it is laid out, in sight or not. */
  layout(): Pick<TextPicture, 'pieces' | 'width' | 'height' | 'fontSize'> {
    const { surface } = this;
    const { left, top, width } = surface.getBoundingClientRect();
    const pieces = this.#spans.flatMap((span, segment) =>
      laidOutPieces(span, { left, top }).map((piece) => ({
        ...piece,
        segment,
        chosen: span.classList.contains('chosen'),
      })),
    );
    const height = pieces.reduce((bottom, piece) => Math.max(bottom, piece.y + piece.height), 0);
    return { pieces, width, height, fontSize: parseFloat(getComputedStyle(surface).fontSize) };
  }

  #spanOf(token: number): HTMLElement | undefined {
    return this.#pieces.get(token)?.[0];
  }

  #tokenOf(event: Event): number | null {
    const [target] = event.composedPath();
    return target instanceof HTMLElement ? (tokensOf(target)[0] ?? null) : null;
  }

  #point(token: number | null): void {
    if (token === this.#pointed) return;
    this.#pointed = token;
    this.#emit('point', token);
  }

  #click(event: Event): void {
    const token = this.#tokenOf(event);
    this.#seen = token;
    this.#emit('choose', token);
    if (token !== null) this.#emit('reveal', token);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const next = this.#next(key);
    if (next !== null) {
      this.#emit('choose', next);
      this.show(next);
    } else if (key === 'Enter' && this.token !== null) this.#emit('reveal', this.token);
    else if (key === 'e' && this.token !== null) this.#emit('explain', this.token);
    else if (key === 'Escape' && this.token !== null) this.#emit('choose', null);
    else return;
    event.preventDefault();
  }

  #next(key: string): number | null {
    const order = [...this.#pieces.keys()];
    const at = this.token === null ? -1 : order.indexOf(this.token);
    const step = STEPS[key];
    if (step !== undefined) {
      const within = Math.min(order.length - 1, Math.max(0, at === -1 ? 0 : at + step));
      return order[within] ?? null;
    }
    if (key === 'ArrowUp') return this.#across(-1) ?? order[0] ?? null;
    return key === 'ArrowDown' ? (this.#across(1) ?? order[0] ?? null) : null;
  }

  /** The token next above or below, as it is laid out. */
  #across(direction: 1 | -1): number | null {
    const from = this.token === null ? undefined : this.#spanOf(this.token);
    if (!from) return null;
    const start = boxOf(from);
    let best: { span: HTMLElement; down: number; aside: number } | null = null;
    for (const span of this.#spans) {
      if (!span.dataset.tokens) continue;
      const box = boxOf(span);
      const down = (box.y - start.y) * direction;
      if (down < start.height / 2) continue;
      const aside = Math.abs(box.x - start.x);
      const nearer = !best || down < best.down - 2 || (down < best.down + 2 && aside < best.aside);
      if (nearer) best = { span, down, aside };
    }
    return best ? (tokensOf(best.span)[0] ?? null) : this.token;
  }

  #emit(name: 'point' | 'choose' | 'reveal' | 'explain', token: number | null): void {
    this.dispatchEvent(new CustomEvent<number | null>(name, { detail: token }));
  }
}

function tokensOf(element: HTMLElement): number[] {
  return element.dataset.tokens?.split(' ').map(Number) ?? [];
}

/** Where a token begins, as it is laid out; the first line of one that goes over several. */
function boxOf(span: HTMLElement): { x: number; y: number; height: number } {
  const box = span.getClientRects()[0] ?? span.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y, height: box.height };
}
