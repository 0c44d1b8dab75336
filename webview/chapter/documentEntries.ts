import { html, nothing, type TemplateResult } from 'lit';
import { isAdditive, type ChapterSettings } from '../../server/chapter/controls';
import type { PositionScheme } from '../../server/protocol';
import { compact } from '../format';
import { VARIANT_NAMES } from '../position/scaleControls';
import { t } from '../text';
import { ENCODING_NAMES, SIMILARITY_NAMES, WIRING_NAMES } from './chapterNames';

/** How a document of numbers says that it is read: told, and changed in its text alone. */
export function documentEntries(
  settings: ChapterSettings,
  position: PositionScheme | undefined,
): TemplateResult {
  const { similarity, heads, encoding, scale, scaleVariant, wiring, causal } = settings;
  const given = position?.kind === 'learned' && position.given === true;
  const entry = (name: string, value: string): TemplateResult =>
    html`<span><span class="muted">${name}</span> ${value}</span>`;
  return html`<div class="entries">
    ${entry(t('Similarity'), t(SIMILARITY_NAMES[similarity]))} ${entry(t('Heads'), String(heads))}
    ${entry(t('Positional encoding'), given ? t('a list of numbers') : t(ENCODING_NAMES[encoding]))}
    ${
      given || isAdditive(encoding)
        ? html`${entry(t('scale factor s'), compact(scale))}
          ${entry(t('Variant of the scale factor'), t(VARIANT_NAMES[scaleVariant]))}`
        : nothing
    }
    ${entry(t('Wiring'), t(WIRING_NAMES[wiring]))} ${causal ? t('causal mask') : nothing}
    <p class="note">
      ${t('This document says itself how it is read: change a line between its rules of dashes, and the numbers follow.')}
    </p>
  </div>`;
}
