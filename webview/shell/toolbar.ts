import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { AGGREGATES, READINGS, type Aggregate, type Reading } from '../../server/protocol';
import { showsSeveral } from '../../server/selectionRules';
import '../export/exportMenu';
import type { ExportKind } from '../protocol';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import { viewById, viewsOf } from '../views/list';
import { encodingName, readingName, windowName } from '../views/sentence';
import { toolbarStyles } from './toolbarStyles';

/** Views and settings of the picture. One tab stop; arrow keys move inside. */
@customElement('al-toolbar')
export class Toolbar extends LitElement {
  static override styles = toolbarStyles;

  @property({ attribute: false }) session!: Session;
  /** 0 … 1 while something is exported. */
  @property({ attribute: false }) exporting: number | null = null;
  @state() private choosing = false;
  /** Whether those settings are out that have no room in a narrow toolbar. */
  @state() private settings = false;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override render(): TemplateResult {
    return html`<div class="bar">${this.#tools()} ${this.#menu()}</div>`;
  }

  #tools(): TemplateResult {
    const { saved } = this.session;
    return html`<div
      role="toolbar"
      aria-label=${t('Attention panel')}
      @keydown=${(event: KeyboardEvent) => this.#move(event)}
      @focusin=${(event: FocusEvent) => this.#rove(event.target)}
    >
      <span role="radiogroup" aria-label=${t('View')}>
        ${viewsOf(this.session).map(
          (view) =>
            html`<button
              role="radio"
              aria-checked=${view.id === saved.view ? 'true' : 'false'}
              aria-label=${t(view.title)}
              title=${t(view.title)}
              @click=${() => this.session.save({ view: view.id })}
            >
              <vscode-icon name=${view.icon}></vscode-icon>
              <span class="name">${t(view.title)}</span>
            </button>`,
        )}
      </span>
      <span class="space"></span>
      ${this.#change()} ${this.#windows()}
      ${viewById(saved.view).isAlone ? nothing : this.#ofHeads()} ${this.#export()} ${this.#lock()}
      <button
        title=${t('What does this view show, and how does it mislead? (?)')}
        aria-label=${t('What does this view show, and how does it mislead? (?)')}
        @click=${() => this.dispatchEvent(new CustomEvent('help'))}
      >
        <vscode-icon name="question"></vscode-icon>
      </button>
    </div>`;
  }

  /** Whether the panel follows the editor, or stays with its document and a selection of its own. */
  #lock(): TemplateResult | typeof nothing {
    const { locked = false, document, bundle } = this.session.state ?? {};
    if (bundle) return nothing;
    const title = locked
      ? t(
          'Locked to “{0}”, with layer, head and reading of its own. Click to follow the editor.',
          document?.name ?? '',
        )
      : t(
          'Follows the editor. Click to lock this panel to its document, with layer, head and reading of its own.',
        );
    return html`<button
      aria-pressed=${locked ? 'true' : 'false'}
      title=${title}
      aria-label=${t('Locked to its document')}
      ?disabled=${!document}
      @click=${() => this.session.setLocked(!locked)}
    >
      <vscode-icon name=${locked ? 'lock' : 'unlock'}></vscode-icon>
    </button>`;
  }

  /** Opens the list of formats; while something is exported it gives that up. */
  #export(): TemplateResult {
    const { exporting } = this;
    const title =
      exporting === null
        ? t('Export what is shown')
        : t('Exporting, {0} %. Click to give it up.', Math.round(100 * exporting));
    return html`<button
      class="export"
      title=${title}
      aria-label=${title}
      aria-haspopup="menu"
      aria-expanded=${this.choosing ? 'true' : 'false'}
      ?disabled=${!this.session.tokens}
      @pointerdown=${(event: PointerEvent) => this.choosing && event.preventDefault()}
      @click=${() => this.#toggleExport()}
    >
      <vscode-icon
        name=${exporting === null ? 'export' : 'loading'}
        ?spin=${exporting !== null}
      ></vscode-icon>
    </button>`;
  }

  #toggleExport(): void {
    if (this.exporting === null) this.choosing = !this.choosing;
    else this.dispatchEvent(new CustomEvent('giveUp'));
  }

  #menu(): TemplateResult | typeof nothing {
    if (!this.choosing) return nothing;
    const { session } = this;
    return html`<al-export-menu
      ?asSeen=${session.saved.asSeen}
      @export=${({ detail }: CustomEvent<ExportKind>) => session.exportAs(detail)}
      ?bundles=${!session.state?.bundle}
      @bundle=${() => session.saveBundle()}
      @colours=${({ detail }: CustomEvent<boolean>) => session.save({ asSeen: detail })}
      @closed=${() => this.#closeMenu()}
    ></al-export-menu>`;
  }

  #closeMenu(): void {
    if (!this.choosing) return;
    this.choosing = false;
    this.renderRoot.querySelector<HTMLElement>('.export')?.focus();
  }

  /** What means something only where weights are drawn. */
  #ofHeads(): TemplateResult {
    const { settings } = this;
    const title = t('Reading, words and colours');
    return html`<button
        class="more"
        title=${title}
        aria-label=${title}
        aria-expanded=${settings ? 'true' : 'false'}
        @click=${() => (this.settings = !settings)}
      >
        <vscode-icon name="settings"></vscode-icon>
      </button>
      <span class="settings ${settings ? 'open' : ''}">
        <span class="joined">${this.#reading()} ${this.#aggregate()}</span>
        ${this.#words()} ${this.#scale()}
      </span>
      <button
        title=${t('Show the whole map (0)')}
        aria-label=${t('Show the whole map (0)')}
        @click=${() => this.dispatchEvent(new CustomEvent('fit'))}
      >
        <vscode-icon name="screen-full"></vscode-icon>
      </button>`;
  }

  protected override updated(): void {
    const enabled = this.#items().filter((item) => !item.hasAttribute('disabled'));
    this.#rove(enabled.find((item) => item.getAttribute('tabindex') === '0') ?? enabled[0] ?? null);
  }

  /** Says that position is not the model's own; one click restores it. */
  #change(): TemplateResult | typeof nothing {
    const name = encodingName(this.session.selection.encoding);
    if (name === null) return nothing;
    const title = t('{0}: not what the model was trained with. Click to restore position.', name);
    return html`<button
      class="badge"
      title=${title}
      aria-label=${title}
      @click=${() => this.session.select({ encoding: null })}
    >
      <vscode-icon name="beaker"></vscode-icon>${name}<vscode-icon name="close"></vscode-icon>
    </button>`;
  }

  #windows(): TemplateResult | typeof nothing {
    const window = this.session.tokens?.window;
    const name = windowName(this.session);
    if (!window || name === null) return nothing;
    const { index, count } = window;
    const step = (to: number, icon: string, title: string, enabled: boolean): TemplateResult =>
      html`<button
        title=${title}
        aria-label=${title}
        ?disabled=${!enabled}
        @click=${() => this.session.showWindow(to)}
      >
        <vscode-icon name=${icon}></vscode-icon>
      </button>`;
    return html`${step(index - 1, 'chevron-left', t('Previous window'), index > 0)}
      <span class="window">${name}</span>
      ${step(index + 1, 'chevron-right', t('Next window'), count === null || index + 1 < count)}
      <span class="divider"></span>`;
  }

  /** The platform's own list: the elements' one has a tab stop inside that a toolbar cannot rove. */
  #reading(): TemplateResult {
    const { reading } = this.session.selection;
    return html`<select
      aria-label=${t('Reading')}
      title=${t('Reading')}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        this.session.select({ reading: value as Reading });
      }}
    >
      ${READINGS.map(
        (name) =>
          html`<option value=${name} .selected=${name === reading}>${readingName(name)}</option>`,
      )}
    </select>`;
  }

  /** How several heads become one; it keeps its place where there is nothing to choose. */
  #aggregate(): TemplateResult {
    const { selection } = this.session;
    const title =
      selection.reading === 'rollout'
        ? t('Rollout takes the mean of each layer’s heads by itself')
        : t('How several heads become one');
    return html`<select
      aria-label=${t('How several heads become one')}
      title=${showsSeveral(selection) || selection.reading === 'rollout' ? title : t('One head is shown: there is nothing to put together')}
      ?disabled=${!showsSeveral(selection)}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        this.session.select({ aggregate: value as Aggregate });
      }}
    >
      ${AGGREGATES.map(
        (name) =>
          html`<option value=${name} .selected=${name === selection.aggregate}>
            ${name === 'max' ? t('maximum') : t('mean')}
          </option>`,
      )}
    </select>`;
  }

  #words(): TemplateResult {
    const words = this.session.selection.merge === 'words';
    return html`<button
      aria-pressed=${words ? 'true' : 'false'}
      title=${t('Whole words: the pieces of a word count as one')}
      @click=${() => this.session.select({ merge: words ? 'tokens' : 'words' })}
    >
      ${t('words')}
    </button>`;
  }

  #scale(): TemplateResult {
    const log = this.session.saved.scale === 'log';
    return html`<button
      aria-pressed=${log ? 'true' : 'false'}
      title=${t('Logarithmic colours: small weights become visible')}
      @click=${() => this.session.save({ scale: log ? 'linear' : 'log' })}
    >
      ${t('log')}
    </button>`;
  }

  #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('button, select')].filter((item) =>
      item.checkVisibility(),
    );
  }

  /** Left and right walk through the toolbar; up and down stay with the list of readings. */
  #move(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    const items = this.#items().filter((item) => !item.hasAttribute('disabled'));
    const at = items.findIndex((item) => item === event.target);
    const next = items[(at + step + items.length) % items.length];
    event.preventDefault();
    next?.focus();
  }

  #rove(target: EventTarget | null): void {
    const items = this.#items();
    if (!items.includes(target as HTMLElement)) return;
    for (const item of items) item.tabIndex = item === target ? 0 : -1;
  }
}
