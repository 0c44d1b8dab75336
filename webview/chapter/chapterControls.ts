import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  ENCODINGS,
  HEAD_COUNTS,
  isAdditive,
  SCALE_VARIANTS,
  SIMILARITIES,
  WIRINGS,
  type ChapterSettings,
} from '../../server/chapter/controls';
import { LARGEST_SCALE } from '../../server/positional/ranges';
import { readNumber, type NumberLimits } from '../laboratory/readNumber';
import { VARIANT_NAMES } from '../position/scaleControls';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { ENCODING_NAMES, SIMILARITY_NAMES, WIRING_NAMES } from './chapterNames';

const SCALES: NumberLimits = { whole: false, least: 0, above: true, step: 0.1 };

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
      .problem {
        color: var(--vscode-errorForeground, var(--vscode-foreground));
      }
    `,
  ];

  @property({ attribute: false }) settings!: ChapterSettings;
  /** What was written as the scale factor and cannot be taken. */
  @state() private refused: string | null = null;

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
        isAdditive(encoding)
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

  /** Taken when the person has finished typing; what cannot be taken stays, with the reason beside it. */
  #scale(): TemplateResult {
    return html`<label
        >${t('scale factor s')}
        <input
          type="number"
          min="0"
          max=${LARGEST_SCALE}
          step="any"
          .value=${this.refused ?? String(this.settings.scale)}
          aria-invalid=${this.refused === null ? 'false' : 'true'}
          @change=${(event: Event) => this.#takeScale(event.target as HTMLInputElement)}
      /></label>
      ${
        this.refused === null
          ? nothing
          : html`<span class="problem" role="alert"
              >${t('Write a number above 0, at most {0}; for no position, choose another encoding.', LARGEST_SCALE)}</span
            >`
      }`;
  }

  #takeScale({ value }: HTMLInputElement): void {
    const scale = readNumber(value, SCALES, LARGEST_SCALE);
    this.refused = scale === null ? value : null;
    if (scale !== null) this.#tell({ scale });
  }

  #tell(detail: Partial<ChapterSettings>): void {
    this.dispatchEvent(new CustomEvent<Partial<ChapterSettings>>('change', { detail }));
  }
}
