import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { cssColor, RAMP_STEPS } from '../color/ramp';
import { weightScale, type WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import { significant } from '../format';
import type { Lookup } from '../session/lookup';
import type { PanelPositionEffect } from '../protocol';
import { SessionObserver } from '../session/observer';
import type { Session } from '../session/session';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { byEffect, headEffects, type HeadEffect } from './effectOrder';

/** Every head coloured, or in order, by how far its weights move from one thing that is compared to the other. */
@customElement('al-effect-rail')
export class EffectRail extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font-variant-numeric: tabular-nums;
      }
      h2 {
        font-size: 11px;
        font-weight: 600;
        margin: 0 0 6px;
        color: var(--vscode-descriptionForeground);
      }
      p {
        font-size: 12px;
        line-height: 1.4;
      }
      .segments {
        margin-bottom: 8px;
      }
      .segments button {
        height: 20px;
        font-size: 11px;
      }
      [role='listbox'] {
        outline: none;
      }
      .grid {
        display: grid;
        gap: 2px;
        padding: 3px;
        max-width: 260px;
        font-size: 10px;
        color: var(--vscode-descriptionForeground);
        text-align: center;
        align-items: center;
      }
      [role='option'] {
        cursor: pointer;
        outline: 1px solid var(--vscode-contrastBorder, transparent);
        border-radius: 1px;
      }
      .grid [role='option'] {
        aspect-ratio: 1;
        min-width: 9px;
      }
      .ordered [role='option'] {
        display: grid;
        grid-template-columns: 42px 1fr 42px;
        align-items: center;
        gap: 6px;
        padding: 1px 3px;
        font-size: 12px;
        line-height: 17px;
        outline: none;
      }
      .ordered .bar {
        height: 8px;
        min-width: 1px;
        outline: 1px solid var(--vscode-contrastBorder, transparent);
      }
      .ordered .value {
        text-align: right;
      }
      .ordered [role='option']:hover {
        background: var(--vscode-list-hoverBackground, var(--vscode-toolbar-hoverBackground));
      }
      .grid [role='option']:hover {
        outline: 1px solid var(--vscode-foreground);
      }
      .grid [aria-selected='true'] {
        outline: 2px solid var(--vscode-focusBorder) !important;
        outline-offset: 1px;
        z-index: 1;
      }
      .ordered [aria-selected='true'] {
        outline: 1px solid var(--vscode-focusBorder);
        background: var(--vscode-list-activeSelectionBackground, transparent);
        color: var(--vscode-list-activeSelectionForeground, inherit);
      }
      [role='listbox']:focus-visible [aria-selected='true'] {
        outline-style: double;
        outline-width: 4px !important;
      }
      .scale {
        display: flex;
        align-items: center;
        gap: 6px;
        margin: 6px 3px 10px;
        max-width: 260px;
        font-size: 10px;
        color: var(--vscode-descriptionForeground);
      }
      .scale i {
        flex: 1;
        height: 6px;
        outline: 1px solid var(--vscode-contrastBorder, var(--vscode-panel-border, transparent));
      }
      .stale {
        opacity: 0.45;
      }
    `,
  ];

  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) theme!: Theme;
  /** The answer that is shown, and who asks for it. */
  @property({ attribute: false }) effect!: Lookup<PanelPositionEffect>;
  @property({ attribute: false }) want: () => void = () => undefined;
  @state() private ordered = false;

  constructor() {
    super();
    new SessionObserver(this, () => this.session);
  }

  protected override willUpdate(): void {
    this.want();
  }

  override render(): TemplateResult {
    const { value, refusal, current } = this.effect;
    if (refusal)
      return html`<h2>${t('Change by head')}</h2>
        <p role="alert">${refusal.message}</p>`;
    if (!value)
      return html`<h2>${t('Change by head')}</h2>
        <p class="muted" role="status">${t('Comparing all heads …')}</p>`;
    const effects = headEffects(value);
    const max = Math.max(...effects.map(({ variation }) => variation), 0);
    const scale = weightScale('linear', max, 1);
    return html`<h2
        title=${t('Mean over rows of half the sum of absolute differences: 0 when nothing changes, 1 when everything is read elsewhere.')}
      >
        ${t('Change by head (mean total variation)')}
      </h2>
      <span class="segments" role="group" aria-label=${t('Order of the heads')}>
        ${this.#order(false, t('by layer'))}${this.#order(true, t('most changed first'))}
      </span>
      <div class=${current ? '' : 'stale'}>
        ${
          this.ordered
            ? this.#list(byEffect(effects), scale)
            : html`${this.#grid(effects, value.heads, scale)}
                <div class="scale" aria-hidden="true">
                  0<i .style=${`background:${this.#gradient()}`}></i>${significant(max)}
                </div>`
        }
      </div>`;
  }

  #order(ordered: boolean, text: string): TemplateResult {
    return html`<button
      aria-pressed=${this.ordered === ordered ? 'true' : 'false'}
      @click=${() => (this.ordered = ordered)}
    >
      ${text}
    </button>`;
  }

  #grid(effects: readonly HeadEffect[], heads: number, scale: WeightScale): TemplateResult {
    const options = effects.map((effect, index) => {
      const number =
        effect.head === 0 ? html`<span aria-hidden="true">${effect.layer}</span>` : nothing;
      const color = this.#color(effect.variation, scale);
      return html`${number}${this.#option(effect, index, html``, `background:${color}`)}`;
    });
    const columns = Array.from(
      { length: heads },
      (_, head) => html`<span aria-hidden="true">${head}</span>`,
    );
    return this.#listbox(
      effects,
      heads,
      'grid',
      `grid-template-columns: 14px repeat(${heads}, minmax(9px, 1fr))`,
      html`<span></span>${columns}${options}`,
    );
  }

  #list(effects: readonly HeadEffect[], scale: WeightScale): TemplateResult {
    const options = effects.map((effect, index) =>
      this.#option(
        effect,
        index,
        html`<span>${effect.layer} · ${effect.head}</span>
          <span
            class="bar"
            .style=${`width:${scale.position(effect.variation) * 100}%;background:${this.#color(effect.variation, scale)}`}
          ></span>
          <span class="value">${significant(effect.variation)}</span>`,
      ),
    );
    return this.#listbox(effects, 1, 'ordered', '', html`${options}`);
  }

  #listbox(
    effects: readonly HeadEffect[],
    columns: number,
    shape: string,
    style: string,
    content: TemplateResult,
  ): TemplateResult {
    const chosen = effects.findIndex((effect) => this.#isChosen(effect));
    return html`<div
      role="listbox"
      tabindex="0"
      class=${shape}
      .style=${style}
      aria-label=${t('Heads, by how much they change')}
      aria-activedescendant=${chosen < 0 ? nothing : `effect-${chosen}`}
      @keydown=${(event: KeyboardEvent) => this.#key(event, effects, columns, chosen)}
    >
      ${content}
    </div>`;
  }

  #option(effect: HeadEffect, index: number, content: TemplateResult, style = ''): TemplateResult {
    const { layer, head, variation } = effect;
    const name = t('layer {0}, head {1}: {2}', layer, head, significant(variation));
    return html`<div
      role="option"
      id="effect-${index}"
      title=${name}
      aria-label=${name}
      aria-selected=${this.#isChosen(effect) ? 'true' : 'false'}
      .style=${style}
      @click=${() => this.session.select({ layer, head })}
    >
      ${content}
    </div>`;
  }

  #isChosen({ layer, head }: HeadEffect): boolean {
    const { selection } = this.session;
    return selection.layer === layer && selection.head === head;
  }

  #key(
    event: KeyboardEvent,
    effects: readonly HeadEffect[],
    columns: number,
    chosen: number,
  ): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const last = effects.length - 1;
    const next =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? last
          : step === undefined
            ? null
            : chosen < 0
              ? 0
              : chosen + step;
    const effect = next === null ? undefined : effects[next];
    if (!effect) return;
    event.preventDefault();
    this.session.select({ layer: effect.layer, head: effect.head });
  }

  #color(variation: number, scale: WeightScale): string {
    return cssColor(this.theme.ramp, Math.round(scale.position(variation) * (RAMP_STEPS - 1)));
  }

  #gradient(): string {
    const stops = Array.from({ length: 13 }, (_, stop) =>
      cssColor(this.theme.ramp, Math.round((stop / 12) * (RAMP_STEPS - 1))),
    );
    return `linear-gradient(to right, ${stops.join(', ')})`;
  }
}
