import type { Theme } from '../color/theme';
import type { Ramp } from '../color/ramp';
import { colorize, type WeightScale } from '../color/scale';
import { fadeBelow } from './fade';
import type { Tile } from './picture';
import { visibleCells, type Cell, type Extent, type Viewport } from './viewport';

/** Grid lines help only where cells are large enough to be looked at one by one. */
const GRID_FROM_CELL = 12;
/** Up to this many device pixels a cell, hard cell edges would come out unevenly wide. */
const SMOOTH_BELOW = 2;

/** What turns values into colours, and the theme around them. */
export interface MapColors {
  scale: WeightScale;
  ramp: Ramp;
  theme: Theme;
  /** By query, the weight below which a cell is faded; null: none is. */
  thresholds: Float32Array | null;
}

/** Tiles as coloured pixels; coloured again only when scale or theme change. */
export class TileImages {
  #images = new WeakMap<Tile, HTMLCanvasElement>();
  #key: readonly unknown[] = [];

  get(tile: Tile, { scale, ramp, thresholds, theme }: MapColors): HTMLCanvasElement {
    const key = [scale.kind, scale.max, scale.min, scale.floor, ramp, thresholds];
    if (key.some((part, index) => part !== this.#key[index])) {
      this.#key = key;
      this.#images = new WeakMap();
    }
    const kept = this.#images.get(tile);
    if (kept) return kept;
    const canvas = document.createElement('canvas');
    canvas.width = tile.columns;
    canvas.height = tile.rows;
    const context = canvas.getContext('2d');
    if (context) {
      const pixels = context.createImageData(tile.columns, tile.rows);
      colorize(tile.values, tile.unit, scale, ramp, pixels.data);
      if (thresholds) fadeBelow(tile, thresholds, theme.background, pixels.data);
      context.putImageData(pixels, 0, 0);
    }
    this.#images.set(tile, canvas);
    return canvas;
  }
}

export interface Area {
  /** Place of the map's area on the canvas, CSS pixels. */
  x: number;
  y: number;
  view: Viewport;
  extent: Extent;
}

/** Draws the map itself, coarse tiles first, clipped to its area. */
export function paintTiles(
  context: CanvasRenderingContext2D,
  area: Area,
  tiles: readonly Tile[],
  images: TileImages,
  colors: MapColors,
): void {
  const { view } = area;
  context.save();
  clip(context, area);
  context.imageSmoothingQuality = 'high';
  for (const tile of tiles) {
    const x = area.x + view.left + tile.keys[0] * view.cell;
    const y = area.y + view.top + tile.queries[0] * view.cell;
    // The last value of a row may stand for fewer cells than the others.
    const width = Math.min(tile.columns * tile.pool, tile.keys[1] - tile.keys[0]) * view.cell;
    const height = Math.min(tile.rows * tile.pool, tile.queries[1] - tile.queries[0]) * view.cell;
    if (x > area.x + view.width || y > area.y + view.height) continue;
    if (x + width < area.x || y + height < area.y) continue;
    const devicePixels = (width / tile.columns) * devicePixelRatio;
    context.imageSmoothingEnabled = devicePixels < SMOOTH_BELOW;
    const columns = width / view.cell / tile.pool;
    const rows = height / view.cell / tile.pool;
    context.drawImage(images.get(tile, colors), 0, 0, columns, rows, x, y, width, height);
  }
  if (view.cell >= GRID_FROM_CELL) paintGrid(context, area, colors.theme);
  context.restore();
}

function paintGrid(context: CanvasRenderingContext2D, area: Area, theme: Theme): void {
  const { view, extent } = area;
  const { queries, keys } = visibleCells(view, extent);
  const right = area.x + view.left + extent.columns * view.cell;
  const bottom = area.y + view.top + extent.rows * view.cell;
  context.strokeStyle = theme.foreground;
  context.globalAlpha = theme.highContrast ? 0.3 : 0.08;
  context.lineWidth = 1;
  context.beginPath();
  for (let key = keys[0]; key <= keys[1]; key++) {
    const x = Math.round(area.x + view.left + key * view.cell) + 0.5;
    context.moveTo(x, area.y);
    context.lineTo(x, Math.min(bottom, area.y + view.height));
  }
  for (let query = queries[0]; query <= queries[1]; query++) {
    const y = Math.round(area.y + view.top + query * view.cell) + 0.5;
    context.moveTo(area.x, y);
    context.lineTo(Math.min(right, area.x + view.width), y);
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** A frame around the map, so that a map of almost nothing still has its bounds. */
export function paintFrame(context: CanvasRenderingContext2D, area: Area, theme: Theme): void {
  const { view, extent } = area;
  const width = Math.min(view.width, view.left + extent.columns * view.cell);
  const height = Math.min(view.height, view.top + extent.rows * view.cell);
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.strokeRect(Math.round(area.x) - 0.5, Math.round(area.y) - 0.5, width + 1, height + 1);
}

/** The guides that follow the pointer are lighter than those that stay. */
const POINTED_OPACITY = 0.7;

export interface Mark extends Cell {
  kind: 'pointed' | 'chosen' | 'cursor';
}

/**
 * Guides through a cell's row ("reads", solid) and column ("read by", dashed), and the cell
 * itself where the mark is of one cell and not of the token at the editor's cursor.
 */
export function paintMark(
  context: CanvasRenderingContext2D,
  area: Area,
  mark: Mark,
  theme: Theme,
): void {
  const { view, extent } = area;
  const right = Math.min(view.width, view.left + extent.columns * view.cell);
  const bottom = Math.min(view.height, view.top + extent.rows * view.cell);
  const left = view.left + mark.key * view.cell;
  const top = view.top + mark.query * view.cell;
  context.save();
  clip(context, area);
  context.translate(area.x, area.y);
  context.lineWidth = mark.kind === 'chosen' ? 1.5 : 1;
  context.globalAlpha = mark.kind === 'pointed' && !theme.highContrast ? POINTED_OPACITY : 1;
  const guide = (
    color: string,
    dash: number[],
    lines: [number, number, number, number][],
  ): void => {
    context.strokeStyle = color;
    context.setLineDash(dash);
    context.beginPath();
    for (const [x0, y0, x1, y1] of lines) {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
    context.stroke();
  };
  guide(
    theme.reads,
    [],
    [
      [0, top - 1, right, top - 1],
      [0, top + view.cell + 1, right, top + view.cell + 1],
    ],
  );
  guide(
    theme.readBy,
    [4, 3],
    [
      [left - 1, 0, left - 1, bottom],
      [left + view.cell + 1, 0, left + view.cell + 1, bottom],
    ],
  );
  context.globalAlpha = 1;
  if (mark.kind !== 'cursor') {
    context.setLineDash([]);
    context.strokeStyle = theme.foreground;
    context.lineWidth = 2;
    context.strokeRect(left - 2, top - 2, view.cell + 4, view.cell + 4);
  }
  context.restore();
}

function clip(context: CanvasRenderingContext2D, { x, y, view }: Area): void {
  context.beginPath();
  context.rect(x, y, view.width, view.height);
  context.clip();
}
