import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ErratumText } from '../../server/protocol';
import { Lookup } from '../session/lookup';
import type { Session } from '../session/session';
import { t } from '../text';

/** Where the textbook chapter is wrong; the host computes every number when this is shown. */
@customElement('al-errata')
export class ErrataPage extends LitElement {
  static override styles = css`
    :host {
      display: block;
      overflow: auto;
      min-height: 0;
      line-height: 1.5;
    }
    ol {
      list-style: none;
      margin: 0 auto;
      padding: 0;
      max-width: 78ch;
      display: grid;
      gap: 18px;
    }
    h3 {
      margin: 0 0 4px;
      font-size: 13px;
    }
    .number {
      color: var(--vscode-descriptionForeground);
      font-weight: 400;
      margin-inline-end: 6px;
      font-variant-numeric: tabular-nums;
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 2px 12px;
      margin: 0;
    }
    dt {
      color: var(--vscode-descriptionForeground);
    }
    dd {
      margin: 0;
      overflow-wrap: anywhere;
    }
    .right {
      border-inline-start: 2px solid var(--vscode-charts-green, currentColor);
      padding-inline-start: 8px;
    }
    .printed {
      border-inline-start: 2px solid var(--vscode-charts-red, currentColor);
      padding-inline-start: 8px;
    }
  `;

  @property({ attribute: false }) session!: Session;
  readonly #errata = new Lookup<{ errata: ErratumText[] }>(() => this.requestUpdate());

  protected override willUpdate(): void {
    this.#errata.want('errata', (signal) => this.session.channel.request('errata', {}, { signal }));
  }

  override render(): TemplateResult {
    const { value, refusal } = this.#errata;
    if (refusal) return html`<p role="alert">${refusal.message}</p>`;
    if (!value) return html`<p role="status">${t('Computing the errata …')}</p>`;
    return html`<ol>
      ${value.errata.map(erratum)}
    </ol>`;
  }
}

function erratum({ number, section, title, printed, right, reason }: ErratumText): TemplateResult {
  return html`<li>
    <h3><span class="number">${number} · §${section}</span>${title}</h3>
    <dl>
      <dt>${t('printed')}</dt>
      <dd class="printed">${printed}</dd>
      <dt>${t('right')}</dt>
      <dd class="right">${right}</dd>
      <dt>${t('why')}</dt>
      <dd>${reason}</dd>
    </dl>
  </li>`;
}
