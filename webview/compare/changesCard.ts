import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { percent, points } from '../format';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import type { Compared } from './compared';
import type { Change } from './mergedMaps';

/** The pairs of tokens whose weight differs most between both sides; a click chooses one. */
@customElement('al-changes-card')
export class ChangesCard extends LitElement {
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
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th {
        text-align: start;
        font-weight: 400;
        color: var(--vscode-descriptionForeground);
      }
      th:not(:first-child),
      td {
        text-align: end;
        white-space: nowrap;
        padding-inline-start: 6px;
      }
      td:first-child {
        text-align: start;
        white-space: normal;
        padding: 0;
      }
      button {
        all: unset;
        cursor: pointer;
        overflow-wrap: anywhere;
        font-family: var(--vscode-editor-font-family, monospace);
      }
      button:hover {
        text-decoration: underline;
      }
      button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      .stale {
        opacity: 0.45;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override render(): TemplateResult {
    const { shown, current } = this.session.comparison;
    return html`<h2>${t('Strongest changes')}</h2>
      ${shown ? this.#table(shown, current) : html`<p class="muted">${t('Nothing is compared yet.')}</p>`}`;
  }

  #table(compared: Compared, current: boolean): TemplateResult {
    if (compared.changes.length === 0)
      return html`<p class="muted">
        ${
          compared.paired === 0
            ? t('No token is the same on both sides.')
            : t('All weights of the tokens that both sides have are the same.')
        }
      </p>`;
    return html`<table class=${current ? '' : 'stale'}>
      <thead>
        <tr>
          <th scope="col">${t('query')} → ${t('key')}</th>
          <th scope="col">${t('A')}</th>
          <th scope="col">${t('B')}</th>
          <th scope="col">${t('change')}</th>
        </tr>
      </thead>
      <tbody>
        ${compared.changes.map((change) => this.#row(compared, change))}
      </tbody>
    </table>`;
  }

  #row({ axes }: Compared, { query, key, weights, difference }: Change): TemplateResult {
    return html`<tr>
      <td>
        <button @click=${() => this.session.comparison.choose({ query, key }, true)}>
          ${axes.texts[query]} → ${axes.texts[key]}
        </button>
      </td>
      <td>${percent(weights[0])}</td>
      <td>${percent(weights[1])}</td>
      <td>${points(difference)}</td>
    </tr>`;
  }
}
