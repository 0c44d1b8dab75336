import { html, type TemplateResult } from 'lit';
import type { EncodingChange } from '../../server/protocol';
import type { Session } from '../session/session';
import { t } from '../text';
import { sourceName } from './names';
import type { CompareSource } from './sources';

const OFF: EncodingChange = { mode: 'off' };

/** What a comparison is, and where one can begin: nothing is chosen yet. */
export function nothingCompared(session: Session): TemplateResult {
  return html`<div class="nothing">
    <p>
      ${t(
        'Compare what is shown with something else: the two maps stand beside each other on one axis of tokens, and a third shows what differs.',
      )}
    </p>
    <div class="choices">
      ${beginnings(session).map(
        (source) =>
          html`<button @click=${() => session.comparison.take(1, source)}>
            ${sourceName(session, source)}
          </button>`,
      )}
    </div>
    <p class="muted">
      ${t(
        'Tokens that only one side has are struck through and hatched: there is no difference to show for them, and none is made up.',
      )}
    </p>
  </div>`;
}

/** What can be had, in the order in which people ask for it. */
function beginnings(session: Session): CompareSource[] {
  const { value: list } = session.comparison.comparable;
  const { selection, model } = session;
  const sources: CompareSource[] = [];
  if (list && list.saved === null) sources.push({ kind: 'saved' });
  if (list && list.head === null) sources.push({ kind: 'head' });
  for (const { uri } of list?.documents.slice(0, 3) ?? []) sources.push({ kind: 'document', uri });
  if (selection.encoding) sources.push({ kind: 'position', encoding: null });
  else if (model?.encodingModes.includes('off')) sources.push({ kind: 'position', encoding: OFF });
  const other = otherHead(session);
  if (other) sources.push(other);
  return sources;
}

/** The head beside the one shown; of a mean the first layer's. */
function otherHead({ selection, model }: Session): CompareSource | null {
  const { layers = 0, heads = 0 } = model ?? {};
  const { layer, head } = selection;
  if (layer !== null && head !== null && heads > 1)
    return { kind: 'heads', layer, head: (head + 1) % heads };
  if (layers > 1) return { kind: 'heads', layer: ((layer ?? -1) + 1) % layers, head: null };
  return null;
}
