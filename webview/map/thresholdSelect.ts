import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { percentTick } from '../format';
import { controlStyles } from '../shell/controlStyles';
import { t } from '../text';
import { SHARES } from './threshold';

/** Chooses the share of each row that is not faded; tells `share`, 1 for all. */
@customElement('al-threshold')
export class ThresholdSelect extends LitElement {
  static override styles = controlStyles;

  @property({ type: Number }) share = 1;

  override render(): TemplateResult {
    return html`<label
      title=${t('Fades all but the fewest keys that hold this share of what a row reads')}
    >
      ${t('threshold')}
      <select @change=${(event: Event) => this.#tell(event.target as HTMLSelectElement)}>
        ${SHARES.map(
          (share) =>
            html`<option value=${share} .selected=${share === this.share}>
              ${share === 1 ? t('all') : percentTick(share)}
            </option>`,
        )}
      </select>
    </label>`;
  }

  #tell({ value }: HTMLSelectElement): void {
    this.dispatchEvent(new CustomEvent('share', { detail: Number(value) }));
  }
}
