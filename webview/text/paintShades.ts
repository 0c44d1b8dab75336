import type { Theme } from '../color/theme';
import { look, type Shades } from './shades';

/** A piece of a segment on one line as it is laid out, CSS pixels from the text's corner. */
export interface Box {
  segment: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Draws the shades of what is in sight: `top` is how far the text is scrolled. */
export function paintShades(
  context: CanvasRenderingContext2D,
  boxes: readonly Box[],
  { reads, readBy }: Shades,
  sight: { top: number; height: number },
  theme: Pick<Theme, 'reads' | 'readBy' | 'dark' | 'highContrast'>,
): void {
  for (const { segment, x, y, width, height } of boxes) {
    const top = y - sight.top;
    if (top > sight.height || top + height < 0) continue;
    const read = reads[segment] ?? 0;
    if (read > 0) {
      context.globalAlpha = look.fillOpacity(read, theme);
      context.fillStyle = theme.reads;
      context.fillRect(x, top, width, height);
    }
    const reader = readBy[segment] ?? 0;
    if (reader > 0) {
      const bar = look.barHeight(reader);
      context.globalAlpha = look.barOpacity(reader);
      context.fillStyle = theme.readBy;
      context.fillRect(x, top + height - bar, width, bar);
    }
  }
  context.globalAlpha = 1;
}
