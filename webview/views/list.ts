import { chapterView } from '../chapter/chapterView';
import { compareView } from '../compare/compareView';
import { explainView } from '../explain/explainView';
import { laboratoryView } from '../laboratory/laboratoryView';
import { linesView } from '../lines/linesView';
import { pairView } from '../pair/pairView';
import { positionView } from '../position/positionView';
import { textView } from '../text/textView';
import { headView } from './headView';
import { overviewView } from './overviewView';
import type { View } from './view';
import { BUNDLE_VIEWS } from '../protocol';
import type { Session } from '../session/session';

/** The panel's views, in the order of the toolbar. */
export const VIEWS: readonly View[] = [
  overviewView,
  headView,
  linesView,
  textView,
  explainView,
  positionView,
  laboratoryView,
  compareView,
  chapterView,
  pairView,
];

/** The view with this id; the head's map when there is none (any more). */
export function viewById(id: string): View {
  return VIEWS.find((view) => view.id === id) ?? headView;
}

/** The views that there is anything to show in: a bundle holds weights alone, and two texts need a decoder. */
export function viewsOf({ state }: Session): readonly View[] {
  if (state?.bundle) return VIEWS.filter(({ id }) => BUNDLE_VIEWS.some((each) => each === id));
  const hasDecoder = state?.status?.model?.decoder !== undefined;
  return hasDecoder ? VIEWS : VIEWS.filter((view) => view !== pairView);
}
