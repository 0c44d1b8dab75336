import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { percent, place, significant, tokenText } from '../format';
import type { PanelRow } from '../protocol';
import type { Run } from '../session/rows';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import type { Units } from '../session/units';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { shareOfSink } from '../views/sentence';
import { strongest, type Ranked } from './ranking';

const LIST_LENGTH = 8;

/** Both directions of one token, complete: halves of two tokens are never mixed. */
interface Inspected {
  /** What was inspected, by what rows count; of a run its first. */
  unit: number;
  /** Several tokens as one query. */
  run: Run | null;
  units: Units;
  reads: PanelRow;
  readBy: PanelRow;
}

/** The token (or its word) under the pointer, chosen, or at the editor's cursor: what it reads and what reads it. */
@customElement('al-inspector')
export class Inspector extends LitElement {
  static override styles = [
    controlStyles,
    css`
      button {
        margin-top: 10px;
      }
      :host {
        display: block;
        container-type: inline-size;
        min-width: 0;
        font-variant-numeric: tabular-nums;
      }
      h2 {
        font-size: 1.15em;
        margin: 0 0 2px;
        overflow-wrap: anywhere;
      }
      h3 {
        font-size: 11px;
        font-weight: 600;
        margin: 12px 0 4px;
        text-transform: none;
        display: flex;
        align-items: center;
        gap: 6px;
      }
      code,
      h2 {
        font-family: var(--vscode-editor-font-family, monospace);
        color: inherit;
      }
      .muted {
        color: var(--vscode-descriptionForeground);
      }
      .special {
        font-style: italic;
      }
      table {
        border-spacing: 0;
        width: 100%;
        table-layout: fixed;
        font-size: 12px;
      }
      td {
        padding: 1px 0;
        line-height: 17px;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      td.token {
        width: 40%;
      }
      td.where {
        width: 46px;
        text-align: right;
        color: var(--vscode-descriptionForeground);
        font-size: 11px;
      }
      td.weight {
        width: 58px;
        text-align: right;
      }
      .bar {
        height: 8px;
        min-width: 1px;
        box-sizing: border-box;
      }
      .swatch {
        width: 12px;
        height: 8px;
        box-sizing: border-box;
      }
      .reads {
        background: var(--vscode-attentionLens-reads, var(--vscode-charts-orange, currentColor));
      }
      .readBy {
        border: 1px solid
          var(--vscode-attentionLens-readBy, var(--vscode-charts-blue, currentColor));
        background: repeating-linear-gradient(
          -45deg,
          var(--vscode-attentionLens-readBy, var(--vscode-charts-blue, currentColor)) 0 2px,
          transparent 2px 4px
        );
      }
      .sink {
        background: var(--vscode-descriptionForeground);
      }
      @container (max-width: 200px) {
        td.where {
          display: none;
        }
      }
      @container (min-width: 420px) {
        .lists {
          display: grid;
          grid-template-columns: 1fr 1fr;
          column-gap: 20px;
        }
      }
      dl {
        display: grid;
        grid-template-columns: auto auto;
        margin: 12px 0 0;
        padding-top: 8px;
        border-top: 1px solid var(--vscode-panel-border, transparent);
        gap: 2px 8px;
        font-size: 12px;
      }
      dd {
        margin: 0;
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  #shown: Inspected | null = null;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override render(): TemplateResult {
    const shown = this.#newest();
    if (!shown)
      return html`<p class="muted">
        ${t('Point at a cell of the map, or put the cursor on a word in the editor: its token appears here.')}
      </p>`;
    const { unit, run, units, reads, readBy } = shown;
    const { selection } = this.session;
    const isRaw = selection.reading === 'raw';
    const special = new Set(units.special);
    const apart = new Set([...special, ...(reads.sink?.tokens ?? [])]);
    const top = Math.max(
      ...strongest(reads.weights, 1, apart).map(({ weight }) => weight),
      ...strongest(readBy.weights, 1, apart).map(({ weight }) => weight),
      0,
    );
    const list = (row: PanelRow, kind: 'reads' | 'readBy'): TemplateResult =>
      this.#list(units, strongest(row.weights, LIST_LENGTH, apart), kind, top);
    return html`${run ? this.#runTitle(run, units) : this.#title(unit, units)}
      <div class="lists">
        <section>
          <h3><span class="swatch reads"></span>${t('reads')}</h3>
          ${list(reads, 'reads')}
        </section>
        <section>
          <h3><span class="swatch readBy"></span>${t('read by')}</h3>
          ${list(readBy, 'readBy')}
        </section>
      </div>
      <dl>
        ${
          reads.sink
            ? html`<dt class="muted" title=${this.#names(units, reads.sink.tokens)}>
                  ${isRaw ? t('to the sink') : t('to the sink, raw')}
                </dt>
                <dd>${shareOfSink(selection, reads.sink.share)}</dd>`
            : nothing
        }
        <dt class="muted">${t('entropy of its row')}</dt>
        <dd>${t('{0} bits', significant(reads.entropy))}</dd>
      </dl>
      ${run ? nothing : this.#actions(unit, units)}`;
  }

  #title(unit: number, units: Units): TemplateResult {
    return html`<h2 class=${units.special.includes(unit) ? 'special' : ''}>
        ${tokenText(units.texts[unit] ?? '')}
      </h2>
      <div class="muted">${numberOf(units, unit)}${this.#place(units, unit)}</div>`;
  }

  /** The selected tokens by the first and the last one. */
  #runTitle({ tokens: [start, end] }: Run, units: Units): TemplateResult {
    const text = (token: number): string => tokenText(units.texts[units.of(token)] ?? '');
    return html`<h2>${text(start)} … ${text(end - 1)}</h2>
      <div class="muted">
        ${t('tokens {0} to {1} of {2}', start, end - 1, units.tokens)} ·
        ${t('selected, as one query: the mean of what they read, the sum of what is read of them')}
      </div>`;
  }

