/** Finds a window of a long document: the server is asked by position, not by index. */
import type { Position, WindowInfo } from '../../server/protocol';
import type { Gaze } from './gaze';

/** Steps from a good guess; more means that the document changes under us. */
const MAX_STEPS = 24;

/**
 * A position that the window with `index` owns, or null when none was found.
 * Starts at `guess` and walks: windows overlap, so that the end of one belongs
 * to the next and its start to the one before.
 */
export async function positionInWindow(
  index: number,
  guess: Position,
  windowAt: (position: Position) => Promise<WindowInfo>,
): Promise<Position | null> {
  let position = guess;
  for (let step = 0; step < MAX_STEPS; step++) {
    const window = await windowAt(position);
    if (window.index === index) return position;
    if (window.count !== null && index >= window.count) return null;
    position = window.index < index ? window.range.end : window.range.start;
  }
  return null;
}

/** The window that a position of the document looked at belongs to. */
export async function windowAt(
  gaze: Gaze,
  position: Position,
  signal?: AbortSignal,
): Promise<WindowInfo> {
  const slice: [number, number] = [0, 1];
  const { window } = await gaze.request('attentionLens/tokens', { slice }, { position, signal });
  return window;
}
