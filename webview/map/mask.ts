import type { Theme } from '../color/theme';
import type { Area } from './paint';
import { visibleCells } from './viewport';

/** Between two lines of the hatching, CSS pixels. */
const HATCH = 6;

/**
 * Hatches what a causal model cannot read: keys after their query. There is no weight there, not
 * even zero, so that it must not look like a small one.
 */
export function paintMask(context: CanvasRenderingContext2D, area: Area, theme: Theme): void {
  const { x, y, view, extent } = area;
  const right = Math.min(x + view.width, x + view.left + extent.columns * view.cell);
  context.save();
  context.beginPath();
  traceAfter(context, area, right);
  context.clip();
  context.strokeStyle = theme.muted;
  context.globalAlpha = theme.highContrast ? 0.6 : 0.28;
  context.lineWidth = 1;
  context.beginPath();
  for (let start = x - view.height; start < right; start += HATCH) {
    context.moveTo(start, y + view.height);
    context.lineTo(start + view.height, y);
  }
  context.stroke();
  context.restore();
}

/** The steps right of the diagonal, as far as they are in sight. */
function traceAfter(context: CanvasRenderingContext2D, area: Area, right: number): void {
  const { x, y, view, extent } = area;
  const { queries } = visibleCells(view, extent);
  for (let query = queries[0]; query < queries[1]; query++) {
    const left = Math.max(x, x + view.left + (query + 1) * view.cell);
    if (left >= right) return;
    const top = Math.max(y, y + view.top + query * view.cell);
    const bottom = Math.min(y + view.height, y + view.top + (query + 1) * view.cell);
    context.rect(left, top, right - left, bottom - top);
  }
}
