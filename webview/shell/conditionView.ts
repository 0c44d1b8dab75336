import '@vscode-elements/elements/dist/vscode-icon/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Session } from '../session/session';
import { t } from '../text';
import type { Action, Condition } from './condition';
import { controlStyles } from './controlStyles';

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
  static override styles = [
    controlStyles,
    css`
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
        flex-wrap: wrap;
        padding: 2px 10px;
        background: var(--vscode-inputValidation-warningBackground);
        color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
        border-bottom: 1px solid var(--vscode-inputValidation-warningBorder, transparent);
      }
      .strip .message {
        flex: 1 1 18ch;
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
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 8px;
      }
    `,
  ];

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
      ${this.#actions(condition)}
    </div>`;
  }

  #line(condition: Condition): TemplateResult {
    return html`<div class="${this.shape}" role="status">
      <vscode-icon name=${ICONS[condition.kind]}></vscode-icon>
      <span class="message">${condition.message}</span>
      ${this.#progress(condition)} ${this.#actions(condition)}
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

  #actions({ actions = [] }: Condition): TemplateResult | typeof nothing {
    if (actions.length === 0) return nothing;
    return html`<span class="actions">
      ${actions.map((action, at) => this.#action(action, at === 0 && this.shape === 'page'))}
    </span>`;
  }

  #action(action: Action, primary: boolean): TemplateResult {
    const { session } = this;
    switch (action) {
      case 'restart':
        return button(t('Restart Engine'), primary, () => session.restartEngine());
      case 'chooseModel':
        return button(t('Choose Model'), primary, () => session.chooseModel());
      case 'cancel':
        return button(t('Cancel'), primary, () => session.cancel());
      case 'retry':
        return button(t('Try Again'), primary, () => session.retry());
    }
  }
}

function button(label: string, primary: boolean, run: () => void): TemplateResult {
  return html`<button class=${primary ? 'primary' : ''} @click=${run}>${label}</button>`;
}

function teaching(): TemplateResult {
  return html`<ol>
    <li>${t('Open any text, prose or code.')}</li>
    <li>${t('Rest the pointer on a word: the hover says what it reads and what reads it.')}</li>
    <li>${t('The maps of all heads appear here.')}</li>
  </ol>`;
}
