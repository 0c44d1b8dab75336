import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { compact, percent, tokenText } from '../format';
import type { Cell } from '../map/viewport';
import type { PanelPositionShare } from '../protocol';
import { Lookup } from '../session/lookup';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import type { PanelString } from '../strings';
import { t } from '../text';
import { sharesBar } from './sharesBar';

const METHOD_NAMES: { readonly [method in PanelPositionShare['method']]: PanelString } = {
  nineTerms: 'nine terms of q·k',
  alibiBias: 'the bias of ALiBi',
  relativeBias: 'bias by distance',
  ropeAveragedContent: 'rotation with averaged content',
  shuffledTokens: 'shuffled tokens',
  noPosition: 'no position in this model',
};
const PARTS: readonly PanelString[] = ['content', 'position', 'constant'];

/** For one weight of one head: how much of it comes from position, how much from content. */
@customElement('al-pair-card')
export class PairCard extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        margin-bottom: 14px;
        padding-bottom: 10px;
        border-bottom: 1px solid var(--vscode-panel-border, transparent);
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      h2 {
        font-size: 12px;
        margin: 0 0 4px;
      }
      code {
        font-family: var(--vscode-editor-font-family, monospace);
        color: inherit;
        overflow-wrap: anywhere;
      }
      .row {
        display: grid;
        grid-template-columns: 62px minmax(20px, 1fr) auto;
        gap: 6px;
        align-items: center;
        line-height: 18px;
      }
      .track {
        position: relative;
        height: 8px;
      }
      .track i {
        position: absolute;
        height: 8px;
        min-width: 1px;
        outline: 1px solid var(--vscode-contrastBorder, transparent);
      }
      .zero {
        position: absolute;
        top: -3px;
        height: 14px;
        border-left: 1px solid var(--vscode-descriptionForeground);
      }
      .position {
        background: var(--vscode-charts-purple, #b180d7);
      }
      .content {
        background: var(--vscode-charts-green, #89d185);
      }
      p {
        margin: 6px 0;
        line-height: 1.4;
      }
      table {
        border-collapse: collapse;
        margin: 6px 0;
        width: 100%;
        font-size: 10px;
      }
      th {
        font-weight: normal;
        text-align: right;
        color: var(--vscode-descriptionForeground);
      }
      tbody th {
        text-align: left;
      }
      td {
        text-align: right;
        padding: 1px 0 1px 3px;
      }
      .terms {
        container-type: inline-size;
        overflow-x: auto;
      }
      /* As wide as the numbers are: a number that is cut is a wrong one. */
      @container (max-width: 200px) {
        thead th[scope='col'] span {
          writing-mode: vertical-rl;
          transform: rotate(180deg);
        }
      }
      .stale {
        opacity: 0.45;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  readonly #share = new Lookup<PanelPositionShare & { cell: Cell }>(() => this.requestUpdate());

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#share.clear();
  }

  protected override willUpdate(): void {
    const { session } = this;
    const { layer, head } = session.selection;
    const cell = session.chosen;
    const generation = session.currentTokens?.generation;
    if (!cell || layer === null || head === null || generation === undefined) {
      this.#share.clear();
      return;
    }
    const { query, key } = cell;
    const name = `${session.snapshot}/${layer}/${head}/${query}/${key}`;
    this.#share.want(name, async (signal) => ({
      ...(await session.channel.request(
        'positionShare',
        { generation, layer, head, query, key },
        { signal },
      )),
      cell,
    }));
  }

  override render(): TemplateResult {
    const { value, refusal, current } = this.#share;
    return html`<h2>${t('Position or content?')}</h2>
      ${
        refusal
          ? html`<p role="alert">${refusal.message}</p>`
          : value
            ? html`<div class=${current ? '' : 'stale'}>${this.#answer(value)}</div>`
            : html`<p class="muted" role="status">${this.#hint()}</p>`
      }`;
  }

  #hint(): string {
    const { layer, head } = this.session.selection;
    if (layer === null || head === null)
      return t('Choose one head: a mean of several has no single score to take apart.');
    return this.session.chosen
      ? t('Taking the weight apart …')
      : t(
          'Click a cell of a map: its weight is split into what position gives and what content gives.',
        );
  }

  #answer(share: PanelPositionShare & { cell: Cell }): TemplateResult {
    const { cell, method, of, weight, position, content, limits } = share;
    const text = (value: number): string => (of === 'weight' ? percent(value) : compact(value));
    const bar = sharesBar(position, content);
    const row = (kind: 'position' | 'content', value: number): TemplateResult =>
      html`<div class="row">
        <span>${t(kind)}</span>
        <span class="track"
          ><i class=${kind} .style=${`left:${bar[kind].left}%;width:${bar[kind].width}%`}></i
          ><span class="zero" .style=${`left:${bar.zero}%`}></span
        ></span>
        <span>${text(value)}</span>
      </div>`;
    return html`<div>
        <code>${this.#name(cell.query)}</code> ${t('reads')} <code>${this.#name(cell.key)}</code>
        ${percent(weight)}
      </div>
      ${row('position', position)}${row('content', content)}
      <div class="row">
        <span>${of === 'weight' ? t('weight') : t('score')}</span><span></span>
        <b>${text(position + content)}</b>
      </div>
      ${share.terms ? terms(share.terms, share.dot) : nothing}
      <p class="muted">
        ${t('Method: {0}.', t(METHOD_NAMES[method]))}
        ${
          share.samples === undefined
            ? nothing
            : t('{0} shuffles, standard error {1}.', share.samples, text(share.standardError ?? 0))
        }
        ${limits}
      </p>`;
  }

  #name(token: number): string {
    return tokenText(this.session.tokens?.texts[token] ?? '');
  }
}

/** The nine products of query part and key part, and what they add up to. */
function terms(values: readonly number[], dot: number | undefined): TemplateResult {
  const cell = (query: number, key: number): TemplateResult =>
    html`<td>${compact(values[query * PARTS.length + key] ?? NaN)}</td>`;
  return html`<div class="terms">
      <table>
        <thead>
          <tr>
            <th>${t('query ↓')}<br />${t('key →')}</th>
            ${PARTS.map((part) => html`<th scope="col"><span>${t(part)}</span></th>`)}
          </tr>
        </thead>
        <tbody>
          ${PARTS.map(
            (part, query) =>
              html`<tr>
                <th scope="row">${t(part)}</th>
                ${PARTS.map((_, key) => cell(query, key))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      dot === undefined
        ? nothing
        : html`<div class="row"><span>q·k</span><span></span><b>${compact(dot)}</b></div>`
    }`;
}
