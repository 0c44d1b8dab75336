/** Of the head's view: the whole file in place of a window. */
import { html, nothing, type TemplateResult } from 'lit';
import { coverageText } from '../document/documentMap';
import type { Session } from '../session/session';
import { t } from '../text';
import { encodingName, readingName, selectionName } from './sentence';

/** Whether the file is looked at as a whole: it was chosen, and there is more than one window. */
export function showsWhole(session: Session): boolean {
  return session.saved.whole && session.windowCount !== 1;
}

/** Nothing where the file is one window. */
export function wholeToggle(session: Session): TemplateResult | typeof nothing {
  if (session.windowCount === 1) return nothing;
  const pressed = showsWhole(session);
  return html`<button
    aria-pressed=${pressed ? 'true' : 'false'}
    title=${t('Zoom out to the whole file, or back to the window (minus, 0)')}
    @click=${() => session.save({ whole: !pressed })}
  >
    ${t('whole file')}
  </button>`;
}

export function wholeSentence(session: Session): string {
  const map = session.file.map.value;
  const parts = [
    t(
      '{0}, {1}, of the whole file: each row is a stretch of reading tokens, each column what it reads; beside the band is what the model never sees together',
      selectionName(session),
      readingName(session.selection.reading),
    ),
    encodingName(session.selection.encoding),
    map && coverageText(map),
  ];
  return `${parts.filter((part) => part !== null).join('; ')}.`;
}
