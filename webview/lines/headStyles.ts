import { CATEGORY_COUNT } from '../color/categories';
import type { Theme } from '../color/theme';
import type { LineStyle } from './paintLines';

/** From one round through the colours to the next: solid, dashed, dotted, dash and dot. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [7, 2, 2, 2]];

/** How a head's lines look, the same in all layers; null: those of a mean. */
export function headStyle(theme: Theme, head: number | null): LineStyle {
  if (head === null) return { color: theme.categories[0] ?? theme.foreground, dash: [] };
  const round = Math.floor(head / CATEGORY_COUNT);
  return {
    color: theme.categories[head % CATEGORY_COUNT] ?? theme.foreground,
    dash: DASHES[round % DASHES.length] ?? [],
  };
}
