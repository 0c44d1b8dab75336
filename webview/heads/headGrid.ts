import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Aggregate } from '../../server/protocol';
import type { Theme } from '../color/theme';
import { toggled, withHeads } from '../lines/headSet';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import {
  headGrid,
  moveInOrder,
  movePlace,
  orderedGrid,
  type HeadGridGeometry,
  type HeadPlace,
} from './geometry';
import { captions } from './captions';
import type { FoundHeads } from './foundHeads';
import { statisticText } from './statisticNames';
import { railScale, thumbnailOf, thumbnailPixels } from './thumbnails';

const LINE = 14;
/**
 * Every head of the model as a thumbnail, with the means beside them: the small rail and
 * the large overview alike. Choosing one tells the session; `open` says that the person
 * wants to see it (click or Enter).
 */
@customElement('al-head-grid')
export class HeadGrid extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      overflow: auto;
      min-width: 0;
      min-height: 0;
    }
    [role='listbox'] {
      position: relative;
      outline: none;
    }
    canvas,
    .number,
    [role='option'] {
      position: absolute;
    }
    .number {
      font-size: 10px;
      line-height: 14px;
      color: var(--vscode-descriptionForeground);
      font-variant-numeric: tabular-nums;
      text-align: center;
      pointer-events: none;
    }
    .caption {
      position: absolute;
      font-size: 11px;
      line-height: 14px;
      text-align: center;
      white-space: nowrap;
      pointer-events: none;
      font-variant-numeric: tabular-nums;
    }
    .caption .head {
      display: block;
      color: var(--vscode-descriptionForeground);
    }
    .faded {
      background: color-mix(in srgb, var(--vscode-editor-background) 78%, transparent);
    }
    .number.layer {
      text-align: left;
    }
    [role='option'] {
      box-sizing: border-box;
      cursor: pointer;
      display: flex;
      align-items: center;
      justify-content: center;
      font-size: 11px;
      color: var(--vscode-descriptionForeground);
      outline: 1px solid var(--vscode-contrastBorder, transparent);
      border-radius: 1px;
    }
    .all {
      min-width: max-content;
      padding: 0 6px;
      background: color-mix(in srgb, var(--vscode-foreground) 7%, transparent);
    }
    [role='option']:hover {
      outline: 1px solid var(--vscode-foreground);
    }
    [aria-disabled='true'] {
      background: color-mix(in srgb, var(--vscode-foreground) 4%, transparent);
    }
    .absent {
      cursor: default;
      outline: 1px dashed color-mix(in srgb, var(--vscode-foreground) 25%, transparent);
      outline-offset: -1px;
    }
    .absent:hover {
      outline: 1px dashed var(--vscode-foreground);
    }
    [aria-selected='true'] {
      outline: 2px solid var(--vscode-focusBorder) !important;
      outline-offset: 1px;
      color: var(--vscode-foreground);
      z-index: 1;
    }
    .all[aria-selected='true'] {
      background: var(--vscode-list-activeSelectionBackground, transparent);
      color: var(--vscode-list-activeSelectionForeground, var(--vscode-foreground));
    }
    [role='listbox']:focus-visible [aria-selected='true'] {
      outline-style: double;
      outline-width: 4px !important;
    }
  `;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @property({ type: Boolean, reflect: true }) large = false;
  /** What heads are looked for, where they are. */
  @property({ attribute: false }) found: FoundHeads | null = null;
  @state() private size = { width: 0, height: 0 };
  @query('canvas') private canvas!: HTMLCanvasElement | null;

  readonly #resizes = new ResizeObserver(() => {
    this.size = { width: this.clientWidth, height: this.clientHeight };
  });
  #painted: readonly unknown[] = [];
  /** The place that was scrolled into sight last. */
  #seen = -1;

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
  }

  override render(): TemplateResult | typeof nothing {
    const geometry = this.#geometry();
    if (!geometry) return nothing;
    const chosen = this.#chosen(geometry);
    return html`<div
      role="listbox"
      tabindex="0"
      aria-label=${this.#label()}
      aria-multiselectable="true"
      aria-activedescendant=${chosen < 0 ? nothing : `place-${chosen}`}
      .style=${`width:${geometry.width}px;height:${geometry.height}px`}
      @keydown=${(event: KeyboardEvent) => this.#key(event, geometry, chosen)}
    >
      <canvas aria-hidden="true"></canvas>
      ${geometry.across === undefined ? numbers(geometry) : captions(geometry, this.found!)}
      ${geometry.places.map((place, index) => this.#option(place, index))}
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const geometry = this.#geometry();
    if (geometry) this.#keepInSight(geometry);
    const { saved, answers } = this.session;
    if (!geometry || !this.canvas) return;
    const inputs = [
      this.found,
      answers.overview,
      answers.means,
      saved.scale,
      this.theme,
      geometry.cell,
      devicePixelRatio,
      this.canvas,
    ];
    if (inputs.every((input, index) => input === this.#painted[index])) return;
    this.#painted = inputs;
    this.#paint(this.canvas, geometry);
  }

  #geometry(): HeadGridGeometry | null {
    const { model } = this.session;
    if (!model || this.size.width === 0) return null;
    const { found } = this;
    if (found && found.order !== 'model')
      return orderedGrid(found.heads, {
        width: this.size.width - 12,
        height: this.size.height - 12,
        line: LINE,
      });
    return headGrid({
      layers: model.layers,
      heads: model.heads,
      width: this.size.width - 4,
      height: this.large ? this.size.height - 4 : null,
      line: LINE,
      large: this.large,
    });
  }

  /** Scrolls the rail, and nothing around it, when another head is chosen. */
  #keepInSight(geometry: HeadGridGeometry): void {
    const chosen = this.#chosen(geometry);
    const place = geometry.places[chosen];
    const rail = this.parentElement;
    if (chosen === this.#seen || !place || !rail) return;
    this.#seen = chosen;
    const top = this.offsetTop - rail.offsetTop + place.top;
    const bottom = top + place.height + LINE;
    if (top < rail.scrollTop) rail.scrollTop = top - LINE;
    else if (bottom > rail.scrollTop + rail.clientHeight)
      rail.scrollTop = bottom - rail.clientHeight;
  }

  /** −1 where what is chosen is not among the heads that are shown. */
  #chosen({ places, across }: HeadGridGeometry): number {
    const { layer, head, heads } = this.session.selection;
    const shown = heads?.at(-1) ?? head;
    const found = places.findIndex((place) => place.layer === layer && place.head === shown);
    return across === undefined ? Math.max(0, found) : found;
  }

  #label(): string {
    const { found } = this;
    if (!found || found.order === 'model') return t('Heads: layers downwards, heads across');
    const title = t(found.statistic.title);
    return found.order === 'highest'
      ? t('Heads, highest first by: {0}', title)
      : t('Heads, lowest first by: {0}', title);
  }

  /** What the statistic says of a place, and whether it is among those found. */
  #found({ layer, head }: HeadPlace): { text: string; isFound: boolean } | null {
    const { found } = this;
    if (!found) return null;
    const scored = found.heads.find((each) => each.layer === layer && each.head === head);
    const score = scored?.score ?? found.scoreOf(layer, head);
    if (score === null) return { text: '', isFound: false };
    const text = `${t(found.statistic.title)}: ${statisticText(found.statistic, score)}`;
    return { text, isFound: scored !== undefined };
  }

  #isChosen(place: HeadPlace): boolean {
    const { layer, head, heads } = this.session.selection;
    if (place.layer !== layer) return false;
    return heads && place.head !== null
      ? heads.includes(place.head)
      : place.head === head && !heads;
  }

  /** Rollout mixes the heads of a layer: a click on one is a click on its layer. */
  #isMixed({ head }: HeadPlace): boolean {
    return head !== null && this.session.selection.reading === 'rollout';
  }

  #option(place: HeadPlace, index: number): TemplateResult {
    const { aggregate, reading } = this.session.selection;
    const found = this.#found(place);
    const all = place.layer === null;
    const plain = placeName(place, reading === 'rollout' ? 'rollout' : aggregate);
    const name = [plain, found?.text].filter(Boolean).join(', ');
    const mixed = this.#isMixed(place);
    const absence = this.#absence(place);
    const mixes = mixed
      ? t('Rollout mixes the heads of a layer: it has a picture for each layer.')
      : name;
    const classes = [all ? 'all' : found && !found.isFound ? 'faded' : '', absence ? 'absent' : ''];
    return html`<div
      role="option"
      id="place-${index}"
      class=${classes.filter(Boolean).join(' ')}
      title=${absence ?? mixes}
      aria-label=${absence ? `${name}, ${absence}` : name}
      aria-disabled=${mixed || absence ? 'true' : 'false'}
      aria-selected=${this.#isChosen(place) ? 'true' : 'false'}
      .style=${`left:${place.left}px;top:${place.top}px;width:${place.width}px;height:${place.height}px`}
      @click=${(event: MouseEvent) =>
        event.ctrlKey || event.metaKey ? this.#toggle(place) : this.#choose(place, true)}
    >
      ${all ? plain : nothing}
    </div>`;
  }

  /** Why there is no picture of a place's layer, where it is left out. */
  #absence({ layer }: HeadPlace): string | null {
    const leftOut = this.session.model?.leftOut?.find((each) => each.layer === layer);
    return leftOut ? t('Layer {0} is not shown: {1}', leftOut.layer, leftOut.reason) : null;
  }

  #choose(place: HeadPlace, open: boolean): void {
    if (this.#absence(place)) return;
    this.session.select({ layer: place.layer, head: place.head, heads: null });
    if (open) this.dispatchEvent(new CustomEvent('open'));
  }

  /** Adds a head to those that are shown as one, or takes it out; in another layer it is the first. */
  #toggle(place: HeadPlace): void {
    const { layer, head, heads } = this.session.selection;
    if (place.head === null || this.#isMixed(place)) return this.#choose(place, false);
    const shown = place.layer === layer ? (heads ?? (head === null ? [] : [head])) : [];
    this.session.select({ layer: place.layer, ...withHeads(toggled(shown, place.head)) });
  }

  #key(event: KeyboardEvent, { places, across }: HeadGridGeometry, chosen: number): void {
    const { model } = this.session;
    if (!model) return;
    const open = event.key === 'Enter' || event.key === ' ';
    const from = event.shiftKey ? this.#outermost(places, event.key) : chosen;
    const move = (at: number): number =>
      across === undefined
        ? movePlace(at, event.key, model.layers, model.heads)
        : moveInOrder(at, event.key, across, places.length);
    const next = open ? chosen : this.#shownPlace(places, from, move);
    if (!open && next === from) return;
    event.preventDefault();
    const place = places[next];
    if (!place || (event.shiftKey && place.layer !== this.session.selection.layer)) return;
    // Shift takes the head that is come to together with those before.
    if (event.shiftKey && place.head !== null && !open) this.#toggle(place);
    else this.#choose(place, open);
  }

  /** Where a key leads to from `from`, past layers that are left out; `from` where there is nothing else. */
  #shownPlace(places: readonly HeadPlace[], from: number, move: (at: number) => number): number {
    for (let at = from; ;) {
      const next = move(at);
      const place = places[next];
      if (!place || next === at) return from;
      if (!this.#absence(place)) return next;
      at = next;
    }
  }

  /** The first or last of the heads that are shown as one: the one that a set grows from. */
  #outermost(places: readonly HeadPlace[], key: string): number {
    const { layer, head, heads } = this.session.selection;
    const end = heads?.at(key === 'ArrowLeft' ? 0 : -1) ?? head;
    return places.findIndex((place) => place.layer === layer && place.head === end);
  }

  #paint(canvas: HTMLCanvasElement, { places, width, height, cell }: HeadGridGeometry): void {
    const ratio = devicePixelRatio;
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const { answers, saved } = this.session;
    const context = canvas.getContext('2d');
    const scale = railScale(answers, saved.scale);
    if (!context || !scale) return;
    const side = Math.round(cell * ratio);
    for (const { layer, head, left, top } of places) {
      const thumbnail = thumbnailOf(this.session.answers, layer, head);
      if (!thumbnail) continue;
      const pixels = thumbnailPixels(thumbnail, side, scale, this.theme.ramp);
      context.putImageData(pixels, Math.round(left * ratio), Math.round(top * ratio));
    }
  }
}

