import { html, nothing, type TemplateResult } from 'lit';
import { schemeOfLayer } from '../../server/positional/layerSchemes';
import type { Model } from '../../server/protocol';
import type { PanelPosition } from '../protocol';
import { t } from '../text';
import { schemeShort } from './schemeText';

/** A list of layers to choose from, where they do not all have the same encoding. */
export function layerPicker(
  model: Model | null,
  { layer, bias }: PanelPosition,
  choose: (layer: number) => void,
): TemplateResult | typeof nothing {
  if (!model) return nothing;
  const { position, layers } = model;
  const differ = position.kind === 'perLayer' || (bias !== null && bias.layers.length < layers);
  if (!differ) return nothing;
  return html`<label
    >${t('layer')}
    <select @change=${(event: Event) => choose(Number((event.target as HTMLSelectElement).value))}>
      ${Array.from(
        { length: layers },
        (_, each) =>
          html`<option value=${each} .selected=${each === layer}>
            ${[String(each), ...schemeShort(schemeOfLayer(position, each))].join(' · ')}
          </option>`,
      )}
    </select>
  </label>`;
}
