import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { DocumentMap } from '../document/documentMap';
import '../document/documentMap';
import '../document/fileBand';
import '../map/attentionMap';
import '../map/legend';
import '../map/tokenSearch';
import { weightScale, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { percentTick, tokenText } from '../format';
import { thumbnailOf } from '../heads/thumbnails';
import type { AttentionMap } from '../map/attentionMap';
import type { AxisTokens } from '../map/axes';
import type { Mark } from '../map/paint';
import { thumbnailTile, type Picture, type Tile } from '../map/picture';
import { headExport } from '../export/views/head';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { RowThresholds } from '../map/rowThresholds';
import '../map/thresholdSelect';
import { planTiles, poolFor, poolForWhole, type TilePlan } from '../map/tiles';
import type { TokenSearch } from '../map/tokenSearch';
import { visibleCells, type Cell, type Span } from '../map/viewport';
import type { SavedZoom } from '../map/zoom';
import { offerTiles, StrongestLines } from '../lines/lineChoice';
import { lensKey } from '../session/lens';
import { SessionObserver } from '../session/observer';
import { maskedCells, windowOf } from '../session/masked';
import type { Session } from '../session/session';
import { cellOfTokens, tokensOfCell, type Units } from '../session/units';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { readout } from './readout';
import { headViewStyles } from './headViewStyles';
import {
  encodingName,
  mergeName,
  readingName,
  selectionName,
  sinkSentence,
  windowName,
} from './sentence';
import { strongestTable, type NamedWeight } from './strongestTable';
import type { Fittable, View } from './view';
import { showsWhole, wholeSentence, wholeToggle } from './wholeFile';

/** As many as a person listens to. */
const SPOKEN_CELLS = 10;

/** A picture with the names of what it was asked for: an edit must not put new ones on old rows. */
interface Drawn {
  picture: Picture;
  units: Units;
  axes: AxisTokens;
  document: string | undefined;
}

/** One head's map (or a mean's) with read-out and legend. */
@customElement('al-head-view')
export class HeadView extends LitElement implements Fittable, ExportableView {
  static override styles = [controlStyles, headViewStyles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  /** What was searched for. */
  @state() private found: readonly number[] = [];
  @query('al-token-search') private search!: TokenSearch | null;
  @query('al-attention-map') private map!: AttentionMap | null;
  @query('al-document-map') private wholeMap!: DocumentMap | null;

  /** What is being fetched, and what is on screen until its first part is here. */
  #next: Drawn | null = null;
  #shown: Drawn | null = null;
  #document: string | undefined;
  #scale: WeightScale = weightScale('log', 1, 1);
  #thresholds: RowThresholds | null = null;
  #strongest: { from: readonly Tile[]; weights: readonly NamedWeight[] } = {
    from: [],
    weights: [],
  };

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#next?.picture.stop();
    this.#next = null;
    this.#thresholds?.stop();
    this.#thresholds = null;
    this.session.point(null);
  }

  fit(): void {
    this.map?.fit();
  }

  exportable(): MaybeExportable {
    const { session, map } = this;
    const shown = this.#shown;
    const view = map?.viewport;
    if (showsWhole(session))
      return this.wholeMap?.exportable(headView.sentence(session)) ?? 'notYet';
    if (!shown || !map || !view || shown.units !== session.units) return 'notYet';
    const { chosen, cursor, pinned } = session;
    return headExport({
      ...{ session, picture: shown.picture, units: shown.units, scale: this.#scale },
      title: headView.sentence(session),
      ...visibleCells(view, map.extent),
      width: map.clientWidth,
      height: map.clientHeight,
      chosen: chosen && cellOfTokens(shown.units, chosen),
      marked: [...(cursor === null ? [] : [cursor]), ...pinned].map((token) =>
        shown.units.of(token),
      ),
      masked: maskedCells(session, shown.picture.selection, shown.units),
      thresholds: this.#fading(shown),
    });
  }

  protected override willUpdate(): void {
    this.#follow();
    const shown = this.#shown;
    if (!shown) return;
    const { max } = shown.picture;
    const count = shown.units.texts.length;
    const { kind, max: drawnMax } = this.#scale;
    if (kind !== this.session.saved.scale || (max > 0 && max !== drawnMax))
      this.#scale = weightScale(this.session.saved.scale, max, count);
  }

  override render(): TemplateResult | typeof nothing {
    const shown = this.#shown;
    if (!shown) return nothing;
    if (showsWhole(this.session)) return this.#whole();
    const masked = maskedCells(this.session, shown.picture.selection, shown.units);
    return html`<header>
        ${wholeToggle(this.session)}
        <al-token-search
          .texts=${shown.units.texts}
          @found=${({ detail }: CustomEvent<readonly number[]>) => (this.found = detail)}
          @go=${({ detail }: CustomEvent<number>) => this.#goTo(shown.units, detail)}
          @leave=${() => this.map?.focus()}
        ></al-token-search>
        <al-threshold
          .share=${this.session.saved.share}
          @share=${({ detail }: CustomEvent<number>) => this.session.save({ share: detail })}
        ></al-threshold>
      </header>
      <div class="picture">
        <al-file-band .session=${this.session}></al-file-band>
        <al-attention-map
          .theme=${this.theme}
          .tiles=${shown.picture.layers}
          .scale=${this.#scale}
          .tokens=${shown.axes}
          .marks=${this.#marks()}
          .found=${this.found}
          .pinned=${this.#pinned()}
          .thresholds=${this.#fading(shown)}
          .masked=${masked}
          .zoom=${this.session.saved.zoom}
          .label=${this.#label()}
          ?stale=${this.session.stale || shown.units !== this.session.units}
          @keydown=${(event: KeyboardEvent) => this.#key(event)}
          @viewport=${() => this.#plan()}
          @zoomed=${({ detail }: CustomEvent<SavedZoom>) => this.session.save({ zoom: detail })}
          @point=${({ detail }: CustomEvent<Cell | null>) =>
            this.session.point(detail && tokensOfCell(shown.units, detail))}
          @choose=${({ detail }: CustomEvent<Cell | null>) =>
            this.session.choose(detail && tokensOfCell(shown.units, detail))}
          @reveal=${({ detail }: CustomEvent<Cell>) =>
            this.session.reveal(tokensOfCell(shown.units, detail))}
          @explain=${() => this.session.save({ view: 'explain' })}
        ></al-attention-map>
      </div>
      <footer>
        ${this.#readout(shown)}
        ${masked ? html`<span class="masked"><span></span>${t('masked')}</span>` : nothing}
        <al-legend .scale=${this.#scale} .theme=${this.theme}></al-legend>
      </footer>
      <div class="unseen" role="status">${this.#spoken(shown)}</div>
      ${this.#table(shown)}`;
  }

  /** The whole file in place of the window. */
  #whole(): TemplateResult {
    return html`<header>${wholeToggle(this.session)}</header>
      <div class="picture">
        <al-file-band .session=${this.session}></al-file-band>
        <al-document-map
          .session=${this.session}
          .theme=${this.theme}
          @open=${() => this.#zoomOut(false)}
          @leave=${() => this.#zoomOut(false)}
        ></al-document-map>
      </div>`;
  }

  /** To the whole file or back to a window, for somebody who uses the keyboard on the map. */
  #zoomOut(whole: boolean): void {
    this.session.save({ whole });
    void this.updateComplete.then(() => (whole ? this.wholeMap : this.map)?.focus());
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
    const { subject, selection, units, currentTokens: tokens } = this.session;
    if (!units || !tokens) return;
    if (this.#next?.picture.subject !== subject) {
      this.#next?.picture.stop();
      const picture = this.session.pictures.of(subject, tokens.generation, selection);
      const axes = this.#next?.units === units ? this.#next.axes : axisTokens(units);
      const document = this.session.state?.document?.uri;
      this.#next = { picture, units, axes, document };
    }
    this.#useThumbnail(this.#next, tokens.generation);
    if (this.#next.picture.base) this.#shown = this.#next;
  }

  /** Thumbnails count tokens; those of layers are aggregated as the selection is. */
  #useThumbnail({ picture, units }: Drawn, generation: number): void {
    const { layer, head, heads } = picture.selection;
    if (picture.base || units.merge === 'words' || heads) return;
    const thumbnail = thumbnailOf(this.session.answers, layer, head);
    if (thumbnail?.generation !== generation) return;
    if (thumbnail.lens !== lensKey(picture.selection)) return;
    if (head === null && thumbnail.aggregate !== picture.selection.aggregate) return;
    picture.setBase(thumbnailTile(thumbnail, units.texts.length));
  }

  #plan(): void {
    const picture = this.#next?.picture;
    const count = this.#next?.units.texts.length ?? 0;
    if (!picture || count === 0) return;
    const extent = { rows: count, columns: count };
    const all = { queries: [0, count], keys: [0, count] } as const;
    const [whole] = planTiles(all, extent, poolForWhole(extent));
    const view = this.#shown?.units === this.#next?.units ? this.map?.viewport : null;
    const tiles = view
      ? planTiles(visibleCells(view, extent), extent, poolFor(view.cell * devicePixelRatio))
      : [];
    if (whole) picture.want(whole, tiles);
    if (view) this.#findThresholds(picture, count, visibleCells(view, extent), tiles);
  }

  /** What is faded is known row by row, and whole rows may reach out of sight. */
  #findThresholds(
    picture: Picture,
    count: number,
    { queries, keys }: { queries: Span; keys: Span },
    tiles: readonly TilePlan[],
  ): void {
    const { share } = this.session.saved;
    if (this.#thresholds?.picture !== picture || this.#thresholds.share !== share) {
      this.#thresholds?.stop();
      this.#thresholds = null;
      if (share < 1)
        this.#thresholds = new RowThresholds(
          picture,
          count,
          share,
          (plan, signal) => picture.ask(plan, signal),
          () => this.requestUpdate(),
        );
    }
    const covered = keys[1] - keys[0] === count && tiles.every(({ pool }) => pool === 1);
    this.#thresholds?.want(queries, covered);
  }

  #fading({ picture }: Drawn): Float32Array | null {
    return this.#thresholds?.picture === picture ? this.#thresholds.values : null;
  }

  #goTo(units: Units, unit: number): void {
    const [token] = units.tokensOf(unit);
    const cell = { query: token, key: this.session.chosen?.key ?? token };
    this.session.choose(cell);
    this.map?.reveal(cellOfTokens(units, cell));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') {
      event.preventDefault();
      this.search?.focus();
    } else if (event.key === '-' && this.#isWholeWindow && this.session.windowCount !== 1)
      this.#zoomOut(true);
  }

  get #isWholeWindow(): boolean {
    return this.session.saved.zoom.k <= 1;
  }

  /** In words, what is strongest among the cells that are here by themselves. */
  #table({ picture, units }: Drawn): TemplateResult {
    if (this.#strongest.from !== picture.layers) {
      const count = units.texts.length;
      const all = { queries: [0, count], keys: [0, count], hidden: new Set<number>() } as const;
      const lines = new StrongestLines(SPOKEN_CELLS);
      offerTiles(lines, picture.layers, 0, all);
      const weights = lines.sorted().toReversed();
      this.#strongest = {
        from: picture.layers,
        weights: weights.map(({ query, key, weight }) => ({ query, key, weight })),
      };
    }
    return strongestTable(t('Strongest cells'), units.texts, this.#strongest.weights);
  }

  #marks(): Mark[] {
    const { pointed, chosen, cursor, units } = this.session;
    if (!units || this.#shown?.units !== units) return [];
    const marks: Mark[] = [];
    const add = (cell: Cell, kind: Mark['kind']): void => {
      marks.push({ ...cellOfTokens(units, cell), kind });
    };
    if (pointed) add(pointed, 'pointed');
    if (chosen) add(chosen, 'chosen');
    if (cursor !== null) add({ query: cursor, key: cursor }, 'cursor');
    return marks;
  }

  #pinned(): number[] {
    const { pinned, units } = this.session;
    return units && this.#shown?.units === units ? pinned.map((token) => units.of(token)) : [];
  }

  #label(): string {
    return `${headView.sentence(this.session)} ${t('Arrow keys choose a cell, plus and minus zoom, 0 shows all, Enter shows both tokens in the editor, e explains the cell.')}`;
  }

  #readout({ picture, units }: Drawn): TemplateResult {
    const cell = this.session.pointed ?? this.session.chosen;
    const text = cell && readout(this.session, picture, units, cellOfTokens(units, cell));
    if (!text)
      return html`<div class="readout hint">${t('Point at a cell to read its weight.')}</div>`;
    return html`<div class="readout">
      <code>${text.query.text}</code> <span class="number">${text.query.number}</span> ${t('reads')}
      <code>${text.key.text}</code>
      <span class="number">${text.key.number}</span>
      <span class="weight">${text.weight}</span>
    </div>`;
  }

  #spoken({ picture, units }: Drawn): string {
    const { chosen } = this.session;
    const text = chosen && readout(this.session, picture, units, cellOfTokens(units, chosen));
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

function axisTokens({ texts, special }: Units): AxisTokens {
  return { texts: texts.map(tokenText), special: new Set(special) };
}

/** What is faded, or null when nothing is. */
function shareName({ saved }: Session): string | null {
  return saved.share < 1
    ? t('faded: all but the fewest keys that hold {0} of a row', percentTick(saved.share))
    : null;
}

/** How far the model looks, or null where it sees all. */
function reachName(session: Session): string | null {
  const reach = windowOf(session, session.selection);
  return reach === null ? null : t('keys more than {0} tokens away are masked', reach);
}

export const headView: View = {
  id: 'head',
  title: 'Head',
  icon: 'table',
  render: ({ session, theme }) =>
    html`<al-head-view .session=${session} .theme=${theme}></al-head-view>`,
  sentence: (session) => {
    if (showsWhole(session)) return wholeSentence(session);
    const parts = [
      t(
        '{0}, {1}: each row is a reading token, each column what it reads',
        selectionName(session),
        readingName(session.selection.reading),
      ),
      encodingName(session.selection.encoding),
      shareName(session),
      reachName(session),
      mergeName(session.selection.merge),
      windowName(session),
      sinkSentence(session),
    ];
    return `${parts.filter((part) => part !== null).join('; ')}.`;
  },
};