function placeName({ layer, head }: HeadPlace, how: Aggregate | 'rollout'): string {
  if (layer !== null && head !== null) return t('layer {0}, head {1}', layer, head);
  switch (how) {
    case 'mean':
      return layer === null ? t('mean of all heads') : t('layer {0}, mean of its heads', layer);
    case 'max':
      return layer === null
        ? t('maximum of all heads')
        : t('layer {0}, maximum of its heads', layer);
    case 'rollout':
      return layer === null ? t('rollout of all layers') : t('rollout up to layer {0}', layer);
  }
}

function numbers({ places, left, top, cell, gap }: HeadGridGeometry): TemplateResult[] {
  const heads = places.filter(({ layer }) => layer === 0);
  const layers = places.filter(({ head, layer }) => head === 0 && layer !== null);
  const every = Math.ceil(14 / (cell + gap));
  return [
    ...heads.map((place) =>
      place.head !== null && place.head % every > 0
        ? html``
        : html`<span
            class="number"
            aria-hidden="true"
            .style=${`left:${place.left - 4}px;top:${top - 16}px;width:${cell + 8}px`}
            >${place.head ?? 'x̄'}</span
          >`,
    ),
    ...layers.map((place) =>
      place.layer! % every > 0
        ? html``
        : html`<span
            class="number layer"
            aria-hidden="true"
            .style=${`left:0;top:${place.top + cell / 2 - 7}px;width:${left}px`}
            >${place.layer}</span
          >`,
    ),
  ];
}
