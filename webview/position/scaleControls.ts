import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { SCALE_VARIANTS, type ChapterSettings } from '../../server/chapter/controls';
import { compact } from '../format';
import { controlStyles } from '../shell/controlStyles';
import type { PanelString } from '../strings';
import { t } from '../text';

export type EncodingScale = Pick<ChapterSettings, 'scale' | 'scaleVariant'>;

export const VARIANT_NAMES: { readonly [variant in EncodingScale['scaleVariant']]: PanelString } = {
  usual: 's · PE',
  chapter: '[sin(s · PE), cos(s · PE)]',
};

/** The slider goes from 0.1 to 100, evenly in the logarithm. */
const LEAST_POWER = -1;
const MOST_POWER = 2;

/**
 * A scale factor to look at before it is used. `preview` tells what is wanted, null as in use;
 * `use` that the model shall have it.
 */
@customElement('al-scale-controls')
export class ScaleControls extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        font-variant-numeric: tabular-nums;
      }
      input[type='range'] {
        width: 130px;
      }
      output {
        min-width: 34px;
      }
    `,
  ];

  /** As the model has it. */
  @property({ attribute: false }) current: EncodingScale = { scale: 1, scaleVariant: 'usual' };
  /** As it is drawn; null: as the model has it. */
  @property({ attribute: false }) shown: EncodingScale | null = null;
  /** Only the Chapter model can be given the chapter's variant. */
  @property({ type: Boolean }) variants = false;

  /** It can be looked at only: the model's is not for the panel to change. */
  @property({ type: Boolean }) fixed = false;

  override render(): TemplateResult {
    const { scale, scaleVariant } = this.shown ?? this.current;
    return html`<label
        >${t('scale factor s')}
        <input
          type="range"
          min=${LEAST_POWER}
          max=${MOST_POWER}
          step="0.05"
          .value=${String(Math.log10(scale))}
          aria-valuetext=${compact(scale)}
          @input=${(event: Event) => this.#take({ scale: scaleAt((event.target as HTMLInputElement).value), scaleVariant })}
        />
        <output>${compact(scale)}</output></label
      >
      ${this.variants ? this.#variant(scale, scaleVariant) : nothing}
      ${this.shown ? this.#decide() : nothing}`;
  }

  #variant(scale: number, chosen: EncodingScale['scaleVariant']): TemplateResult {
    return html`<select
      aria-label=${t('Variant of the scale factor')}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        const scaleVariant = SCALE_VARIANTS.find((variant) => variant === value);
        if (scaleVariant) this.#take({ scale, scaleVariant });
      }}
    >
      ${SCALE_VARIANTS.map(
        (variant) =>
          html`<option value=${variant} .selected=${variant === chosen}>
            ${t(VARIANT_NAMES[variant])}
          </option>`,
      )}
    </select>`;
  }

  #decide(): TemplateResult {
    return html`<span class="muted">${t('preview, not what the model uses')}</span>
      ${
        this.fixed
          ? nothing
          : html`<button @click=${() => this.dispatchEvent(new CustomEvent('use'))}>
              ${t('Use in the model')}
            </button>`
      }
      <button class="plain" @click=${() => this.#tell(null)}>${t('Back')}</button>`;
  }

  #take(wanted: EncodingScale): void {
    const { scale, scaleVariant } = this.current;
    const same = wanted.scale === scale && wanted.scaleVariant === scaleVariant;
    this.#tell(same ? null : wanted);
  }

  #tell(detail: EncodingScale | null): void {
    this.dispatchEvent(new CustomEvent<EncodingScale | null>('preview', { detail }));
  }
}

/** Two significant digits are all that a slider can mean. */
function scaleAt(power: string): number {
  return Number((10 ** Number(power)).toPrecision(2));
}
