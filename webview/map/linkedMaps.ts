import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, queryAll } from 'lit/decorators.js';
import type { Ramp } from '../color/ramp';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { t } from '../text';
import './attentionMap';
import type { AttentionMap } from './attentionMap';
import type { AxisTokens } from './axes';
import type { MaskedCells } from './maskedCells';
import type { Mark } from './paint';
import type { Tile } from './picture';
import type { Cell, Extent, Viewport } from './viewport';
import type { SavedZoom } from './zoom';

/** One of up to three maps, and its place among them. */
export interface LinkedMap {
  area: 'first' | 'second' | 'difference';
  title: string;
  tiles: readonly Tile[];
  scale: WeightScale;
  ramp: Ramp;
  /** Tokens that it has no row and no column of. */
  absent?: ReadonlySet<number>;
  /** Cells that the model hides. */
  masked?: Pick<MaskedCells, 'seen'> | null;
}

/** What the maps tell of what a person does; each detail is that of {@link AttentionMap}. */
const TOLD = ['zoomed', 'point', 'choose', 'reveal'] as const;

const NONE: ReadonlySet<number> = new Set();

/**
 * Maps of the same axes beside each other: whichever is moved, all show the same part. Two stand at
 * the left and their difference, as large as both, at the right; less beside each other where
 * there is little room.
 */
@customElement('al-linked-maps')
export class LinkedMaps extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      min-width: 0;
      min-height: 0;
      container-type: size;
    }
    .maps {
      flex: 1;
      min-width: 0;
      min-height: 0;
      display: grid;
      gap: 6px 14px;
      grid-template:
        'first difference' minmax(0, 1fr) 'second difference' minmax(0, 1fr) / minmax(0, 38fr)
        minmax(0, 62fr);
    }
    .maps.one {
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    }
    .maps.two {
      grid-template: 'first second' minmax(0, 1fr) / minmax(0, 1fr) minmax(0, 1fr);
    }
    .maps.one figure {
      grid-area: 1 / 1 / 2 / 2 !important;
    }
    @container (aspect-ratio > 2) {
      .maps.three {
        grid-template: 'first second difference' minmax(0, 1fr) / repeat(3, minmax(0, 1fr));
      }
    }
    @container (max-width: 620px) or ((max-width: 690px) and (max-aspect-ratio: 2/3)) {
      .maps.three {
        grid-template:
          'difference difference' minmax(0, 8fr) 'first second' minmax(0, 5fr) / minmax(0, 1fr)
          minmax(0, 1fr);
      }
    }
    @container (max-width: 360px) {
      .maps.three {
        grid-template:
          'difference' minmax(0, 1fr) 'first' minmax(0, 1fr) 'second' minmax(0, 1fr) /
          minmax(0, 1fr);
      }
      .maps.two {
        grid-template: 'first' minmax(0, 1fr) 'second' minmax(0, 1fr) / minmax(0, 1fr);
      }
    }
    figure {
      margin: 0;
      min-width: 0;
      min-height: 0;
      display: flex;
      flex-direction: column;
      gap: 2px;
    }
    figcaption {
      font-size: 11px;
      font-weight: 600;
      color: var(--vscode-descriptionForeground);
      overflow: hidden;
      text-overflow: ellipsis;
    }
    al-attention-map {
      flex: 1;
    }
  `;

  @property({ attribute: false }) theme!: Theme;
  @property({ attribute: false }) maps: readonly LinkedMap[] = [];
  @property({ attribute: false }) tokens: AxisTokens = { texts: [], special: new Set() };
  @property({ attribute: false }) marks: readonly Mark[] = [];
  @property({ attribute: false }) zoom: SavedZoom = { k: 1, x: 0, y: 0 };
  @property({ type: Boolean }) stale = false;
  @queryAll('al-attention-map') private all!: NodeListOf<AttentionMap>;

  #following = false;

  override render(): TemplateResult {
    const count = ['none', 'one', 'two', 'three'][this.maps.length] ?? 'three';
    return html`<div class="maps ${count}">${this.maps.map((map) => this.#map(map))}</div>`;
  }

  /** Shows the whole of each. */
  fit(): void {
    for (const map of this.all) map.fit();
  }

  /** Brings a cell into sight. */
  reveal(cell: Cell): void {
    this.all[0]?.reveal(cell);
  }

  /** That of the map which shows cells largest; null before any is drawn. */
  get viewport(): Viewport | null {
    const views = [...this.all].map((map) => map.viewport).filter((view) => view !== null);
    return views.sort((a, b) => b.cell - a.cell)[0] ?? null;
  }

  get extent(): Extent {
    const count = this.tokens.texts.length;
    return { rows: count, columns: count };
  }

  #map({ area, title, tiles, scale, ramp, absent, masked }: LinkedMap): TemplateResult {
    return html`<figure .style=${`grid-area:${area}`}>
      <figcaption title=${title}>${title}</figcaption>
      <al-attention-map
        .theme=${this.theme}
        .tiles=${tiles}
        .scale=${scale}
        .ramp=${ramp}
        .tokens=${this.tokens}
        .marks=${this.marks}
        .absent=${absent ?? NONE}
        .zoom=${this.zoom}
        .label=${`${title}. ${t('Arrow keys choose a cell, plus and minus zoom, 0 shows all, Enter shows both tokens in the editor.')}`}
        ?stale=${this.stale}
        .masked=${masked ?? null}
        @viewport=${(event: Event) => this.#moved(event.target as AttentionMap)}
        @zoomed=${this.#tell}
        @point=${this.#tell}
        @choose=${this.#tell}
        @reveal=${this.#tell}
      ></al-attention-map>
    </figure>`;
  }

  readonly #tell = (event: Event): void => {
    const name = TOLD.find((each) => each === event.type);
    if (name && event instanceof CustomEvent)
      this.dispatchEvent(new CustomEvent<unknown>(name, { detail: event.detail }));
  };

  /** All maps show the same part; only the one that was moved leads. */
  #moved(leader: AttentionMap): void {
    if (this.#following) return;
    this.#following = true;
    const { place } = leader;
    if (place) for (const map of this.all) if (map !== leader && map.place) map.goTo(place);
    this.#following = false;
    this.dispatchEvent(new CustomEvent('viewport'));
  }
}
