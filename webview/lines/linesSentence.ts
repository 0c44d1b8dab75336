import type { Session } from '../session/session';
import { t } from '../text';
import { encodingName, readingName, selectionName, windowName } from '../views/sentence';
import { chosenHeads, drawnSelections } from './headSet';

/** Says what the lines are. */
export function linesSentence(session: Session): string {
  const { selection, saved } = session;
  const parts = [
    t(
      '{0}, {1}: lines lead from tokens that read (left) to what they read (right); the {2} strongest between the tokens in sight',
      headsName(session),
      readingName(selection.reading),
      saved.lines.count,
    ),
    encodingName(selection.encoding),
    windowName(session),
  ];
  return `${parts.filter((part) => part !== null).join('; ')}.`;
}

/** Which heads are drawn: one, each of several, or a mean. */
export function headsName(session: Session): string {
  const { selection } = session;
  if (drawnSelections(selection).length < 2) return selectionName(session);
  return t('Layer {0}, heads {1}', selection.layer ?? 0, chosenHeads(selection).join(', '));
}
