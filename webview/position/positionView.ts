import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../map/legend';
import './biasView';
import './matrixView';
import './scaleControls';
import type { EncodingChange } from '../../server/protocol';
import { largest, signedScale, usualLargest } from '../color/signedScale';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { compact, tokenText } from '../format';
import type { PanelPosition } from '../protocol';
import { encodingKey } from '../session/lens';
import { Lookup } from '../session/lookup';
import { encodingExport } from '../export/views/encoding';
import type { ExportableView, MaybeExportable } from '../export/exportable';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { encodingName, windowName } from '../views/sentence';
import type { View } from '../views/view';
import type { MatrixCell } from './matrixCells';
import { exportButtons } from './exportButtons';
import { layerPicker } from './layerPicker';
import { positionCharts } from './positionCharts';
import {
  biasDetails,
  isAdditive,
  nothingToDraw,
  schemeDetails,
  schemeName,
  schemeSentence,
} from './schemeText';
import type { EncodingScale } from './scaleControls';
import { positionStyles } from './positionStyles';
import { wholePosition } from './wholePosition';

/** The model's positional encoding in its real numbers, for the text at hand. */
@customElement('al-position-view')
export class PositionView extends LitElement implements ExportableView {
  static override styles = [controlStyles, positionStyles];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @state() private pointed: MatrixCell | null = null;
  @state() private chosen: MatrixCell | null = null;
  /** A scale factor that is only looked at. */
  @state() private preview: EncodingScale | null = null;
  /** Chosen here; null: the selected one. */
  @state() private layer: number | null = null;
  /** Which of the two is drawn where a layer has both. */
  @state() private shows: 'encoding' | 'bias' = 'encoding';

