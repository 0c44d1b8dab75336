import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../map/attentionMap';
import '../map/legend';
import { weightScale, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { tokenText } from '../format';
import { thumbnailOf } from '../heads/thumbnails';
import type { AttentionMap } from '../map/attentionMap';
import type { AxisTokens } from '../map/axes';
import type { Mark } from '../map/paint';
import { thumbnailTile, type Picture } from '../map/picture';
import { planTiles, poolFor, poolForWhole } from '../map/tiles';
import { visibleCells, type Cell } from '../map/viewport';
import type { SavedZoom } from '../map/zoom';
import type { PanelTokens } from '../protocol';
import { lensKey } from '../session/lens';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import { readout } from './readout';
import { encodingName, readingName, selectionName, sinkShare, windowName } from './sentence';
import type { Fittable, View } from './view';

/** A picture with the tokens it was asked for: an edit must not put new names on old rows. */
interface Drawn {
  picture: Picture;
  tokens: PanelTokens;
  axes: AxisTokens;
  document: string | undefined;
}

/** One head's map (or a mean's) with read-out and legend. */
@customElement('al-head-view')
export class HeadView extends LitElement implements Fittable {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      gap: 6px;
      min-width: 0;
      min-height: 0;
    }
    al-attention-map {
      flex: 1;
    }
    footer {
      display: flex;
      justify-content: space-between;
      align-items: center;
      gap: 12px;
      min-height: 34px;
      flex-wrap: wrap;
    }
    .readout {
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
      overflow: hidden;
      text-overflow: ellipsis;
      min-width: 0;
    }
    code {
      font-family: var(--vscode-editor-font-family, monospace);
      color: inherit;
    }
    .number {
      color: var(--vscode-descriptionForeground);
      font-size: 0.9em;
    }
    .weight {
      font-weight: 600;
      margin-inline-start: 8px;
    }
    .hint {
      color: var(--vscode-descriptionForeground);
    }
    .unseen {
      position: absolute;
      clip-path: inset(50%);
      width: 1px;
      height: 1px;
      overflow: hidden;
      white-space: nowrap;
    }
  `;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @query('al-attention-map') private map!: AttentionMap | null;

  /** What is being fetched, and what is on screen until its first part is here. */
  #next: Drawn | null = null;
  #shown: Drawn | null = null;
  #document: string | undefined;
  #scale: WeightScale = weightScale('log', 1, 1);

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#next?.picture.stop();
    this.#next = null;
    this.session.point(null);
  }

  fit(): void {
    this.map?.fit();
  }

  protected override willUpdate(): void {
    this.#follow();
    const shown = this.#shown;
    if (!shown) return;
    const { max } = shown.picture;
    const count = shown.tokens.texts.length;
    const { kind, max: drawnMax } = this.#scale;
    if (kind !== this.session.saved.scale || (max > 0 && max !== drawnMax))
      this.#scale = weightScale(this.session.saved.scale, max, count);
  }

  override render(): TemplateResult | typeof nothing {
    const shown = this.#shown;
    if (!shown) return nothing;
    return html`<al-attention-map
        .theme=${this.theme}
        .tiles=${shown.picture.layers}
        .scale=${this.#scale}
        .tokens=${shown.axes}
        .marks=${this.#marks()}
        .zoom=${this.session.saved.zoom}
        .label=${this.#label()}
        ?stale=${this.session.stale}
        @viewport=${() => this.#plan()}
        @zoomed=${({ detail }: CustomEvent<SavedZoom>) => this.session.save({ zoom: detail })}
        @point=${({ detail }: CustomEvent<Cell | null>) => this.session.point(detail)}
        @choose=${({ detail }: CustomEvent<Cell | null>) => this.session.choose(detail)}
        @reveal=${({ detail }: CustomEvent<Cell>) => this.session.reveal(detail)}
      ></al-attention-map>
      <footer>
        ${this.#readout(shown)}
        <al-legend .scale=${this.#scale} .theme=${this.theme}></al-legend>
      </footer>
      <div class="unseen" role="status">${this.#spoken(shown)}</div>`;
  }

  protected override updated(): void {
    const document = this.#shown?.document;
    // A place in one text means nothing in another.
    if (this.#document !== undefined && document !== this.#document) this.fit();
    this.#document = document;
    this.#plan();
  }

  /** Begins a new picture when the subject is another one. */
  #follow(): void {
    const tokens = this.session.currentTokens;
    const { subject, selection } = this.session;
    if (!tokens) return;
    if (this.#next?.picture.subject !== subject) {
      this.#next?.picture.stop();
      const picture = this.session.pictures.of(subject, tokens.generation, selection);
      const axes = this.#next?.tokens === tokens ? this.#next.axes : axisTokens(tokens);
      const document = this.session.state?.document?.uri;
      this.#next = { picture, tokens, axes, document };
    }
    this.#useThumbnail(this.#next);
    if (this.#next.picture.base) this.#shown = this.#next;
  }

  #useThumbnail({ picture, tokens }: Drawn): void {
    const { layer, head } = picture.selection;
    const thumbnail = picture.base ? null : thumbnailOf(this.session.answers, layer, head);
    if (thumbnail?.generation !== tokens.generation) return;
    if (thumbnail.lens !== lensKey(picture.selection)) return;
    picture.setBase(thumbnailTile(thumbnail, tokens.texts.length));
  }

  #plan(): void {
    const picture = this.#next?.picture;
    const count = this.#next?.tokens.texts.length ?? 0;
    if (!picture || count === 0) return;
    const extent = { rows: count, columns: count };
    const all = { queries: [0, count], keys: [0, count] } as const;
    const [whole] = planTiles(all, extent, poolForWhole(extent));
    const view = this.#shown?.tokens === this.#next?.tokens ? this.map?.viewport : null;
    const tiles = view
      ? planTiles(visibleCells(view, extent), extent, poolFor(view.cell * devicePixelRatio))
      : [];
    if (whole) picture.want(whole, tiles);
  }

  #marks(): Mark[] {
    const { pointed, chosen, cursor } = this.session;
    if (this.#shown?.tokens !== this.session.currentTokens) return [];
    const marks: Mark[] = [];
    if (pointed) marks.push({ ...pointed, kind: 'pointed' });
    if (chosen) marks.push({ ...chosen, kind: 'chosen' });
    if (cursor !== null) marks.push({ query: cursor, key: cursor, kind: 'cursor' });
    return marks;
  }

  #label(): string {
    return `${headView.sentence(this.session)} ${t('Arrow keys choose a cell, plus and minus zoom, 0 shows all, Enter shows both tokens in the editor.')}`;
  }

  #readout({ picture, tokens }: Drawn): TemplateResult {
    const cell = this.session.pointed ?? this.session.chosen;
    const text = cell && readout(this.session, picture, tokens, cell);
    if (!text)
      return html`<div class="readout hint">${t('Point at a cell to read its weight.')}</div>`;
    return html`<div class="readout">
      <code>${text.query.text}</code> <span class="number">${text.query.number}</span> ${t('reads')}
      <code>${text.key.text}</code>
      <span class="number">${text.key.number}</span>
      <span class="weight">${text.weight}</span>
    </div>`;
  }

  #spoken({ picture, tokens }: Drawn): string {
    const { chosen } = this.session;
    const text = chosen && readout(this.session, picture, tokens, chosen);
    if (!text) return '';
    const { query, key, weight } = text;
    return t(
      '{0}, token {1}, reads {2}, token {3}: {4}',
      query.text,
      query.number,
      key.text,
      key.number,
      weight,
    );
  }
}

function axisTokens({ texts, special }: PanelTokens): AxisTokens {
  return { texts: texts.map(tokenText), special: new Set(special) };
}

export const headView: View = {
  id: 'head',
  title: 'Head',
  icon: 'table',
  render: ({ session, theme }) =>
    html`<al-head-view .session=${session} .theme=${theme}></al-head-view>`,
  sentence: (session) => {
    const sink = sinkShare(session);
    const parts = [
      t(
        '{0}, {1}: each row is a reading token, each column what it reads',
        selectionName(session),
        readingName(session.selection.reading),
      ),
      encodingName(session.selection.encoding),
      windowName(session),
      sink === null ? null : t('of token {0}, the sink takes {1}', session.inspected ?? 0, sink),
    ];
    return `${parts.filter((part) => part !== null).join('; ')}.`;
  },
};
