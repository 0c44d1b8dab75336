import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../map/linkedMaps';
import '../map/legend';
import './changeControls';
import './effectRail';
import './pairCard';
import type { Selection } from '../../server/protocol';
import { weightScale, type WeightScale } from '../color/scale';
import { largest, signedScale } from '../color/signedScale';
import type { Theme } from '../color/theme';
import { tokenText } from '../format';
import type { AxisTokens } from '../map/axes';
import type { LinkedMap, LinkedMaps } from '../map/linkedMaps';
import type { Mark } from '../map/paint';
import type { Picture, Tile } from '../map/picture';
import { planTiles, poolFor, poolForWhole } from '../map/tiles';
import { visibleCells, type Cell } from '../map/viewport';
import type { SavedZoom } from '../map/zoom';
import type { PanelTokens } from '../protocol';
import { laboratoryExport } from '../export/views/laboratory';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { encodingKey } from '../session/lens';
import { maskedCells } from '../session/masked';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { unitsOf, type Units } from '../session/units';
import { t } from '../text';
import { encodingName, readingName, selectionName, windowName } from '../views/sentence';
import type { Fittable, View } from '../views/view';
import { differenceTiles } from './difference';
import { laboratoryStyles } from './laboratoryStyles';
import { pairReadout } from './pairReadout';

/** One head as trained and as changed, with the tokens both were asked for. */
interface Compared {
  trained: Picture;
  changed: Picture | null;
  tokens: PanelTokens;
  axes: AxisTokens;
  units: Units;
}

/** A head with position as trained, with position changed, and the difference of the two. */
@customElement('al-laboratory-view')
export class LaboratoryView extends LitElement implements Fittable, ExportableView {
  static override styles = laboratoryStyles;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @query('al-linked-maps') private maps!: LinkedMaps | null;

