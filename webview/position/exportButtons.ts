import '@vscode-elements/elements/dist/vscode-icon/index.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { Session } from '../session/session';
import { t } from '../text';

/** Buttons that export one of the view's tables as numbers; none without one. */
export function exportButtons(
  table: 'matrix' | 'bias' | null,
  session: Session,
): TemplateResult | typeof nothing {
  if (!table) return nothing;
  const name = (kind: string): string =>
    table === 'matrix'
      ? t('Export the matrix as {0}', kind)
      : t('Export the bias by distance as {0}', kind);
  return html`<span class="export" role="group" aria-label=${t('Export the matrix')}>
    ${(['csv', 'npy'] as const).map(
      (kind) =>
        html`<button
          title=${name(kind.toUpperCase())}
          aria-label=${name(kind.toUpperCase())}
          @click=${() => session.exportAs(kind, table)}
        >
          <vscode-icon name="save"></vscode-icon>${kind.toUpperCase()}
        </button>`,
    )}
  </span>`;
}
