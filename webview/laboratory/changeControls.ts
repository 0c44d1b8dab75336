import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { EncodingChange } from '../../server/protocol';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import {
  firstChange,
  modesOf,
  mostOf,
  textsOf,
  withField,
  type Field,
  type Mode,
  type Room,
} from './modes';
import { nothingToChange } from './nothingToChange';

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
      .list,
      .list input {
        flex: 1 1 auto;
        min-width: 120px;
      }
      p {
        margin: 4px 0;
        max-width: 75ch;
        line-height: 1.5;
      }
      .problem {
        color: var(--vscode-errorForeground, var(--vscode-foreground));
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  /** What was written and cannot be taken, and why. */
  @state() private problem: { name: Field['name']; text: string; message: string } | null = null;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  override render(): TemplateResult {
    const room = this.#room();
    if (!room) return html`${nothing}`;
    const modes = modesOf(room.model);
    const sentence = nothingToChange(room.model);
    if (sentence !== null) return html`<p class="muted" role="status">${sentence}</p>`;
    const { encoding } = this.session.selection;
    const current = encoding?.mode ?? null;
    const shown = modes.find(({ mode }) => mode === current);
    return html`<span
        class="segments"
        role="radiogroup"
        aria-label=${t('Position')}
        @keydown=${(event: KeyboardEvent) => this.#key(event, modes, current)}
      >
        ${modes.map((mode) => this.#choice(mode, mode.mode === current))}
      </span>
      ${encoding && shown ? shown.fields.map((field) => this.#field(field, encoding)) : nothing}
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

  #field(field: Field, encoding: EncodingChange): TemplateResult {
    const { name, label, limits, list } = field;
    const wrong = this.problem?.name === name ? this.problem : null;
    return html`<label class=${list ? 'list' : ''}
      >${t(label)}
      <input
        type=${list ? 'text' : 'number'}
        inputmode="decimal"
        min=${limits.least}
        step=${limits.step}
        .value=${wrong?.text ?? textsOf(encoding)[name] ?? ''}
        aria-invalid=${wrong ? 'true' : 'false'}
        @change=${(event: Event) => this.#take(field, (event.target as HTMLInputElement).value)}
    /></label>`;
  }

  #choose({ mode }: Mode): void {
    const room = this.#room();
    this.problem = null;
    if (room) this.session.select({ encoding: firstChange(mode, room) });
  }

  #take(field: Field, text: string): void {
    const room = this.#room();
    const { encoding } = this.session.selection;
    if (!room || !encoding) return;
    const changed = withField(encoding, field, text, room);
    this.problem = changed
      ? null
      : { name: field.name, text, message: t(field.problem, mostOf(field, room)) };
    if (changed) this.session.select({ encoding: changed });
  }

  #room(): Room | null {
    const { model, tokens } = this.session;
    return model ? { model, tokens: tokens?.texts.length ?? 0 } : null;
  }

  #key(event: KeyboardEvent, modes: readonly Mode[], current: Mode['mode']): void {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = modes.findIndex(({ mode }) => mode === current);
    const next = (at + step + modes.length) % modes.length;
    const mode = modes[next];
    if (mode) this.#choose(mode);
    this.renderRoot.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
  }
}
