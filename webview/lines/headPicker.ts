import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { MOST_HEADS, toggled } from './headSet';
import type { LineStyle } from './paintLines';

/**
 * The heads of one layer, each in the colour of its lines; any of them can be chosen. A double
 * click leaves only that one. One tab stop, arrow keys inside. Tells `heads` with the new choice.
 */
@customElement('al-head-picker')
export class HeadPicker extends LitElement {
  static override styles = [
    controlStyles,
    css`
      [role='group'] {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 3px;
      }
      .head {
        justify-content: center;
        min-width: 24px;
        height: 22px;
        padding: 0 3px;
        font-size: 11px;
        font-variant-numeric: tabular-nums;
        background: transparent;
        color: inherit;
        border: 1px solid transparent;
        flex-direction: column;
        gap: 1px;
      }
      .head svg {
        width: 16px;
        height: 4px;
      }
      .head[aria-checked='false'] {
        opacity: 0.75;
      }
    `,
  ];

  /** How many heads the layer has. */
  @property({ type: Number }) count = 0;
  @property({ attribute: false }) chosen: readonly number[] = [];
  @property({ attribute: false }) styleOf!: (head: number) => LineStyle;
  @property() label = '';
  #focused = 0;

  override render(): TemplateResult {
    const heads = Array.from({ length: this.count }, (_, head) => head);
    return html`<div role="group" aria-label=${this.label} @keydown=${this.#key}>
      ${heads.map((head) => this.#head(head))}
      <button
        tabindex=${this.#tab(this.count)}
        aria-pressed=${this.chosen.length === 0 ? 'true' : 'false'}
        @focus=${() => this.#rove(this.count)}
        @click=${() => this.#tell([])}
      >
        ${t('mean')}
      </button>
    </div>`;
  }

  #head(head: number): TemplateResult {
    const { color, dash } = this.styleOf(head);
    const checked = this.chosen.includes(head);
    const full = !checked && this.chosen.length >= MOST_HEADS;
    return html`<button
      class="head"
      role="checkbox"
      aria-checked=${checked ? 'true' : 'false'}
      aria-label=${t('head {0}', head)}
      title=${t('head {0}: click adds or removes it, a double click shows it alone', head)}
      tabindex=${this.#tab(head)}
      ?disabled=${full}
      @focus=${() => this.#rove(head)}
      @click=${() => this.#tell(toggled(this.chosen, head))}
      @dblclick=${() => this.#tell([head])}
    >
      ${head}
      <svg viewBox="0 0 16 4" aria-hidden="true">
        <line
          x1="0"
          y1="2"
          x2="16"
          y2="2"
          stroke=${color}
          stroke-width="3"
          stroke-dasharray=${dash.join(' ')}
        ></line>
      </svg>
    </button>`;
  }

  #tab(index: number): string {
    return index === Math.min(this.#focused, this.count) ? '0' : '-1';
  }

  #rove(index: number): void {
    if (index === this.#focused) return;
    this.#focused = index;
    this.requestUpdate();
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...this.renderRoot.querySelectorAll<HTMLElement>('button:enabled')];
    const at = items.findIndex((item) => item === event.target);
    items[(at + step + items.length) % items.length]?.focus();
  }

  #tell(heads: readonly number[]): void {
    this.dispatchEvent(new CustomEvent('heads', { detail: heads }));
  }
}
