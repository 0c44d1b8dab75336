import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PanelDocumentMap } from '../protocol';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { t } from '../text';
import { steppedWindow } from './steppedWindow';
import { analysedRuns, ownedStretches, windowAtShare, type Stretch } from './windowRuns';

/** Shorter windows could not be seen or hit. */
const LEAST_SHARE = 0.004;

/**
 * The whole file as a bar: which windows are analysed, and which one is shown. A click or the
 * arrow keys go to a window. Takes no room where the file has one window only.
 */
@customElement('al-file-band')
export class FileBand extends LitElement {
  static override styles = css`
    :host {
      flex: none;
      display: block;
      width: 14px;
    }
    :host([hidden]) {
      display: none;
    }
    .bar {
      position: relative;
      height: 100%;
      box-sizing: border-box;
      border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor));
      border-radius: 3px;
      overflow: hidden;
      cursor: pointer;
      touch-action: none;
    }
    .bar:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: 1px;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      pointer-events: none;
    }
    .run {
      fill: var(--vscode-descriptionForeground);
      fill-opacity: 0.35;
    }
    .pointed {
      fill: var(--vscode-foreground);
      fill-opacity: 0.35;
    }
    .shown {
      fill: var(--vscode-progressBar-background, var(--vscode-focusBorder));
    }
  `;

  @property({ attribute: false }) session!: Session;
  @property({ type: Boolean, reflect: true }) override hidden = true;
  @state() private pointed: number | null = null;
  /** Chosen by key; the panel is on its way there. */
  #aim: number | null = null;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  protected override willUpdate(): void {
    const { session } = this;
    const window = session.currentTokens?.window;
    if (!window) return;
    this.hidden = window.count === 1;
    if (window.index === this.#aim) this.#aim = null;
    if (!this.hidden) session.wantWindows();
  }

  override render(): TemplateResult | typeof nothing {
    const file = this.session.file.windows.value;
    if (this.hidden) return nothing;
    const shown = this.#shown;
    const count = file?.windows.length ?? this.session.tokens?.window.count ?? 0;
    const stretches = file ? ownedStretches(file.windows, file.tokens) : [];
    return html`<div
      class="bar"
      role="slider"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${t('Windows of the whole file')}
      aria-valuemin="0"
      aria-valuemax=${Math.max(0, count - 1)}
      aria-valuenow=${this.#aim ?? shown}
      aria-valuetext=${this.#name(this.#aim ?? shown)}
      title=${this.#name(this.pointed ?? shown)}
      @click=${(event: MouseEvent) => this.#go(this.#under(event))}
      @pointermove=${(event: PointerEvent) => (this.pointed = this.#under(event))}
      @pointerleave=${() => (this.pointed = null)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, count)}
    >
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        ${file ? analysedRuns(file.windows, file.tokens).map((run) => part('run', run)) : nothing}
        ${this.pointed === null ? nothing : part('pointed', stretches[this.pointed])}
        ${part('shown', stretches[this.#aim ?? shown])}
      </svg>
    </div>`;
  }

  get #shown(): number {
    return this.session.tokens?.window.index ?? 0;
  }

  #name(index: number): string {
    const file: PanelDocumentMap | null = this.session.file.windows.value;
    const window = file?.windows[index];
    if (!file || !window) return t('window {0}', index);
    const name = t('window {0} of {1}', index, file.windows.length);
    const place = t('tokens {0} to {1} of {2}', window.start, window.end - 1, file.tokens);
    return `${name}, ${place}, ${window.held ? t('analysed') : t('not analysed yet')}`;
  }

  #under({ clientY }: MouseEvent): number | null {
    const file = this.session.file.windows.value;
    const bar = this.renderRoot.querySelector('.bar')?.getBoundingClientRect();
    if (!file || !bar || bar.height === 0) return null;
    return windowAtShare(file.windows, file.tokens, (clientY - bar.top) / bar.height);
  }

  #key(event: KeyboardEvent, count: number): void {
    const target = steppedWindow(event.key, this.#aim ?? this.#shown, count);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#go(target);
  }

  #go(index: number | null): void {
    if (index === null || index === (this.#aim ?? this.#shown)) return;
    this.#aim = index;
    this.session.showWindow(index);
    this.requestUpdate();
  }
}

function part(name: string, stretch: Stretch | undefined): TemplateResult | typeof nothing {
  if (!stretch) return nothing;
  const height = Math.max(LEAST_SHARE, stretch.to - stretch.from);
  const y = Math.min(stretch.from, 1 - height);
  return svg`<rect class=${name} x="0" width="1" y=${y} height=${height}></rect>`;
}
