import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import {
  ENCODINGS,
  HEAD_COUNTS,
  SCALE_VARIANTS,
  SIMILARITIES,
  WIRINGS,
  type ChapterSettings,
} from '../../server/chapter/controls';
import { VARIANT_NAMES } from '../position/scaleControls';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { ENCODING_NAMES, SIMILARITY_NAMES, WIRING_NAMES } from './chapterNames';

/** The Chapter model's controls. `change` carries the one that was turned. */
@customElement('al-chapter-controls')
export class ChapterControls extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 16px;
      }
      input[type='number'] {
        width: 72px;
      }
    `,
  ];

  @property({ attribute: false }) settings!: ChapterSettings;

  override render(): TemplateResult {
    const { similarity, heads, encoding, wiring, scaleVariant, causal } = this.settings;
    return html`${this.#list(
        t('Similarity'),
        SIMILARITIES,
        similarity,
        (kind) => t(SIMILARITY_NAMES[kind]),
        (value) => this.#tell({ similarity: value }),
      )}
      ${this.#list(t('Heads'), HEAD_COUNTS, heads, String, (value) => this.#tell({ heads: value }))}
      ${this.#list(
        t('Positional encoding'),
        ENCODINGS,
        encoding,
        (kind) => t(ENCODING_NAMES[kind]),
        (value) => this.#tell({ encoding: value }),
      )}
      ${
        encoding === 'sinusoidal' || encoding === 'learned'
          ? html`${this.#scale()}
            ${this.#list(
              t('Variant of the scale factor'),
              SCALE_VARIANTS,
              scaleVariant,
              (kind) => t(VARIANT_NAMES[kind]),
              (value) => this.#tell({ scaleVariant: value }),
            )}`
          : nothing
      }
      ${this.#list(
        t('Wiring'),
        WIRINGS,
        wiring,
        (kind) => t(WIRING_NAMES[kind]),
        (value) => this.#tell({ wiring: value }),
      )}
      <label
        ><input
          type="checkbox"
          .checked=${causal}
          @change=${(event: Event) => this.#tell({ causal: (event.target as HTMLInputElement).checked })}
        />${t('causal mask')}</label
      >`;
  }

  #list<T extends string | number>(
    label: string,
    values: readonly T[],
    chosen: T,
    name: (value: T) => string,
    take: (value: T) => void,
  ): TemplateResult {
    return html`<label
      >${label}
      <select
        aria-label=${label}
        @change=${(event: Event) => {
          const value = values[(event.target as HTMLSelectElement).selectedIndex];
          if (value !== undefined) take(value);
        }}
      >
        ${values.map(
          (value) => html`<option .selected=${value === chosen}>${name(value)}</option>`,
        )}
      </select></label
    >`;
  }

  /** Taken when the person has finished typing; what is not above 0 is put back. */
  #scale(): TemplateResult {
    return html`<label
      >${t('scale factor s')}
      <input
        type="number"
        min="0"
        step="any"
        .value=${String(this.settings.scale)}
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          const scale = field.valueAsNumber;
          if (scale > 0 && Number.isFinite(scale)) this.#tell({ scale });
          else field.value = String(this.settings.scale);
        }}
    /></label>`;
  }

  #tell(detail: Partial<ChapterSettings>): void {
    this.dispatchEvent(new CustomEvent<Partial<ChapterSettings>>('change', { detail }));
  }
}
