import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import '../heads/headGrid';
import '../heads/headNumbers';
import '../help/helpDialog';
import '../token/inspector';
import { bundleStrip } from './bundleStrip';
import './conditionView';
import './toolbar';
import type { HelpDialog } from '../help/helpDialog';
import { readTheme, watchTheme, type Theme } from '../color/theme';
import { ExportRun } from '../export/exportRun';
import { isExportable, type MaybeExportable } from '../export/exportable';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import { viewById, viewsOf } from '../views/list';
import type { ExportKind } from '../protocol';
import { isFittable, type View, type ViewContext } from '../views/view';
import { controlStyles } from './controlStyles';
import { conditionOf, type Condition } from './condition';

/**
 * The whole panel: rail of heads, picture, inspector, and a sentence that says what is shown.
 * It is defined where its session is known: the page holds the element before any script runs.
 */
export class Panel extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        container-type: inline-size;
        color: var(--vscode-foreground);
        background: var(--vscode-editor-background);
        font-family: var(--vscode-font-family);
        font-size: var(--vscode-font-size, 13px);
        overflow: hidden;
      }
      .notice {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        margin: 0;
        padding: 4px 10px;
        border-bottom: 1px solid
          var(--vscode-inputValidation-errorBorder, var(--vscode-contrastBorder, transparent));
        background: var(--vscode-inputValidation-errorBackground, transparent);
      }
      .notice button {
        all: unset;
        display: inline-flex;
        cursor: pointer;
      }
      .notice button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      .body {
        flex: 1;
        min-height: 0;
        display: grid;
        grid-template: minmax(0, 1fr) / clamp(196px, 20cqw, 250px) minmax(0, 1fr) clamp(
            170px,
            21cqw,
            260px
          );
      }
      .body.wide {
        grid-template: minmax(0, 1fr) / minmax(0, 1fr) clamp(170px, 21cqw, 260px);
      }
      .body.alone {
        grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      }
      nav,
      aside {
        min-width: 0;
        min-height: 0;
        overflow: auto;
        padding: 10px;
        box-sizing: border-box;
      }
      nav {
        border-inline-end: 1px solid var(--vscode-panel-border, transparent);
      }
      aside {
        border-inline-start: 1px solid var(--vscode-panel-border, transparent);
      }
      main {
        min-width: 0;
        min-height: 0;
        display: flex;
        padding: 8px 10px 4px;
      }
      main > * {
        flex: 1;
      }
      main.condition {
        flex: 1;
        overflow: auto;
      }
      nav al-head-grid {
        padding: 3px;
      }
      h2 {
        font-size: 11px;
        font-weight: 600;
        margin: 0 0 6px;
        color: var(--vscode-descriptionForeground);
      }
      nav h2 {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
      }
      nav h2 button {
        all: unset;
        cursor: pointer;
        font-weight: 400;
        color: var(--vscode-textLink-foreground);
      }
      nav h2 button:hover {
        text-decoration: underline;
      }
      nav h2 button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 1px;
      }
      footer {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 30px;
        padding: 2px 10px;
        font-size: 12px;
        line-height: 1.4;
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
        color: var(--vscode-descriptionForeground);
        font-variant-numeric: tabular-nums;
      }
      footer p {
        flex: 1;
        margin: 0;
      }
      @container (max-width: 700px) {
        .body {
          grid-template: max-content auto max-content / minmax(0, 1fr);
          overflow: auto;
        }
        .body.wide {
          grid-template: auto max-content / minmax(0, 1fr);
        }
        /* Room for the picture itself, whatever stands above and below it. */
        main {
          min-height: min(150cqw, 560px);
        }
        /* Three maps below and beside each other take more of it. */
        main:has(> [compared]) {
          min-height: max(180cqw, 520px);
        }
        nav {
          border-inline-end: none;
          border-bottom: 1px solid var(--vscode-panel-border, transparent);
          padding: 6px 10px;
          max-height: 190px;
        }
        footer {
          position: relative;
        }
        /* Beside the sentence it would squeeze it, and the picture would jump at every edit. */
        footer al-condition {
          position: absolute;
          inset-inline-end: 10px;
          bottom: calc(100% + 4px);
          padding: 0 8px;
          border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
          border-radius: 4px;
          background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
        }
        nav h2 {
          position: absolute;
          inset-inline-end: 10px;
          color: transparent;
          pointer-events: none;
        }
        nav h2 button {
          pointer-events: auto;
        }
        /* As high whatever token it tells of: else the map would change under the pointer. */
        aside {
          height: 240px;
          border-inline-start: none;
          border-top: 1px solid var(--vscode-panel-border, transparent);
        }
      }
      /* Beside the thumbnails there is no room for a link. */
      @container (max-width: 420px) {
        nav h2 {
          position: static;
          justify-content: flex-end;
          margin: 0;
        }
      }
      @container (max-width: 380px) {
        /* All three below each other. */
        main:has(> [compared]) {
          min-height: 370cqw;
        }
      }
    `,
  ];

  readonly session: Session;
  readonly #exports: ExportRun;
  @state() private theme: Theme = readTheme();
  @query('main') private main!: HTMLElement | null;
  @query('al-help') private help!: HelpDialog | null;
  #unwatch: (() => void) | undefined;

  constructor(session: Session) {
    super();
    this.session = session;
    this.#exports = new ExportRun(session, () => this.requestUpdate());
    session.exportAs = (kind, table) => void this.#export(kind, table);
    session.saveBundle = () => void this.#exports.startBundle();
    new SessionObserver(this, () => this.session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watchTheme(() => (this.theme = readTheme()));
    window.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    window.removeEventListener('keydown', this.#key);
  }

  override render(): TemplateResult {
    const condition = conditionOf(this.session);
    const view = viewById(this.session.saved.view);
    return html`<header>
        <h1 class="unseen">${this.#title()}</h1>
        <al-toolbar
          .session=${this.session}
          @fit=${() => this.#fit()}
          .exporting=${this.#exports.progress}
          @help=${() => this.help?.toggle()}
          @giveUp=${() => this.#exports.cancel()}
        ></al-toolbar>
      </header>
      ${this.#exportFailure()} ${bundleStrip(this.session.state?.bundle)}
      ${this.session.tokens ? this.#picture(condition) : this.#page(condition)}
      <al-help .view=${view.id} .title=${t(view.title)}></al-help>`;
  }

  /** For those who walk the page by its headings. */
  #title(): string {
    const name = this.session.state?.document?.name;
    return name === undefined ? t('Attention') : t('Attention — {0}', name);
  }

  #page(condition: Condition | null): TemplateResult | typeof nothing {
    if (!condition) return nothing;
    return html`<main class="condition">
      <al-condition .session=${this.session} .condition=${condition}></al-condition>
    </main>`;
  }

  #picture(condition: Condition | null): TemplateResult {
    const { session, theme } = this;
    const view = viewById(session.saved.view);
    const context = { session, theme, show: (id: string): void => session.save({ view: id }) };
    const strip = condition?.kind === 'problem' ? condition : null;
    const passing = condition?.kind === 'problem' ? null : condition;
    return html`${
        strip
          ? html`<al-condition
              shape="strip"
              .session=${session}
              .condition=${strip}
            ></al-condition>`
          : nothing
      }
      <div class="body ${view.isAlone ? 'alone' : view.isRail ? 'wide' : ''}">
        ${view.isRail || view.isAlone ? nothing : this.#rail(view, context)}
        <main>
          <h2 class="unseen">${t(view.title)}</h2>
          ${view.render(context)}
        </main>
        ${
          view.isAlone
            ? nothing
            : html`<aside aria-label=${t('Token')}>
                ${view.aside?.(context)}
                <al-inspector .session=${session}></al-inspector>
                <al-head-numbers .session=${session}></al-head-numbers>
              </aside>`
        }
      </div>
      <footer>
        <p>${view.sentence(session)}</p>
        ${
          passing
            ? html`<al-condition
                shape="inline"
                .session=${session}
                .condition=${passing}
              ></al-condition>`
            : nothing
        }
      </footer>`;
  }

  #rail(view: View, context: ViewContext): TemplateResult {
    const { session, theme, show } = context;
    return html`<nav aria-label=${t('Heads')}>
      ${
        view.rail?.(context) ??
        html`<h2>
            ${t('Layers × heads')}
            <button
              title=${t('Find heads by what they do on this text')}
              @click=${() => session.findHeads()}
            >
              ${t('Find heads')}
            </button>
          </h2>
          <al-head-grid
            .session=${session}
            .theme=${theme}
            @open=${() => (view.rail ? undefined : show('head'))}
          ></al-head-grid>`
      }
    </nav>`;
  }

  /** Keys that work wherever the focus is. */
  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isWrittenIn(event)) return;
    const view = viewsOf(this.session)[Number(event.key) - 1];
    if (event.key === '?') this.help?.toggle();
    else if (view) this.session.save({ view: view.id });
    else return;
    event.preventDefault();
  };

  #exportFailure(): TemplateResult | typeof nothing {
    const { failure } = this.#exports;
    if (failure === null) return nothing;
    return html`<p class="notice" role="alert">
      <span>${failure}</span>
      <button aria-label=${t('Close')} title=${t('Close')} @click=${() => this.#exports.forget()}>
        <vscode-icon name="close"></vscode-icon>
      </button>
    </p>`;
  }

  #exportable(): MaybeExportable {
    const { session } = this;
    if (!session.tokens)
      return session.state?.document && !session.answers.failure ? 'notYet' : null;
    const picture = this.main?.lastElementChild;
    return isExportable(picture) ? picture.exportable() : null;
  }

  async #export(kind: ExportKind, table?: string): Promise<void> {
    // What a command has just asked to be shown must be drawn first.
    await this.updateComplete;
    await this.#exports.start(() => this.#exportable(), kind, this.theme, table);
  }

  #fit(): void {
    const picture = this.main?.lastElementChild;
    if (isFittable(picture)) picture.fit();
  }
}

/** Whether a key is for a field: text, a number, or the first letter of a choice. */
function isWrittenIn(event: Event): boolean {
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement) return !['range', 'checkbox'].includes(target.type);
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
