/** One place of the grid: a head, the mean of a layer (`head` null), or of all (both null). */
export interface HeadPlace {
  layer: number | null;
  head: number | null;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface HeadGridGeometry {
  width: number;
  height: number;
  /** Side of a thumbnail, CSS pixels. */
  cell: number;
  gap: number;
  /** Left edge of the thumbnails, right of the layer numbers. */
  left: number;
  /** Top edge of the thumbnails, under the head numbers. */
  top: number;
  /** In reading order: all, then layer by layer its heads and its mean; else as they were ordered. */
  places: HeadPlace[];
  /** How many stand beside each other, where they are ordered by something else than the model. */
  across?: number;
}

export interface HeadGridRequest {
  layers: number;
  heads: number;
  width: number;
  /** The grid must not be higher than this; null: as high as it comes out. */
  height: number | null;
  /** One line of text, CSS pixels. */
  line: number;
  large: boolean;
}

/** What "mean of all heads" needs, CSS pixels. */
const LEAST_ALL_WIDTH = 130;
/** Smaller thumbnails can't be told apart or clicked; the grid scrolls instead. */
const LEAST_CELL = 10;
const LARGEST_CELL = { rail: 16, overview: 112 };

/**
 * The grid of all heads: layers downwards, heads across, a column of layer means at the
 * right, a little apart, and one line for the mean of all on top. Thumbnails are square and of whole pixels.
 */
export function headGrid(request: HeadGridRequest): HeadGridGeometry {
  const { layers, heads, line, large } = request;
  const gap = large ? 6 : 2;
  const left = Math.ceil(line * (layers > 10 ? 1.6 : 1.1));
  const allHeight = Math.round(line * 1.6);
  const top = allHeight + gap + line + 2;
  const apart = 2 * gap;
  const across = (request.width - left - apart) / (heads + 1) - gap;
  const down = request.height === null ? Infinity : (request.height - top) / layers - gap;
  const largest = large ? LARGEST_CELL.overview : LARGEST_CELL.rail;
  const cell = Math.floor(Math.max(LEAST_CELL, Math.min(across, down, largest)));
  const step = cell + gap;
  const gridWidth = step * (heads + 1) - gap + apart;
  // A model of few heads has less room above them than the words for all of them need.
  const allWidth = Math.max(gridWidth, Math.min(LEAST_ALL_WIDTH, request.width - left));
  const places: HeadPlace[] = [
    {
      layer: null,
      head: null,
      left,
      top: 0,
      width: allWidth,
      height: allHeight,
    },
  ];
  for (let layer = 0; layer < layers; layer++)
    for (let head = 0; head <= heads; head++)
      places.push({
        layer,
        head: head === heads ? null : head,
        left: left + head * step + (head === heads ? apart : 0),
        top: top + layer * step,
        width: cell,
        height: cell,
      });
  return {
    width: left + allWidth,
    height: top + step * layers - gap,
    cell,
    gap,
    left,
    top,
    places,
  };
}

const ORDERED = { leastCell: 64, gap: 10 };

/**
 * Heads one after the other in rows, each with room for two lines of text under its thumbnail:
 * as large as all of them fit, else as small as the text allows.
 */
export function orderedGrid(
  order: readonly { layer: number; head: number }[],
  { width, height, line }: Pick<HeadGridRequest, 'width' | 'height' | 'line'>,
): HeadGridGeometry {
  const { gap, leastCell } = ORDERED;
  const fitting = (cell: number): number => Math.max(1, Math.floor((width + gap) / (cell + gap)));
  const most = fitting(leastCell);
  const cellOf = (across: number): number =>
    Math.floor(Math.min(LARGEST_CELL.overview, (width + gap) / across - gap));
  const rowOf = (cell: number): number => cell + 2 * line + gap + 2;
  const rows = (across: number): number => Math.ceil(order.length / across);
  let across = fitting(LARGEST_CELL.overview);
  while (across < most && height !== null && rows(across) * rowOf(cellOf(across)) > height)
    across++;
  const cell = cellOf(across);
  return {
    width: across * (cell + gap) - gap,
    height: rows(across) * rowOf(cell),
    cell,
    gap,
    left: 0,
    top: 0,
    across,
    places: order.map(({ layer, head }, index) => ({
      layer,
      head,
      left: (index % across) * (cell + gap),
      top: Math.floor(index / across) * rowOf(cell),
      width: cell,
      height: cell,
    })),
  };
}

/** As {@link movePlace}, where places simply follow each other in rows of `across`. */
export function moveInOrder(index: number, key: string, across: number, count: number): number {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[key];
  if (step === undefined) return index;
  const next = Math.max(0, index) + (index < 0 ? 0 : step);
  return next >= 0 && next < count ? next : index;
}

/** The place that an arrow key leads to; the same one at an edge. */
export function movePlace(index: number, key: string, layers: number, heads: number): number {
  const perLayer = heads + 1;
  const last = layers * perLayer;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (index === 0) return key === 'ArrowDown' || key === 'ArrowRight' ? 1 : 0;
  switch (key) {
    case 'ArrowLeft':
      return index - 1;
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return Math.max(0, index - perLayer);
    case 'ArrowDown':
      return index + perLayer > last ? index : index + perLayer;
    default:
      return index;
  }
}
