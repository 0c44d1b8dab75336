import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '@vscode-elements/elements/dist/vscode-icon/index.js';
import type { ExportKind } from '../protocol';
import { t } from '../text';
import { FORMATS } from './formats';

/**
 * The list under the export button. `export` tells of a format, `colours` that pictures are to have
 * the editor's colours or white paper's, `bundle` that a bundle is wanted, `closed` that the list
 * is not wanted any more.
 */
@customElement('al-export-menu')
export class ExportMenu extends LitElement {
  static override styles = css`
    :host {
      position: absolute;
      z-index: 10;
      top: 100%;
      inset-inline-end: 6px;
      min-width: 232px;
      max-width: calc(100% - 12px);
      max-height: 70vh;
      overflow: auto;
      padding: 4px 0;
      border: 1px solid var(--vscode-menu-border, var(--vscode-widget-border, transparent));
      border-radius: 5px;
      background: var(--vscode-menu-background, var(--vscode-editorWidget-background));
      color: var(--vscode-menu-foreground, var(--vscode-foreground));
      box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    }
    button {
      all: unset;
      box-sizing: border-box;
      display: grid;
      grid-template-columns: 20px 64px 1fr;
      align-items: center;
      gap: 4px;
      width: 100%;
      padding: 3px 12px 3px 8px;
      line-height: 18px;
      cursor: pointer;
    }
    button.wide {
      grid-template-columns: 20px 1fr;
    }
    button:hover,
    button:focus-visible {
      background: var(--vscode-menu-selectionBackground, var(--vscode-list-hoverBackground));
      color: var(--vscode-menu-selectionForeground, inherit);
      outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
      outline-offset: -1px;
    }
    .detail {
      opacity: 0.85;
      font-size: 11px;
    }
    hr {
      margin: 4px 0;
      border: none;
      border-top: 1px solid var(--vscode-menu-separatorBackground, var(--vscode-panel-border, grey));
    }
  `;

  /** Whether pictures have the editor's colours. */
  @property({ type: Boolean }) asSeen = false;
  /** Whether a bundle can be made of what is shown. */
  @property({ type: Boolean }) bundles = false;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => this.#key(event));
    this.addEventListener('focusout', (event) => {
      if (!this.#holds(event.relatedTarget)) this.#close();
    });
  }

  override render(): TemplateResult {
    return html`<div role="menu" aria-label=${t('Export what is shown')}>
      ${FORMATS.map(
        ({ kind, title, detail, icon }) =>
          html`<button role="menuitem" tabindex="-1" @click=${() => this.#export(kind)}>
            <vscode-icon name=${icon}></vscode-icon><span>${title}</span
            ><span class="detail">${t(detail)}</span>
          </button>`,
      )}
      ${
        this.bundles
          ? html`<button role="menuitem" tabindex="-1" @click=${() => this.#bundle()}>
              <vscode-icon name="archive"></vscode-icon><span>${t('Bundle')}</span
              ><span class="detail">${t('text and numbers, to be opened again')}</span>
            </button>`
          : nothing
      }
      <hr role="separator" />
      <button
        class="wide"
        role="menuitemcheckbox"
        aria-checked=${this.asSeen ? 'true' : 'false'}
        tabindex="-1"
        @click=${() => this.dispatchEvent(new CustomEvent('colours', { detail: !this.asSeen }))}
      >
        <vscode-icon name=${this.asSeen ? 'check' : 'blank'}></vscode-icon
        ><span>${t('Pictures in the editor’s colours, not on white')}</span>
      </button>
    </div>`;
  }

  protected override firstUpdated(): void {
    this.#items()[0]?.focus();
  }

  #export(kind: ExportKind): void {
    this.dispatchEvent(new CustomEvent<ExportKind>('export', { detail: kind }));
    this.#close();
  }

  #bundle(): void {
    this.dispatchEvent(new CustomEvent('bundle'));
    this.#close();
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent('closed'));
  }

  #holds(target: EventTarget | null): boolean {
    return target instanceof Node && (target === this || this.renderRoot.contains(target));
  }

  #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('button')];
  }

  #key(event: KeyboardEvent): void {
    const items = this.#items();
    const at = items.findIndex((item) => item.matches(':focus'));
    const last = items.length - 1;
    const to = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === 'Escape') this.#close();
    else if (to !== undefined) items[to]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
