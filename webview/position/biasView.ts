import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../chart/lineChart';
import '../map/legend';
import './matrixView';
import { largest, signedScale, usualLargest } from '../color/signedScale';
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { compact, signed, tokenText } from '../format';
import type { PanelPosition } from '../protocol';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { biasRow, distanceBias, sharedDistances, type DistanceBias } from './distanceBias';
import type { MatrixCell } from './matrixCells';
import { positionStyles } from './positionStyles';

/** What distance adds to scores: all heads as a matrix, one of them as a curve, and for the token at hand. */
@customElement('al-bias-view')
export class BiasView extends LitElement {
  static override styles = [
    controlStyles,
    positionStyles,
    css`
      :host {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  @property({ attribute: false }) position!: PanelPosition;
  /** The token at hand. */
  @property({ attribute: false }) token: number | null = null;
  @state() private pointed: MatrixCell | null = null;
  @state() private chosen: MatrixCell | null = null;

  #bias: DistanceBias | null = null;
  #scale: WeightScale = signedScale('linear', 1);
  #clipped = false;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('position')) return;
    this.#bias = distanceBias(this.position, this.#causal);
    const values = this.#bias?.values ?? new Float32Array();
    this.#scale = signedScale('linear', usualLargest(values));
    this.#clipped = this.#scale.max < largest(values);
    const gone = (cell: MatrixCell | null): boolean =>
      cell !== null && (cell.row >= this.#heads || cell.column >= (this.#bias?.columns ?? 0));
    if (gone(this.chosen)) this.chosen = null;
    if (gone(this.pointed)) this.pointed = null;
  }

  override render(): TemplateResult | typeof nothing {
    const bias = this.#bias;
    if (!bias) return nothing;
    return html`<div class="body">
      ${this.#matrix(bias)}
      <div class="charts">${this.#charts(bias)}</div>
    </div>`;
  }

  get #causal(): boolean {
    return this.session.model?.causal ?? false;
  }

  get #heads(): number {
    return this.#bias?.heads ?? 0;
  }

  get #cell(): MatrixCell | null {
    return this.pointed ?? this.chosen;
  }

  /** The head at hand: of the matrix, else the one that is selected, else the first. */
  get #head(): number {
    return Math.min(this.#cell?.row ?? this.session.selection.head ?? 0, this.#heads - 1);
  }

  #matrix(bias: DistanceBias): TemplateResult {
    const heading = t('What distance adds to a score: heads down, distance (key − query) across');
    return html`<section class="matrix">
      <h3>${heading}</h3>
      <al-matrix
        .theme=${this.theme}
        .values=${bias.values}
        .columns=${bias.columns}
        .firstColumn=${bias.from}
        .scale=${this.#scale}
        .rows=${Array.from({ length: bias.heads }, (_, head) => t('head {0}', head))}
        .rowRoom=${64}
        .marked=${this.#head}
        .cell=${this.#cell}
        .label=${heading}
        @point=${({ detail }: CustomEvent<MatrixCell | null>) => (this.pointed = detail)}
        @choose=${({ detail }: CustomEvent<MatrixCell | null>) => {
          this.pointed = null;
          this.chosen = detail;
        }}
      ></al-matrix>
      <footer>
        <div class="readout" role="status">${this.#readout(bias)}</div>
        <al-legend
          .scale=${this.#scale}
          .theme=${this.theme}
          .caption=${
            this.#clipped
              ? t('added to the score; the ends stand for all beyond')
              : t('added to the score')
          }
          .format=${compact}
        ></al-legend>
      </footer>
    </section>`;
  }

  #readout(bias: DistanceBias): TemplateResult {
    const cell = this.#cell;
    const value = cell && bias.values[cell.row * bias.columns + cell.column];
    if (!cell || value === null || value === undefined)
      return html`<span class="muted">${t('Point at a cell to read its number.')}</span>`;
    const distance = bias.from + cell.column;
    const [first, last] = sharedDistances(bias, cell.column);
    return html`${t('head {0}, distance {1}:', cell.row, signed(distance, compact))}
      <b>${compact(value)}</b> ${
        first === last
          ? nothing
          : html`<span class="muted"
              >${t('one number for {0} to {1}', signed(first, compact), signed(last, compact))}</span
            >`
      }`;
  }

  #charts(bias: DistanceBias): TemplateResult {
    const head = this.#head;
    const { slopes } = this.position;
    const choose = (row: number, column: number | null): void => {
      this.pointed = column === null ? null : { row, column };
    };
    return html`<al-line-chart
        heading=${t('Head {0}: added to the score by distance', head)}
        across=${t('distance')}
        .from=${bias.from}
        .values=${bias.values.subarray(head * bias.columns, (head + 1) * bias.columns)}
        .index=${this.#cell?.column ?? null}
        @pick=${({ detail }: CustomEvent<number | null>) => choose(head, detail)}
      ></al-line-chart>
      ${this.#row(head)}
      ${
        slopes
          ? html`<al-line-chart
              bars
              heading=${t('Slope of each head: taken off a score for each token of distance')}
              across=${t('head')}
              .values=${slopes}
              .index=${head}
            ></al-line-chart>`
          : nothing
      }`;
  }

  /** For the token at hand, the first without one. */
  #row(head: number): TemplateResult {
    const texts = this.session.tokens?.texts ?? [];
    const token = this.token ?? 0;
    const name = (at: number): string => tokenText(texts[at] ?? '');
    return html`<al-line-chart
      bars
      heading=${t('Head {0}: added to the scores of {1} (token {2})', head, name(token), token)}
      across=${t('token')}
      .values=${biasRow(this.position, { head, token, causal: this.#causal })}
      .nameOf=${name}
      .index=${token}
    ></al-line-chart>`;
  }
}