  #actions(unit: number, units: Units): TemplateResult {
    return html`<button
        class="copy"
        title=${t('Copy as Markdown table')}
        @click=${() => this.#copy(units.tokensOf(unit)[0])}
      >
        ${t('Copy as Markdown table')}
      </button>
      ${
        this.session.saved.view === 'explain'
          ? nothing
          : html`<button @click=${() => this.session.save({ view: 'explain' })}>
              ${t('Explain this weight (e)')}
            </button>`
      }`;
  }

  #copy(token: number): void {
    const { session } = this;
    const { generation } = session.currentTokens ?? {};
    if (generation === undefined) return;
    const { selection } = session;
    session.channel
      .request('copyRow', { generation, selection, token })
      .catch((error: unknown) => session.answers.report(error));
  }

  #newest(): Inspected | null {
    const { session } = this;
    const { asked, inspected: token, units } = session;
    if (asked !== null && token !== null && units) {
      const reads = session.rows.peek(asked, 'reads');
      const readBy = session.rows.peek(asked, 'readBy');
      const run = typeof asked === 'number' ? null : asked;
      if (reads && readBy) this.#shown = { unit: units.of(token), run, units, reads, readBy };
    }
    if (!session.tokens || (token === null && !session.stale)) this.#shown = null;
    return this.#shown;
  }

  #list(
    units: Units,
    ranked: readonly Ranked[],
    kind: 'reads' | 'readBy',
    top: number,
  ): TemplateResult {
    if (ranked.length === 0) return html`<p class="muted">${t('nothing')}</p>`;
    const special = new Set(units.special);
    return html`<table>
      ${ranked.map(
        ({ token, weight }) =>
          html`<tr>
            <td class="token ${special.has(token) ? 'special' : ''}">
              <code title=${numberOf(units, token)}>${tokenText(units.texts[token] ?? '')}</code>
            </td>
            <td>
              <div
                class="bar ${kind}"
                .style=${`width:${top > 0 ? (weight / top) * 100 : 0}%`}
              ></div>
            </td>
            <td class="weight">${percent(weight)}</td>
            <td class="where">${this.#lineColumn(units, token) ?? units.tokensOf(token)[0]}</td>
          </tr>`,
      )}
    </table>`;
  }

  #lineColumn({ ranges }: Units, unit: number): string | null {
    const range = ranges[unit];
    return range ? place(range.start.line, range.start.character) : null;
  }

  #place(units: Units, unit: number): string {
    const at = this.#lineColumn(units, unit);
    return at === null ? '' : ` · ${at}`;
  }

  #names({ texts }: Units, sink: readonly number[]): string {
    return sink.map((token) => tokenText(texts[token] ?? '')).join(' ');
  }
}

/** "token 5 of 40", or the tokens of a word. */
function numberOf(units: Units, unit: number): string {
  const [first, end] = units.tokensOf(unit);
  return end - first > 1
    ? t('tokens {0} to {1} of {2}', first, end - 1, units.tokens)
    : t('token {0} of {1}', first, units.tokens);
}
