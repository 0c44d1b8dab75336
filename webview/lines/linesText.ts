import { html, nothing, type TemplateResult } from 'lit';
import { percent, tokenText } from '../format';
import { t } from '../text';
import type { DrawnHeads } from './drawnHeads';
import type { Line } from './lineChoice';
import type { Isolated } from './target';

/**
 * What stands under the pointer, or is chosen: a line with its weight, or a token with its
 * strongest line either way.
 */
export function linesReadout(
  heads: DrawnHeads,
  isolated: Isolated | null,
  line: Line | null,
): TemplateResult {
  if (line)
    return html`<div class="readout" role="status">
      ${name(heads, line.query)} ${end(heads, t('reads'), line.key, line)}
    </div>`;
  if (!isolated)
    return html`<div class="readout muted">
      ${t('Point at a token to see its lines alone, at a line to read its weight.')}
    </div>`;
  const { token, lines } = isolated;
  const strongest = lines.toReversed();
  const reads = strongest.find(({ query, key }) => query === token && key !== token);
  const readBy = strongest.find(({ query, key }) => key === token && query !== token);
  return html`<div class="readout" role="status">
    ${name(heads, token)} ${reads ? end(heads, t('reads'), reads.key, reads) : nothing}
    ${readBy ? end(heads, t('read by'), readBy.query, readBy) : nothing}
  </div>`;
}

function end(heads: DrawnHeads, verb: string, token: number, line: Line): TemplateResult {
  const head = heads.selections[line.head]?.head ?? null;
  const several = heads.selections.length > 1 && head !== null;
  return html`· ${verb} ${name(heads, token)}
    <span class="weight">${percent(line.weight)}</span>
    ${several ? html`<span class="number">${t('head {0}', head)}</span>` : nothing}`;
}

function name({ tokens }: DrawnHeads, token: number): TemplateResult {
  return html`<code>${tokenText(tokens.texts[token] ?? '')}</code>
    <span class="number">${token}</span>`;
}