  #compared: Compared | null = null;
  #weights: WeightScale = weightScale('log', 1, 1);
  #changes: WeightScale = signedScale('log', 1);

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.session.point(null);
  }

  fit(): void {
    this.maps?.fit();
  }

  exportable(): MaybeExportable {
    const { session } = this;
    const compared = this.#compared;
    const { maps } = this;
    const view = maps?.viewport;
    if (!compared || !view || compared.tokens !== session.currentTokens) return 'notYet';
    return laboratoryExport({
      ...{ session, tokens: compared.tokens, weights: this.#weights, changes: this.#changes },
      title: laboratoryView.sentence(session),
      trained: compared.trained.selection,
      changed: compared.changed?.selection ?? null,
      ...visibleCells(view, maps.extent),
      width: this.clientWidth,
      chosen: session.chosen,
    });
  }

  protected override willUpdate(): void {
    this.#follow();
    this.#scaleColors();
    this.toggleAttribute('compared', this.session.selection.encoding !== null);
  }

  override render(): TemplateResult {
    const compared = this.#compared;
    return html`<al-change-controls .session=${this.session}></al-change-controls>
      ${compared?.trained.base ? this.#pictures(compared) : html`<div class="nothing"></div>`}`;
  }

  protected override updated(): void {
    this.#plan();
  }

  /** Pictures of other pooling than the head's own view: only means can be subtracted. */
  #follow(): void {
    const { session } = this;
    const tokens = session.currentTokens;
    if (!tokens) return;
    // The laboratory compares tokens.
    const selection = { ...session.selection, merge: 'tokens' as const };
    const picture = (of: Selection): Picture =>
      session.pictures.of(session.subjectOf(of), tokens.generation, of, 'mean');
    const trained = picture({ ...selection, encoding: null });
    const changed = selection.encoding ? picture(selection) : null;
    const before = this.#compared;
    if (before?.trained === trained && before.changed === changed) return;
    if (before && before.trained !== trained) before.trained.stop();
    if (before?.changed && before.changed !== changed) before.changed.stop();
    const { axes, units } =
      before?.tokens === tokens
        ? before
        : { axes: axisTokens(tokens), units: unitsOf(tokens, 'tokens') };
    this.#compared = { trained, changed, tokens, axes, units };
  }

  #stop(): void {
    this.#compared?.trained.stop();
    this.#compared?.changed?.stop();
    this.#compared = null;
  }

  /** Both maps share one scale; the difference has its own, the same below and above zero. */
  #scaleColors(): void {
    if (!this.#compared) return;
    const { trained, changed, tokens } = this.#compared;
    const kind = this.session.saved.scale;
    const max = Math.max(trained.max, changed?.max ?? 0);
    if (max > 0 && (kind !== this.#weights.kind || max !== this.#weights.max))
      this.#weights = weightScale(kind, max, tokens.texts.length);
    const [base] = differenceTiles(baseOf(trained), changed ? baseOf(changed) : []);
    const most = base ? largest(base.values) : 0;
    if (most > 0 && (kind !== this.#changes.kind || most !== this.#changes.max))
      this.#changes = signedScale(kind, most);
  }

  #pictures(compared: Compared): TemplateResult {
    const looks = this.#looks(compared);
    const pair = this.session.pointed ?? this.session.chosen;
    const { session } = this;
    return html`<al-linked-maps
        .theme=${this.theme}
        .maps=${looks}
        .tokens=${compared.axes}
        .marks=${this.#marks()}
        .zoom=${session.saved.zoom}
        ?stale=${session.stale}
        @viewport=${() => this.#plan()}
        @zoomed=${({ detail }: CustomEvent<SavedZoom>) => session.save({ zoom: detail })}
        @point=${({ detail }: CustomEvent<Cell | null>) => session.point(detail)}
        @choose=${({ detail }: CustomEvent<Cell | null>) => session.choose(detail)}
        @reveal=${({ detail }: CustomEvent<Cell>) => session.reveal(detail)}
      ></al-linked-maps>
      <footer>
        ${this.#readout(compared, pair)}
        <div class="legends">
          <al-legend .scale=${this.#weights} .theme=${this.theme}></al-legend>
          ${
            compared.changed
              ? html`<al-legend
                  .scale=${this.#changes}
                  .theme=${this.theme}
                  .caption=${this.#changes.kind === 'log' ? t('change, log') : t('change, linear')}
                ></al-legend>`
              : nothing
          }
        </div>
      </footer>
      <div class="unseen" role="status">${this.#spoken(compared)}</div>`;
  }

  #looks({ trained, changed, units }: Compared): LinkedMap[] {
    const { ramp, diverging } = this.theme;
    const masked = maskedCells(this.session, trained.selection, units);
    const look = { scale: this.#weights, ramp, masked };
    const title = t('as trained');
    const before: LinkedMap = { area: 'first', title, tiles: trained.layers, ...look };
    if (!changed) return [before];
    const name = encodingName(this.session.selection.encoding) ?? '';
    return [
      before,
      { area: 'second', title: name, tiles: changed.layers, ...look },
      {
        masked,
        title: t('difference: {0} − as trained', name),
        tiles: differenceTiles(trained.layers, changed.layers),
        scale: this.#changes,
        ramp: diverging,
        area: 'difference',
      },
    ];
  }

  #plan(): void {
    const count = this.#compared?.tokens.texts.length ?? 0;
    if (!this.#compared || count === 0) return;
    const extent = { rows: count, columns: count };
    const all = { queries: [0, count], keys: [0, count] } as const;
    const [whole] = planTiles(all, extent, poolForWhole(extent));
    const view = this.maps?.viewport;
    const tiles = view
      ? planTiles(visibleCells(view, extent), extent, poolFor(view.cell * devicePixelRatio))
      : [];
    if (!whole) return;
    this.#compared.trained.want(whole, tiles);
    this.#compared.changed?.want(whole, tiles);
  }

  #marks(): Mark[] {
    const { pointed, chosen, cursor } = this.session;
    if (this.#compared?.tokens !== this.session.currentTokens) return [];
    const marks: Mark[] = [];
    if (pointed) marks.push({ ...pointed, kind: 'pointed' });
    if (chosen) marks.push({ ...chosen, kind: 'chosen' });
    if (cursor !== null) marks.push({ query: cursor, key: cursor, kind: 'cursor' });
    return marks;
  }

  #readout({ trained, changed, tokens }: Compared, cell: Cell | null): TemplateResult {
    const text = cell && pairReadout(trained, changed, cell);
    if (!text || !cell)
      return html`<div class="readout hint">
        ${
          changed
            ? t('Point at a cell to read its weight with and without the change.')
            : t(
                'Choose what is done to position: the map is then drawn with it, without it, and as a difference.',
              )
        }
      </div>`;
    return html`<div class="readout">
      <code>${tokenText(tokens.texts[cell.query] ?? '')}</code> ${cell.query} ${t('reads')}
      <code>${tokenText(tokens.texts[cell.key] ?? '')}</code> ${cell.key}: ${text.trained}
      ${text.changed === null ? nothing : html`→ ${text.changed}<b>${text.change}</b>`}
      ${text.note ? html`<span class="hint">${text.note}</span>` : nothing}
    </div>`;
  }

  #spoken({ trained, changed, tokens }: Compared): string {
    const { chosen } = this.session;
    const text = chosen && pairReadout(trained, changed, chosen);
    if (!text || !chosen) return '';
    const names = [chosen.query, chosen.key].map((token) => tokenText(tokens.texts[token] ?? ''));
    return text.changed === null
      ? t('{0} reads {1}: {2}', names[0] ?? '', names[1] ?? '', text.trained)
      : t(
          '{0} reads {1}: {2} as trained, {3} changed, a change of {4}',
          names[0] ?? '',
          names[1] ?? '',
          text.trained,
          text.changed,
          text.change ?? '',
        );
  }
}

const baseOf = ({ base }: Picture): Tile[] => (base ? [base] : []);

function axisTokens({ texts, special }: PanelTokens): AxisTokens {
  return { texts: texts.map(tokenText), special: new Set(special) };
}

function wantEffect(session: Session): void {
  const { encoding } = session.selection;
  const generation = session.currentTokens?.generation;
  if (!encoding || generation === undefined) return;
  session.effect.want(`${session.snapshot}/${encodingKey(encoding)}`, (signal) =>
    session.channel.request('positionEffect', { generation, encoding }, { signal }),
  );
}

export const laboratoryView: View = {
  id: 'laboratory',
  title: 'Laboratory',
  icon: 'beaker',
  render: ({ session, theme }) =>
    html`<al-laboratory-view .session=${session} .theme=${theme}></al-laboratory-view>`,
  rail: ({ session, theme }) =>
    session.selection.encoding
      ? html`<al-effect-rail
          .session=${session}
          .theme=${theme}
          .effect=${session.effect}
          .want=${() => wantEffect(session)}
        ></al-effect-rail>`
      : null,
  aside: ({ session }) => html`<al-pair-card .session=${session}></al-pair-card>`,
  sentence: (session) => {
    const name = encodingName(session.selection.encoding);
    const head = selectionName(session);
    const reading = readingName(session.selection.reading);
    const parts = [
      name === null
        ? t('{0}, {1}, as trained', head, reading)
        : t('{0}, {1}: as trained, with {2}, and the difference', head, reading, name),
      windowName(session),
    ];
    return `${parts.filter((part) => part !== null).join('; ')}.`;
  },
};
