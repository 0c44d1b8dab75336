import type { PanelView } from '../protocol';
import type { PanelString } from '../strings';

/** Keys as they are printed, and what they do. */
export type Shortcut = readonly [keys: string, does: PanelString];

/** Keys that work wherever the focus is, but for fields to write in. */
export const PANEL_KEYS: readonly Shortcut[] = [
  ['?', 'this help'],
  ['1 … 9', 'the view at that place of the toolbar'],
  ['Tab', 'on to toolbar, heads, picture and token, one stop each'],
  ['← →', 'inside the toolbar and among choices'],
];

const HEAD_KEYS: readonly Shortcut[] = [
  ['← → ↑ ↓', 'another head or a mean, among the thumbnails'],
  ['Shift + ← →', 'several heads of a layer as one'],
  ['Enter', 'the chosen head, large'],
];

const IN_THE_EDITOR: Shortcut = ['Enter', 'show what is chosen in the editor'];
const LET_GO: Shortcut = ['Esc', 'let go of what is chosen'];
const ZOOM: readonly Shortcut[] = [
  ['+ −', 'zoom'],
  ['0', 'show all'],
];

const CELLS: Shortcut = ['← → ↑ ↓', 'another cell'];

/** Keys that work in the picture of a view. */
export const VIEW_KEYS: { readonly [view in PanelView]: readonly Shortcut[] } = {
  overview: HEAD_KEYS,
  head: [
    CELLS,
    ...ZOOM,
    ['/', 'find a token'],
    ['e', 'explain the chosen weight'],
    IN_THE_EDITOR,
    LET_GO,
  ],
  lines: [
    ['↑ ↓', 'the token before or after'],
    ['→', 'on to what the token reads most'],
    ['←', 'on to what reads the token most'],
    ...ZOOM,
    ['e', 'explain the chosen line, or the strongest of the token'],
    IN_THE_EDITOR,
    LET_GO,
  ],
  text: [
    ['← → ↑ ↓', 'another token'],
    ['e', 'explain the strongest weight of the token'],
    IN_THE_EDITOR,
    LET_GO,
  ],
  explain: [],
  position: [CELLS, LET_GO],
  laboratory: [CELLS, ...ZOOM, IN_THE_EDITOR, LET_GO],
  compare: [CELLS, ...ZOOM, IN_THE_EDITOR, LET_GO],
  chapter: [],
};
