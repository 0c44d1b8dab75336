import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { PANEL_VIEWS, type PanelView } from '../protocol';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { VIEW_HELP } from './viewHelp';
import { PANEL_KEYS, VIEW_KEYS, type Shortcut } from './viewKeys';

/** What a view shows and how it misleads, and the keys that work in it; opened by `show`. */
@customElement('al-help')
export class HelpDialog extends LitElement {
  static override styles = [
    controlStyles,
    css`
      dialog {
        box-sizing: border-box;
        width: min(460px, 100vw - 16px);
        max-height: calc(100vh - 48px);
        margin: 38px 8px 0 auto;
        padding: 12px 16px 16px;
        overflow: auto;
        border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
        border-radius: 6px;
        background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
        color: var(--vscode-editorWidget-foreground, var(--vscode-foreground));
        box-shadow: 0 2px 12px var(--vscode-widget-shadow, transparent);
        line-height: 1.45;
      }
      dialog::backdrop {
        background: transparent;
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        margin: 0;
        font-size: 1.1em;
      }
      h3 {
        margin: 14px 0 4px;
        font-size: 11px;
        color: var(--vscode-descriptionForeground);
      }
      p {
        margin: 8px 0 0;
      }
      .paper {
        font-size: 11px;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 3px 14px;
        margin: 0;
        font-size: 12px;
      }
      dd {
        margin: 0;
      }
      kbd {
        font-family: var(--vscode-editor-font-family, monospace);
        white-space: nowrap;
      }
    `,
  ];

  /** Of which view it tells. */
  @property() view = '';
  /** The view's title, in the person's language. */
  @property() override title = '';
  @query('dialog') private dialog!: HTMLDialogElement;

  /** Opens it, or closes it where it is open. */
  toggle(): void {
    if (this.dialog.open) this.dialog.close();
    else this.dialog.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="title"
      @click=${(event: Event) => {
        if (event.target === this.dialog) this.dialog.close();
      }}
      @keydown=${(event: KeyboardEvent) => this.#key(event)}
    >
      <header>
        <h2 id="title">${this.title}</h2>
        <button
          class="plain"
          aria-label=${t('Close')}
          title=${t('Close')}
          @click=${() => this.dialog.close()}
        >
          <vscode-icon name="close"></vscode-icon>
        </button>
      </header>
      ${this.#sentences()}
      <h3>${t('Keys')}</h3>
      <dl>${this.#keys().map(shortcut)}</dl>
    </dialog>`;
  }

  get #known(): PanelView | undefined {
    return PANEL_VIEWS.find((view) => view === this.view);
  }

  #sentences(): TemplateResult | typeof nothing {
    if (!this.#known) return nothing;
    const { shows, misleads, paper } = VIEW_HELP[this.#known];
    return html`<p>${t(shows)}</p>
      ${misleads.map((sentence) => html`<p>${t(sentence)}</p>`)}
      <p class="paper muted">${t('To read: {0}', paper)}</p>`;
  }

  #keys(): readonly Shortcut[] {
    return [...(this.#known ? VIEW_KEYS[this.#known] : []), ...PANEL_KEYS];
  }

  /** Keys are the dialog's as long as it is open. */
  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === '?') this.dialog.close();
  }
}

function shortcut([keys, does]: Shortcut): TemplateResult {
  return html`<dt><kbd>${keys}</kbd></dt>
    <dd>${t(does)}</dd>`;
}
