import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { changeOf, MODES, mostFor, numberOf, readNumber, type Mode } from './modes';

/** What is done to position, one choice of several; asks the session for it. */
@customElement('al-change-controls')
export class ChangeControls extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
      }
      input {
        width: 72px;
      }
      .problem {
        color: var(--vscode-errorForeground, var(--vscode-foreground));
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  /** What was written and cannot be taken, and why. */
  @state() private problem: { text: string; message: string } | null = null;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override render(): TemplateResult {
    const { encoding } = this.session.selection;
    const current = encoding?.mode ?? null;
    const shown = MODES.find(({ mode }) => mode === current);
    return html`<span
        class="segments"
        role="radiogroup"
        aria-label=${t('Position')}
        @keydown=${(event: KeyboardEvent) => this.#key(event, current)}
      >
        ${MODES.map((mode) => this.#choice(mode, mode.mode === current))}
      </span>
      ${shown?.number ? this.#number(shown) : nothing}
      ${
        encoding
          ? html`<button class="plain" @click=${() => this.session.select({ encoding: null })}>
              <vscode-icon name="discard"></vscode-icon>${t('Restore position')}
            </button>`
          : nothing
      }
      ${
        this.problem
          ? html`<span class="problem" role="alert">${this.problem.message}</span>`
          : nothing
      }`;
  }

  #choice(mode: Mode, checked: boolean): TemplateResult {
    return html`<button
      role="radio"
      aria-checked=${checked ? 'true' : 'false'}
      tabindex=${checked ? 0 : -1}
      title=${t(mode.detail)}
      @click=${() => this.#choose(mode)}
    >
      ${t(mode.title)}
    </button>`;
  }

  #number({ mode, number }: Mode): TemplateResult | typeof nothing {
    if (!number) return nothing;
    const value = this.problem?.text ?? String(numberOf(this.session.selection.encoding) ?? '');
    return html`<label
      >${t(number.label)}
      <input
        type="number"
        min=${number.least}
        step=${number.step}
        .value=${value}
        aria-invalid=${this.problem ? 'true' : 'false'}
        @change=${(event: Event) => this.#take(mode, (event.target as HTMLInputElement).value)}
    /></label>`;
  }

  #choose(mode: Mode): void {
    this.problem = null;
    this.session.select({ encoding: changeOf(mode.mode, mode.number?.start ?? 0) });
  }

  #take(mode: Mode['mode'], text: string): void {
    const number = MODES.find((each) => each.mode === mode)?.number;
    if (!number) return;
    const room = this.#room();
    const most = mostFor(mode, room);
    const value = readNumber(text, number, most);
    if (value === null) {
      this.problem = { text, message: problemOf(mode, most) };
      return;
    }
    this.problem = null;
    this.session.select({ encoding: changeOf(mode, value) });
  }

  #room(): { contextLength: number; tokens: number } {
    const { model, tokens } = this.session;
    return { contextLength: model?.contextLength ?? 0, tokens: tokens?.texts.length ?? 0 };
  }

  #key(event: KeyboardEvent, current: Mode['mode']): void {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = MODES.findIndex(({ mode }) => mode === current);
    const next = (at + step + MODES.length) % MODES.length;
    const mode = MODES[next];
    if (mode) this.#choose(mode);
    this.renderRoot.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
  }
}

function problemOf(mode: Mode['mode'], most: number): string {
  if (mode === 'scaled') return t('Write a number above 0; to remove position, choose off.');
  if (mode === 'shifted')
    return t(
      'Write a whole number from 0 to {0}: that is how far this text can be shifted before the model’s positions end.',
      most,
    );
  return t('Write a whole number from 0 to {0}.', most);
}
