import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../laboratory/effectRail';
import '../map/legend';
import '../map/linkedMaps';
import './changesCard';
import './sourcePicker';
import { heading } from '../export/about';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { compareExport } from '../export/views/compare';
import { weightScale, type WeightScale } from '../color/scale';
import { signedScale } from '../color/signedScale';
import type { Theme } from '../color/theme';
import type { LinkedMap, LinkedMaps } from '../map/linkedMaps';
import type { Mark } from '../map/paint';
import { planTiles, poolFor, poolForWhole } from '../map/tiles';
import { visibleCells, type Cell } from '../map/viewport';
import type { SavedZoom } from '../map/zoom';
import { COMPARE_SHOWS, type CompareShow } from '../session/saved';
import { maskedCells } from '../session/masked';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import type { PanelString } from '../strings';
import { t } from '../text';
import type { Fittable, View } from '../views/view';
import type { Compared } from './compared';
import { compareReadout, compareSpoken } from './compareReadout';
import { compareSentence } from './compareSentence';
import { compareStyles } from './compareStyles';
import type { SideIndex } from './mergedAxis';
import { largestChange } from './mergedMaps';
import { maskedOnAxis, maskedOnEither, type SeenKeys } from './maskedOnAxis';
import { nothingCompared } from './nothingCompared';
import { sourceName } from './names';

const SHOW_NAMES: { readonly [show in CompareShow]: PanelString } = {
  all: 'all three',
  sides: 'side by side',
  difference: 'difference',
};

/** Two texts, versions or readings beside each other, and what differs. */
@customElement('al-compare-view')
export class CompareView extends LitElement implements Fittable, ExportableView {
  static override styles = [controlStyles, compareStyles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @query('al-linked-maps') private maps!: LinkedMaps | null;

  #weights: WeightScale = weightScale('log', 1, 1);
  #changes: WeightScale = signedScale('log', 1);
  #zoomed: Compared | null = null;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.comparison.point(null);
  }

  fit(): void {
    this.maps?.fit();
  }

  exportable(): MaybeExportable {
    const { session, maps } = this;
    const { comparison, saved } = session;
    const compared = comparison.shown;
    if (!comparison.source(1) || comparison.refusal(0) || comparison.refusal(1)) return null;
    const view = maps?.viewport;
    if (!compared || !comparison.current || !view) return 'notYet';
    const names = this.#names();
    return compareExport({
      compared,
      title: compareSentence(session),
      heading: `${heading(session)} · ${names[0]} · ${names[1]}`,
      names,
      masked: this.#masked(compared),
      show: saved.compare.show,
      ...{ weights: this.#weights, changes: this.#changes, chosen: comparison.chosen },
      ...visibleCells(view, maps.extent),
      width: this.clientWidth,
      heads: comparison.movesHeads && comparison.heads.current ? comparison.heads.value : null,
    });
  }

  protected override willUpdate(): void {
    const { comparison, saved } = this.session;
    comparison.want();
    this.#scaleColors();
    this.toggleAttribute('compared', comparison.shown !== null && saved.compare.show === 'all');
  }

  override render(): TemplateResult {
    return html`<header>
        <al-source-picker .session=${this.session} .side=${0}></al-source-picker>
        <button
          class="plain"
          title=${t('Swap A and B')}
          aria-label=${t('Swap A and B')}
          ?disabled=${!this.session.comparison.source(1)}
          @click=${() => this.session.comparison.swap()}
        >
          <vscode-icon name="arrow-swap"></vscode-icon>
        </button>
        <al-source-picker .session=${this.session} .side=${1}></al-source-picker>
        <button
          class="plain"
          title=${t('Keep A as it is, to compare it with what is shown later')}
          aria-label=${t('Keep A as it is, to compare it with what is shown later')}
          ?disabled=${!this.session.comparison.canKeep}
          @click=${() => this.session.comparison.keep()}
        >
          <vscode-icon name="pinned"></vscode-icon>
        </button>
        ${this.#shows()}
      </header>
      ${this.#problems()} ${this.#body()}`;
  }

  protected override updated(): void {
    this.#plan();
    const { comparison } = this.session;
    const { shown, sought } = comparison;
    // A place on one axis means nothing on another.
    if (shown && this.#zoomed && shown.size !== this.#zoomed.size) this.fit();
    this.#zoomed = shown;
    if (!sought || !this.maps) return;
    this.maps.reveal(sought);
    comparison.sought = null;
  }

  #shows(): TemplateResult {
    const { compare } = this.session.saved;
    return html`<span class="segments show" role="group" aria-label=${t('What is drawn')}>
      ${COMPARE_SHOWS.map(
        (show) =>
          html`<button
            aria-pressed=${compare.show === show ? 'true' : 'false'}
            @click=${() => this.session.save({ compare: { ...compare, show } })}
          >
            ${t(SHOW_NAMES[show])}
          </button>`,
      )}
    </span>`;
  }

  /** Each side that cannot be had, and why. */
  #problems(): TemplateResult | typeof nothing {
    const { comparison } = this.session;
    const refused = ([0, 1] as const).filter((side) => comparison.refusal(side));
    if (refused.length === 0) return nothing;
    return html`${refused.map(
        (side) =>
          html`<p role="alert">
            ${side === 0 ? t('A') : t('B')}: ${comparison.refusal(side)?.message}
          </p>`,
      )} <span><button @click=${() => comparison.retry()}>${t('Try Again')}</button></span>`;
  }

