import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { findTokens } from './search';

/**
 * Finds tokens by their text. Tells `found` with all of them, `go` with the one to go to (Enter
 * the next, Shift+Enter the one before), and `leave` when the person is done (Escape).
 */
@customElement('al-token-search')
export class TokenSearch extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      input {
        width: 19ch;
        height: 24px;
        box-sizing: border-box;
        padding: 0 7px;
        border: 1px solid
          var(
            --vscode-input-border,
            var(--vscode-settings-dropdownBorder, var(--vscode-contrastBorder, transparent))
          );
        border-radius: 4px;
        background: var(--vscode-input-background, transparent);
        color: var(--vscode-input-foreground, inherit);
        font: inherit;
      }
      input::placeholder {
        color: var(--vscode-input-placeholderForeground, var(--vscode-descriptionForeground));
      }
      .none {
        color: var(--vscode-errorForeground, currentColor);
      }
    `,
  ];

  @property({ attribute: false }) texts: readonly string[] = [];
  @query('input') private input!: HTMLInputElement;
  @state() private sought = '';
  @state() private at = -1;
  #found: readonly number[] = [];

  override render(): TemplateResult {
    return html`<input
        type="search"
        placeholder=${t('Find a token (/)')}
        aria-label=${t('Find a token (/)')}
        title=${t('Enter goes to the next one, Shift+Enter to the one before')}
        .value=${this.sought}
        @input=${() => this.#seek(this.input.value)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      />
      ${this.#count()}`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('texts') && this.sought !== '') this.#seek(this.sought);
  }

  override focus(): void {
    this.input.focus();
    this.input.select();
  }

  #count(): TemplateResult | typeof nothing {
    if (this.sought === '') return nothing;
    const { length } = this.#found;
    const text =
      length === 0
        ? t('not found')
        : this.at < 0
          ? t('{0} found', length)
          : t('{0} of {1}', this.at + 1, length);
    return html`<span class=${length === 0 ? 'none' : 'muted'} role="status">${text}</span>`;
  }

  #seek(sought: string): void {
    this.sought = sought;
    this.at = -1;
    this.#found = findTokens(this.texts, sought);
    this.dispatchEvent(new CustomEvent('found', { detail: this.#found }));
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') {
      this.#seek('');
      this.dispatchEvent(new CustomEvent('leave'));
    } else return;
    event.preventDefault();
  }

  #step(step: 1 | -1): void {
    const { length } = this.#found;
    if (length === 0) return;
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.at = (from + step + length) % length;
    this.dispatchEvent(new CustomEvent('go', { detail: this.#found[this.at] }));
  }
}
