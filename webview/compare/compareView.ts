import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../laboratory/effectRail';
import '../map/legend';
import '../map/linkedMaps';
import './changesCard';
import './sourcePicker';
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
export class CompareView extends LitElement implements Fittable {
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

  #looks({ pictures, absent, axis, sides }: Compared): LinkedMap[] {
    const { session, theme } = this;
    const { show } = session.saved.compare;
    const name = (side: 0 | 1): string => {
      const source = session.comparison.source(side);
      return source ? sourceName(session, source) : '';
    };
    const hidden = (side: 0 | 1): SeenKeys | null => {
      const { selection, units } = sides[side];
      return maskedOnAxis(axis, side, maskedCells(session, selection, units));
    };
    const masked = [hidden(0), hidden(1)] as const;
    const weights = { scale: this.#weights, ramp: theme.ramp };
    const looks: LinkedMap[] = [
      {
        area: 'first',
        title: `${t('A')}: ${name(0)}`,
        tiles: pictures[0].layers,
        absent: absent[0],
        masked: masked[0],
        ...weights,
      },
      {
        area: 'second',
        title: `${t('B')}: ${name(1)}`,
        tiles: pictures[1].layers,
        absent: absent[1],
        masked: masked[1],
        ...weights,
      },
      {
        area: 'difference',
        title: t('difference: B − A'),
        tiles: pictures[2].layers,
        absent: absent[2],
        masked: maskedOnEither(...masked),
        scale: this.#changes,
        ramp: theme.diverging,
      },
    ];
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
