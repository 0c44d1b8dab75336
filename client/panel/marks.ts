/** Which tokens of the window shown are at the cursor, selected or pinned in the editor, told to the page. */
import type { PanelTokens } from '../../webview/protocol';
import { tokenAt } from '../overlay/visible';
import type { EditorView } from './editors';
import type { Gaze } from './gaze';
import type { Pin } from './host';
import type { PageChannel } from './pages';
import { selectedTokens } from './selectedTokens';

/** Where somebody is in a document. */
export type CursorPlace = Pick<EditorView, 'uri' | 'cursor' | 'selected'>;

export class Marks {
  readonly #gaze: Gaze;
  readonly #page: () => PageChannel | undefined;
  /** The tokens that the page has; null: none, or those of an older text. */
  tokens: PanelTokens | null = null;
  cursor: CursorPlace | null = null;
  pins: readonly Pin[] = [];

  constructor(gaze: Gaze, page: () => PageChannel | undefined) {
    this.#gaze = gaze;
    this.#page = page;
  }

  tellCursor(): void {
    const tokens = this.#newest();
    if (!tokens) return;
    const here = this.cursor?.uri === this.#gaze.document?.uri ? this.cursor : null;
    this.#page()?.send('cursor', {
      generation: tokens.generation,
      token: here && tokenAt(tokens.ranges, here.cursor),
      selected: selectedTokens(tokens.ranges, here?.selected ?? null),
    });
  }

  tellPins(): void {
    const tokens = this.#newest();
    if (!tokens) return;
    const here = this.pins.filter(({ uri }) => uri === this.#gaze.document?.uri);
    const found = here.map(({ position }) => tokenAt(tokens.ranges, position));
    this.#page()?.send('pinned', {
      generation: tokens.generation,
      tokens: found.filter((token) => token !== null),
    });
  }

  /** Lets go of tokens that another generation has followed. */
  forgetOld(): void {
    if (this.tokens && this.tokens.generation !== this.#gaze.generation) this.tokens = null;
  }

  #newest(): PanelTokens | null {
    const { tokens } = this;
    return tokens?.generation === this.#gaze.generation && !this.#gaze.stale ? tokens : null;
  }
}