  readonly #whole = new Lookup<PanelPosition>(() => this.requestUpdate());
  /** The formula of one cell, and the angles of one token. */
  readonly #detail = new Lookup<PanelPosition>(() => this.requestUpdate());
  #scale: WeightScale = signedScale('linear', 1);
  #scaled: Float32Array | null = null;
  /** The selected layer when the view was last drawn. */
  #selected: number | null = null;
  /** Whether a few numbers lie beyond the ends of the colours. */
  #clipped = false;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#whole.clear();
    this.#detail.clear();
  }

  exportable(): MaybeExportable {
    const { session } = this;
    const { value, current } = this.#whole;
    if (!value || !current) return 'notYet';
    return encodingExport({
      ...{ session, position: value, name: schemeName(value.scheme), scale: this.#scale },
      bias: this.#showsBias(value),
      title: positionView.sentence(session),
      width: this.clientWidth,
      height: this.clientHeight,
    });
  }

  protected override willUpdate(): void {
    const selected = this.session.selection.layer;
    if (selected !== this.#selected) this.layer = null;
    this.#selected = selected;
    this.#ask();
    const matrix = this.#whole.value?.matrix;
    if (!matrix || matrix === this.#scaled) return;
    this.#scaled = matrix;
    this.#scale = signedScale('linear', usualLargest(matrix));
    this.#clipped = this.#scale.max < largest(matrix);
  }

  override render(): TemplateResult | typeof nothing {
    const { value, refusal } = this.#whole;
    if (refusal)
      return html`<p class="message">
        <span role="alert">${refusal.message}</span>
        <button @click=${() => this.session.retry()}>${t('Try Again')}</button>
      </p>`;
    if (!value)
      return html`<p class="message muted" role="status">${t('Reading the encoding …')}</p>`;
    const message = nothingToDraw(value, this.session.model);
    return html`${this.#head(value)}
    ${message ? html`<p class="message" role="status">${message}</p>` : this.#body(value)}`;
  }

  #ask(): void {
    const { session } = this;
    const generation = session.currentTokens?.generation;
    if (generation === undefined) return;
    const encoding = this.#change();
    const layer = this.#layer();
    const ask = { generation, layer, encoding, ...this.preview };
    const name = [
      session.snapshot,
      layer,
      encodingKey(encoding),
      this.preview?.scale,
      this.preview?.scaleVariant,
    ].join('/');
    this.#whole.want(name, (signal) =>
      wholePosition(session.channel, { ...ask, token: null }, signal),
    );
    const { value } = this.#whole;
    const token = this.#token();
    if (!value || value.generation !== generation || !value.wavelengths || token === null) return;
    const dimension = this.#column();
    this.#detail.want(`${name}/${token}/${dimension}`, (signal) =>
      session.channel.request(
        'position',
        { ...ask, token, dimension, positions: [token, token + 1] },
        { signal },
      ),
    );
  }

  /** What is done to position; another scale that is looked at takes the place of the scale in use. */
  #change(): EncodingChange | null {
    const { state, selection } = this.session;
    const { encoding } = selection;
    return this.preview && !state?.chapter && encoding?.mode === 'scaled' ? null : encoding;
  }

  /** The token at hand: under the pointer, chosen in the matrix, or at the editor's cursor. */
  #token(): number | null {
    const cell = this.pointed ?? this.chosen;
    const count = this.session.currentTokens?.texts.length ?? 0;
    const token = cell ? cell.row + (this.#whole.value?.positions[0] ?? 0) : this.#cursor();
    return token !== null && token < count ? token : null;
  }

  #cursor(): number | null {
    return this.session.chosen?.query ?? this.session.cursor;
  }

  /** Whose encoding is drawn. */
  #layer(): number {
    const layers = this.session.model?.layers ?? 1;
    return Math.min(this.layer ?? this.session.selection.layer ?? 0, layers - 1);
  }

  /** Whether a bias by distance is drawn, and not a matrix of positions. */
  #showsBias({ matrix, bias, slopes }: PanelPosition): boolean {
    return (bias ?? slopes) !== null && (!matrix || this.shows === 'bias');
  }

  #column(): number {
    return (this.pointed ?? this.chosen)?.column ?? 0;
  }

  #head(value: PanelPosition): TemplateResult {
    const { scheme, dimensions, total } = value;
    const details = [
      ...schemeDetails(scheme),
      ...biasDetails(value),
      ...(value.matrix ? [t('{0} tokens × {1} dimensions', total, dimensions)] : []),
      ...(value.attentionFactor === null || value.attentionFactor === 1
        ? []
        : [t('sines and cosines × {0}', compact(value.attentionFactor))]),
    ];
    return html`<header>
      <div class="name">
        <h2>${schemeName(scheme)}</h2>
        <span class="muted">${details.join(' · ')}</span>
      </div>
      ${layerPicker(this.session.model, value, (layer) => (this.layer = layer))}
      ${this.#kinds(value)} ${isAdditive(scheme) ? this.#scaleControls(scheme) : nothing}
      ${exportButtons(this.#showsBias(value) ? 'bias' : value.matrix ? 'matrix' : null, this.session)}
    </header>`;
  }

  /** A layer may add a table to its input and numbers to its scores (MPNet). */
  #kinds({ matrix, bias }: PanelPosition): TemplateResult | typeof nothing {
    if (!matrix || !bias) return nothing;
    const choice = (kind: 'encoding' | 'bias', name: string): TemplateResult =>
      html`<button aria-pressed=${this.shows === kind} @click=${() => (this.shows = kind)}>
        ${name}
      </button>`;
    return html`<span class="segments" role="group" aria-label=${t('What is drawn')}>
      ${choice('encoding', t('table'))} ${choice('bias', t('bias by distance'))}
    </span>`;
  }

  /** A document of numbers has its scale in its text, where alone it can be changed. */
  #scaleControls(scheme: PanelPosition['scheme']): TemplateResult {
    const { state, tokens } = this.session;
    const numbers = tokens?.numbers ?? false;
    return html`<al-scale-controls
      .current=${this.#scaleInUse(scheme)}
      .shown=${this.preview}
      ?variants=${state?.chapter && !numbers}
      ?fixed=${numbers}
      @preview=${({ detail }: CustomEvent<EncodingScale | null>) => (this.preview = detail)}
      @use=${() => this.#use()}
    ></al-scale-controls>`;
  }

  #scaleInUse(scheme: PanelPosition['scheme']): EncodingScale {
    const { state, selection } = this.session;
    if (!state?.chapter && selection.encoding?.mode === 'scaled')
      return { scale: selection.encoding.scale, scaleVariant: 'usual' };
    const { scale = 1, scaleVariant = 'usual' } = isAdditive(scheme) ? scheme : {};
    return { scale, scaleVariant };
  }

  #use(): void {
    const { session, preview } = this;
    if (!preview) return;
    this.preview = null;
    if (session.state?.chapter) session.setChapter(preview);
    else session.select({ encoding: { mode: 'scaled', scale: preview.scale } });
  }

  #body(value: PanelPosition): TemplateResult {
    if (this.#showsBias(value))
      return html`<al-bias-view
        .session=${this.session}
        .theme=${this.theme}
        .position=${value}
        .token=${this.#cursor()}
      ></al-bias-view>`;
    return html`<div class="body ${value.matrix ? '' : 'charts-only'}">
      ${value.matrix ? this.#matrix(value, value.matrix) : nothing}
      <div class="charts">${this.#charts(value)}</div>
    </div>`;
  }

  #matrix(value: PanelPosition, matrix: Float32Array): TemplateResult {
    const cell = this.pointed ?? this.chosen;
    return html`<section class="matrix">
      <h3>${t('Encoding matrix: positions down, dimensions across')}</h3>
      <al-matrix
        .theme=${this.theme}
        .values=${matrix}
        .columns=${value.dimensions}
        .scale=${this.#scale}
        .rows=${this.#rowNames(value)}
        .marked=${this.#row(value, this.#cursor())}
        .cell=${cell}
        .label=${t('Encoding matrix: positions down, dimensions across')}
        ?stale=${this.session.stale || !this.#whole.current}
        @point=${({ detail }: CustomEvent<MatrixCell | null>) => (this.pointed = detail)}
        @choose=${({ detail }: CustomEvent<MatrixCell | null>) => this.#choose(detail)}
      ></al-matrix>
      ${this.#formula()}
      <footer>
        <div class="readout" role="status">${this.#readout(value, matrix, cell)}</div>
        <al-legend
          .scale=${this.#scale}
          .theme=${this.theme}
          .caption=${this.#clipped ? t('value; the ends stand for all beyond') : t('value')}
          .format=${compact}
        ></al-legend>
      </footer>
    </section>`;
  }

  #choose(cell: MatrixCell | null): void {
    this.pointed = null;
    this.chosen = cell;
  }

  #row({ positions }: PanelPosition, token: number | null): number | null {
    return token === null || token < positions[0] || token >= positions[1]
      ? null
      : token - positions[0];
  }

  #rowNames({ positionIds, positions }: PanelPosition): string[] {
    const texts = this.session.tokens?.texts ?? [];
    return positionIds.map((id, row) => `${tokenText(texts[positions[0] + row] ?? '')} ${id}`);
  }

  #readout(
    { positionIds, positions, dimensions }: PanelPosition,
    matrix: Float32Array,
    cell: MatrixCell | null,
  ): TemplateResult {
    const number = cell ? matrix[cell.row * dimensions + cell.column] : undefined;
    if (!cell || number === undefined)
      return html`<span class="muted">${t('Point at a cell to read its number.')}</span>`;
    const text = tokenText(this.session.tokens?.texts[positions[0] + cell.row] ?? '');
    return html`<code>${text}</code> ${t(
        'position {0}, dimension {1}:',
        positionIds[cell.row] ?? '',
        cell.column,
      )} <b>${compact(number)}</b>`;
  }

  #formula(): TemplateResult | typeof nothing {
    const formula = this.#detail.value?.formula;
    if (!formula || !this.#whole.value?.wavelengths) return nothing;
    return html`<div class="formula">
      <code>PE[pos, 2j] = sin(pos / 10000^(2j/d)), PE[pos, 2j+1] = cos(pos / 10000^(2j/d))</code>
      <code class="filled">${formula.text}</code>
    </div>`;
  }

  #charts(value: PanelPosition): TemplateResult {
    const token = this.#token();
    const row = this.#row(value, token) ?? 0;
    return positionCharts(value, {
      row,
      name: tokenText(this.session.tokens?.texts[value.positions[0] + row] ?? ''),
      level: token !== null,
      column: (this.pointed ?? this.chosen)?.column ?? null,
      angles: this.#detail.value?.angles ?? null,
      pick: (column) => (this.pointed = column === null ? null : { row, column }),
    });
  }
}

export const positionView: View = {
  id: 'position',
  title: 'Position',
  icon: 'symbol-ruler',
  isAlone: true,
  render: ({ session, theme }) =>
    html`<al-position-view .session=${session} .theme=${theme}></al-position-view>`,
  sentence: (session) => {
    const scheme = session.model?.position;
    const parts = [
      scheme ? schemeSentence(scheme) : null,
      encodingName(session.selection.encoding),
      windowName(session),
    ];
    return `${parts.filter((part) => part !== null).join('; ')}.`;
  },
};
