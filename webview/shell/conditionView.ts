import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-icon/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Session } from '../session/session';
import { t } from '../text';
import type { Condition } from './condition';

const ICONS: { readonly [kind in Condition['kind']]: string } = {
  connecting: 'blank',
  empty: 'eye',
  loading: 'package',
  analysing: 'eye',
  stale: 'edit',
  problem: 'warning',
};

/**
 * A condition as a whole page (no picture to show), as a strip above the picture, or in line
 * with the sentence below it, where it comes and goes without moving anything.
 */
@customElement('al-condition')
export class ConditionView extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    .strip,
    .inline {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 26px;
      font-size: 12px;
    }
    .inline vscode-icon {
      color: inherit;
    }
    .strip {
      padding: 2px 10px;
      background: var(--vscode-inputValidation-warningBackground);
      color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
      border-bottom: 1px solid var(--vscode-inputValidation-warningBorder, transparent);
    }
    .strip .message {
      flex: 1;
    }
    .page {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: 12px;
      max-width: 46ch;
      margin: 12vh auto 0;
      padding: 0 20px;
      text-align: center;
      line-height: 1.5;
    }
    .page vscode-icon {
      opacity: 0.75;
    }
    .page p {
      margin: 0;
    }
    .page ol {
      margin: 0;
      padding-inline-start: 20px;
      text-align: start;
      color: var(--vscode-descriptionForeground);
      display: grid;
      gap: 6px;
    }
    vscode-progress-bar {
      width: 220px;
    }
    .inline vscode-progress-bar {
      width: 100px;
    }
  `;

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) condition!: Condition;
  @property() shape: 'page' | 'strip' | 'inline' = 'page';

  override render(): TemplateResult | typeof nothing {
    const { condition } = this;
    if (condition.kind === 'connecting') return nothing;
    return this.shape === 'page' ? this.#page(condition) : this.#line(condition);
  }

  #page(condition: Condition): TemplateResult {
    return html`<div class="page" role="status">
      <vscode-icon name=${ICONS[condition.kind]} size="40"></vscode-icon>
      <p>${condition.message}</p>
      ${condition.kind === 'empty' ? teaching() : nothing} ${this.#progress(condition)}
      ${this.#action(condition)}
    </div>`;
  }

  #line(condition: Condition): TemplateResult {
    return html`<div class="${this.shape}" role="status">
      <vscode-icon name=${ICONS[condition.kind]}></vscode-icon>
      <span class="message">${condition.message}</span>
      ${this.#progress(condition)} ${this.#action(condition)}
    </div>`;
  }

  #progress({ progress, message }: Condition): TemplateResult | typeof nothing {
    if (progress === undefined) return nothing;
    return html`<vscode-progress-bar
      aria-label=${message}
      ?indeterminate=${progress === null}
      .value=${(progress ?? 0) * 100}
    ></vscode-progress-bar>`;
  }

  #action({ action }: Condition): TemplateResult | typeof nothing {
    switch (action) {
      case 'restart':
        return this.#button(t('Restart Engine'), () => this.session.restartEngine());
      case 'cancel':
        return this.#button(t('Cancel'), () => this.session.cancel());
      case 'retry':
        return this.#button(t('Try Again'), () => this.session.retry());
      case undefined:
        return nothing;
    }
  }

  #button(label: string, run: () => void): TemplateResult {
    return html`<vscode-button ?secondary=${this.shape !== 'page'} @click=${run}
      >${label}</vscode-button
    >`;
  }
}

function teaching(): TemplateResult {
  return html`<ol>
    <li>${t('Open any text, prose or code.')}</li>
    <li>${t('Rest the pointer on a word: the hover says what it reads and what reads it.')}</li>
    <li>${t('The maps of all heads appear here.')}</li>
  </ol>`;
}
