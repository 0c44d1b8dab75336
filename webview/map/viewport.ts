/** Half-open run of tokens. */
export type Span = readonly [start: number, end: number];

export interface Cell {
  query: number;
  key: number;
}

/** How many queries and keys the whole map has. */
export interface Extent {
  rows: number;
  columns: number;
}

/** Where the map stands in its area: lengths in CSS pixels, cells are square. */
export interface Viewport {
  width: number;
  height: number;
  /** CSS pixels a cell. */
  cell: number;
  /** Place of the first cell's corner; never positive once the map fills the area. */
  left: number;
  top: number;
}

/** The largest cell with which the whole map is in sight. */
export function fitCell(extent: Extent, width: number, height: number): number {
  return Math.min(width / Math.max(1, extent.columns), height / Math.max(1, extent.rows));
}

/** Tokens at least partly in sight along one axis. */
export function visibleSpan(offset: number, cell: number, length: number, count: number): Span {
  const start = Math.max(0, Math.floor(-offset / cell + 1e-6));
  const end = Math.min(count, Math.ceil((length - offset) / cell - 1e-6));
  return start < end ? [start, end] : [0, 0];
}

export function visibleCells(view: Viewport, extent: Extent): { queries: Span; keys: Span } {
  return {
    queries: visibleSpan(view.top, view.cell, view.height, extent.rows),
    keys: visibleSpan(view.left, view.cell, view.width, extent.columns),
  };
}

/**
 * The cell under a point of the map's area, or null beside the map. A sliver of a cell that
 * is too narrow to count as in sight belongs to its neighbour, so that what is read is drawn.
 */
export function cellAt(view: Viewport, extent: Extent, x: number, y: number): Cell | null {
  if (x < 0 || y < 0 || x >= view.width || y >= view.height) return null;
  const key = Math.floor((x - view.left) / view.cell);
  const query = Math.floor((y - view.top) / view.cell);
  const inside = key >= 0 && query >= 0 && key < extent.columns && query < extent.rows;
  if (!inside) return null;
  const { queries, keys } = visibleCells(view, extent);
  return { query: within(query, queries), key: within(key, keys) };
}

function within(index: number, [start, end]: Span): number {
  return Math.min(Math.max(index, start), end - 1);
}

/**
 * Keeps a map from being dragged out of its area: a map smaller than the area stays at
 * its beginning, next to the token labels; a larger one leaves no gap.
 */
export function clampOffset(offset: number, content: number, length: number): number {
  return content <= length ? 0 : Math.min(0, Math.max(length - content, offset));
}
