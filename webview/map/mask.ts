import type { Theme } from '../color/theme';
import type { MaskedCells } from './maskedCells';
import type { Area } from './paint';
import { visibleCells } from './viewport';

/** Between two lines of the hatching, CSS pixels. */
const HATCH = 6;

/**
 * Hatches what a model hides from its queries: keys after them, or too far away. There is no
 * weight there, not even zero, so that it must not look like a small one.
 */
export function paintMask(
  context: CanvasRenderingContext2D,
  area: Area,
  masked: Pick<MaskedCells, 'seen'>,
  theme: Theme,
): void {
  const { x, view, extent } = area;
  const right = Math.min(x + view.width, x + view.left + extent.columns * view.cell);
  hatch(context, area, right, theme, () => trace(context, area, masked, right));
}

/**
 * Hatches rows and columns of tokens that this map does not have, so that they do not look like
 * weights of zero.
 */
export function paintAbsent(
  context: CanvasRenderingContext2D,
  area: Area,
  absent: ReadonlySet<number>,
  theme: Theme,
): void {
  const { x, y, view, extent } = area;
  const right = Math.min(x + view.width, x + view.left + extent.columns * view.cell);
  const bottom = Math.min(y + view.height, y + view.top + extent.rows * view.cell);
  if (absent.size === 0) return;
  hatch(context, area, right, theme, () => {
    for (const token of absent) {
      const left = x + view.left + token * view.cell;
      const top = y + view.top + token * view.cell;
      if (left < right && left + view.cell > x) context.rect(left, y, view.cell, bottom - y);
      if (top < bottom && top + view.cell > y) context.rect(x, top, right - x, view.cell);
    }
  });
}

/** Slanted lines within what `outline` draws and the map's area. */
function hatch(
  context: CanvasRenderingContext2D,
  { x, y, view }: Area,
  right: number,
  theme: Theme,
  outline: () => void,
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, view.width, view.height);
  context.clip();
  context.beginPath();
  outline();
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

/** What is masked on both sides of the keys that each query sees, as far as it is in sight. */
function trace(
  context: CanvasRenderingContext2D,
  { x, y, view, extent }: Area,
  masked: Pick<MaskedCells, 'seen'>,
  right: number,
): void {
  const { queries } = visibleCells(view, extent);
  const origin = x + view.left;
  const begin = Math.max(x, origin);
  for (let query = queries[0]; query < queries[1]; query++) {
    const [start, end] = masked.seen(query);
    const top = Math.max(y, y + view.top + query * view.cell);
    const height = Math.min(y + view.height, y + view.top + (query + 1) * view.cell) - top;
    const before = Math.min(right, origin + start * view.cell);
    const after = Math.max(begin, origin + end * view.cell);
    if (before > begin) context.rect(begin, top, before - begin, height);
    if (after < right) context.rect(after, top, right - after, height);
  }
}