  #body(): TemplateResult {
    const { comparison } = this.session;
    const { shown } = comparison;
    if (!comparison.source(1)) return nothingCompared(this.session);
    const refused = comparison.refusal(0) ?? comparison.refusal(1);
    if (!shown || refused)
      return html`<div class="nothing" role="status">${refused ? nothing : this.#progress()}</div>`;
    return html`${this.#pictures(shown)}`;
  }

  #progress(): TemplateResult | typeof nothing {
    const { waiting } = this.session.comparison;
    if (waiting === null) return nothing;
    return html`<span class="hint"
      >${t('Reading both sides, {0} % done …', Math.round(100 * waiting))}</span
    >`;
  }

  #pictures(compared: Compared): TemplateResult {
    const { session, theme } = this;
    const { comparison } = session;
    const cell = comparison.pointed ?? comparison.chosen;
    return html`<al-linked-maps
        .theme=${theme}
        .maps=${this.#looks(compared)}
        .tokens=${compared.axes}
        .marks=${this.#marks(compared)}
        .zoom=${session.saved.zoom}
        ?stale=${session.stale || !comparison.current}
        @viewport=${() => this.#plan()}
        @zoomed=${({ detail }: CustomEvent<SavedZoom>) => session.save({ zoom: detail })}
        @point=${({ detail }: CustomEvent<Cell | null>) => comparison.point(detail)}
        @choose=${({ detail }: CustomEvent<Cell | null>) => comparison.choose(detail)}
        @reveal=${({ detail }: CustomEvent<Cell>) => comparison.reveal(detail)}
      ></al-linked-maps>
      <footer>
        ${compareReadout(compared, cell)} ${this.#progress()}
        <div class="legends">
          ${
            session.saved.compare.show === 'difference'
              ? nothing
              : html`<al-legend .scale=${this.#weights} .theme=${theme}></al-legend>`
          }
          ${
            session.saved.compare.show === 'sides'
              ? nothing
              : html`<al-legend
                  .scale=${this.#changes}
                  .theme=${theme}
                  .caption=${this.#changes.kind === 'log' ? t('change, log') : t('change, linear')}
                ></al-legend>`
          }
        </div>
      </footer>
      <div class="unseen" role="status">${compareSpoken(compared, comparison.chosen)}</div>`;
  }

  /** By map, the cells that the model hides. */
  #masked({ axis, sides }: Compared): [SeenKeys | null, SeenKeys | null, SeenKeys | null] {
    const hidden = (side: SideIndex): SeenKeys | null => {
      const { selection, units, tokens } = sides[side];
      const { model, state } = this.session;
      // What was kept may be of a model that is not in use any more.
      const reader = {
        model: tokens.model,
        state: model?.hash === tokens.model.hash ? state : null,
      };
      return maskedOnAxis(axis, side, maskedCells(reader, selection, units));
    };
    const [first, second] = [hidden(0), hidden(1)];
    return [first, second, maskedOnEither(first, second)];
  }

  #names(): [string, string, string] {
    const name = (side: SideIndex): string => {
      const source = this.session.comparison.source(side);
      return source ? sourceName(this.session, source) : '';
    };
    return [`${t('A')}: ${name(0)}`, `${t('B')}: ${name(1)}`, t('difference: B − A')];
  }

  #looks(compared: Compared): LinkedMap[] {
    const { theme } = this;
    const { show } = this.session.saved.compare;
    const masked = this.#masked(compared);
    const names = this.#names();
    const look = (area: LinkedMap['area'], at: 0 | 1 | 2): LinkedMap => ({
      area,
      title: names[at],
      tiles: compared.pictures[at].layers,
      scale: at === 2 ? this.#changes : this.#weights,
      ramp: at === 2 ? theme.diverging : theme.ramp,
      absent: compared.absent[at],
      masked: masked[at],
    });
    const looks = [look('first', 0), look('second', 1), look('difference', 2)];
    if (show === 'all') return looks;
    return looks.filter(({ area }) => (area === 'difference') === (show === 'difference'));
  }

  /** Both maps share one scale; the difference has its own, the same below and above zero. */
  #scaleColors(): void {
    const { shown } = this.session.comparison;
    if (!shown) return;
    const kind = this.session.saved.scale;
    const { largest: max, size } = shown;
    if (max > 0 && (kind !== this.#weights.kind || max !== this.#weights.max))
      this.#weights = weightScale(kind, max, size);
    const most = largestChange(shown.changes);
    if (most > 0 && (kind !== this.#changes.kind || most !== this.#changes.max))
      this.#changes = signedScale(kind, most);
  }

  #plan(): void {
    const { shown } = this.session.comparison;
    if (!shown || shown.size === 0) return;
    const extent = { rows: shown.size, columns: shown.size };
    const all = { queries: [0, shown.size], keys: [0, shown.size] } as const;
    const [whole] = planTiles(all, extent, poolForWhole(extent));
    const view = this.maps?.viewport;
    const tiles = view
      ? planTiles(visibleCells(view, extent), extent, poolFor(view.cell * devicePixelRatio))
      : [];
    if (whole) for (const picture of shown.pictures) picture.want(whole, tiles);
  }

  #marks(compared: Compared): Mark[] {
    const { comparison, cursor } = this.session;
    const { pointed, chosen } = comparison;
    const marks: Mark[] = [];
    if (pointed) marks.push({ ...pointed, kind: 'pointed' });
    if (chosen) marks.push({ ...chosen, kind: 'chosen' });
    const at = cursor === null ? null : comparison.cellOfShown({ query: cursor, key: cursor });
    if (at) marks.push({ ...at, kind: 'cursor' });
    return marks.filter(({ query, key }) => Math.max(query, key) < compared.size);
  }
}

export const compareView: View = {
  id: 'compare',
  title: 'Compare',
  icon: 'diff',
  render: ({ session, theme }) =>
    html`<al-compare-view .session=${session} .theme=${theme}></al-compare-view>`,
  rail: ({ session, theme }) =>
    session.comparison.movesHeads
      ? html`<al-effect-rail
          .session=${session}
          .theme=${theme}
          .effect=${session.comparison.heads}
          .want=${() => session.comparison.wantHeads()}
        ></al-effect-rail>`
      : null,
  aside: ({ session }) => html`<al-changes-card .session=${session}></al-changes-card>`,
  sentence: compareSentence,
};
