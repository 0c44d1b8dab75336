import { chapterView } from '../chapter/chapterView';
import { compareView } from '../compare/compareView';
import { explainView } from '../explain/explainView';
import { laboratoryView } from '../laboratory/laboratoryView';
import { linesView } from '../lines/linesView';
import { positionView } from '../position/positionView';
import { textView } from '../text/textView';
import { headView } from './headView';
import { overviewView } from './overviewView';
import type { View } from './view';

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
];

/** The view with this id; the head's map when there is none (any more). */
export function viewById(id: string): View {
  return VIEWS.find((view) => view.id === id) ?? headView;
}
