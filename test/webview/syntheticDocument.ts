/** A made-up file of several windows, as the extension host tells it. */
import { bandShape, widthOf } from '../../server/analysis/band';
import type { Selection } from '../../server/protocol';
import type { PanelDocumentMap, PanelStatistics } from '../../webview/protocol';

const WINDOW = 510;
const STEP = 250;

function spans(windows: number): { start: number; end: number }[] {
  return Array.from({ length: windows }, (_, index) => ({
    start: STEP * index,
    end: STEP * index + WINDOW,
  }));
}

/** Where each window hands over to the next. */
function ownerOf(token: number, windows: number): number {
  return Math.max(0, Math.min(windows - 1, Math.floor((token - (WINDOW - STEP) / 2) / STEP)));
}

/** `known`: windows that are in the map, but for every third; `within` 0: only the list of windows. */
export function syntheticDocumentMap(
  windows: number,
  known: number,
  wanted: number,
  { layer, head }: Selection,
  within: number,
): Omit<PanelDocumentMap, 'generation'> {
  const tokens = spans(windows).at(-1)?.end ?? 0;
  const shape = bandShape(tokens, wanted, WINDOW);
  const [{ size, reach }, width] = [shape, widthOf(shape)];
  const isThere = (index: number): boolean => within > 0 && index < known && index % 3 !== 1;
  const values = new Float32Array(size * width);
  const analysed = new Uint8Array(size);
  const spread = 1 + (((layer ?? 0) + (head ?? 0)) % 3);
  for (let cell = 0; cell < size; cell++) {
    if (!isThere(ownerOf((cell * tokens) / size, windows))) continue;
    analysed[cell] = 255;
    for (let offset = 0; offset < width; offset++) {
      const key = cell + offset - reach;
      if (key < 0 || key >= size) continue;
      const stripe = 0.6 + 0.4 * Math.sin(key / 3 + cell / 7);
      values[cell * width + offset] =
        0.4 * Math.exp(-Math.abs(offset - reach) / (4 * spread)) * stripe;
    }
  }
  const listed = spans(windows).map((span, index) => ({
    ...span,
    analysed: isThere(index),
    held: index % 3 !== 1,
  }));
  return { tokens, size, width, values, analysed, windows: listed, pending: 0 };
}

export function syntheticCoverage(
  windows: number,
  summarised: number,
): NonNullable<PanelStatistics['coverage']> {
  const known = Math.min(windows, summarised);
  const total = spans(windows).at(-1)?.end ?? 0;
  const tokens = known < windows ? Math.min(total, STEP * known) : total;
  return { windows: known, of: windows, pending: 0, tokens, total };
}
