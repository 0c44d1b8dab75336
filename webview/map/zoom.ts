import { select } from 'd3-selection';
import { zoom, zoomIdentity, ZoomTransform } from 'd3-zoom';
import { clampOffset, fitCell, type Cell, type Extent, type Viewport } from './viewport';

/** A cell never needs to be larger to be read, CSS pixels. */
const LARGEST_CELL = 44;
/** At this size rows can be labelled one by one. */
const READABLE_CELL = 16;
const ZOOM_STEP = 1.5;
/** A hand shakes this much in a click. */
const CLICK_DISTANCE = 4;

/** Zoom as it is kept: times the fitting size, and the corner as a share of the map. */
export interface SavedZoom {
  k: number;
  x: number;
  y: number;
}

/**
 * Pan and zoom of one map: Ctrl or ⌘ and wheel (or pinch) at the pointer, wheel and drag to
 * pan. Keyboard commands call the methods. `moved` is told of every change, `settled` of
 * the end of a gesture.
 */
export class MapZoom {
  readonly #surface: HTMLElement;
  readonly #behaviour;
  readonly #selection;
  #extent: Extent = { rows: 1, columns: 1 };
  #area = { width: 1, height: 1 };
  #fit = 1;

  constructor(surface: HTMLElement, moved: () => void, settled: (zoom: SavedZoom) => void) {
    this.#surface = surface;
    this.#selection = select<HTMLElement, unknown>(surface);
    this.#behaviour = zoom<HTMLElement, unknown>()
      .extent(() => [
        [0, 0],
        [this.#area.width, this.#area.height],
      ])
      .filter((event: MouseEvent) => (event.type === 'wheel' ? zooms(event) : event.button === 0))
      .constrain((transform) => this.#clamp(transform))
      .clickDistance(CLICK_DISTANCE)
      .on('zoom', moved)
      .on('end', () => settled(this.saved));
    this.#selection.call(this.#behaviour).on('dblclick.zoom', null);
    surface.addEventListener('wheel', (event) => this.#pan(event), { passive: false });
  }

  get viewport(): Viewport {
    const { k, x, y } = this.#transform;
    return { ...this.#area, cell: this.#fit * k, left: x, top: y };
  }

  get saved(): SavedZoom {
    const { k, x, y } = this.#transform;
    const { columns, rows } = this.#extent;
    return { k, x: -x / (this.#fit * k * columns), y: -y / (this.#fit * k * rows) };
  }

  /** Takes a new size of area or map; the same part stays in sight. */
  resize(extent: Extent, area: { width: number; height: number }, kept: SavedZoom): void {
    this.#extent = extent;
    this.#area = area;
    this.#fit = Math.min(LARGEST_CELL, fitCell(extent, area.width, area.height));
    this.#behaviour.scaleExtent([1, Math.max(1, LARGEST_CELL / this.#fit)]);
    this.goTo(kept);
  }

  /** Takes over a place that was kept, here or on another map of the same size. */
  goTo(kept: SavedZoom): void {
    const k = Math.min(kept.k, this.#behaviour.scaleExtent()[1]);
    const cell = this.#fit * k;
    const { columns, rows } = this.#extent;
    this.#go(new ZoomTransform(k, -kept.x * cell * columns, -kept.y * cell * rows));
  }

  step(direction: 1 | -1, around: Cell | null): void {
    const { cell, left, top, width, height } = this.viewport;
    const point: [number, number] = around
      ? [left + (around.key + 0.5) * cell, top + (around.query + 0.5) * cell]
      : [width / 2, height / 2];
    this.#behaviour.scaleBy(this.#selection, ZOOM_STEP ** direction, point);
  }

  fitAll(): void {
    this.#go(zoomIdentity);
  }

  /** Shows a row with its neighbours large enough to read; when it is so already, all again. */
  fitRow({ query, key }: Cell): void {
    const target = Math.min(LARGEST_CELL, READABLE_CELL);
    if (this.#fit >= target || this.viewport.cell >= target - 1e-6) return this.fitAll();
    const { width, height } = this.#area;
    const x = width / 2 - (key + 0.5) * target;
    const y = height / 2 - (query + 0.5) * target;
    this.#go(new ZoomTransform(target / this.#fit, x, y));
  }

  /** Pans so that a place, in cells, is in the middle. */
  centre({ query, key }: Cell): void {
    const { cell, width, height } = this.viewport;
    const { k } = this.#transform;
    this.#go(new ZoomTransform(k, width / 2 - key * cell, height / 2 - query * cell));
  }

  /** Pans just so far that the cell is in sight. */
  reveal({ query, key }: Cell): void {
    const { cell, left, top, width, height } = this.viewport;
    const x = into(left, key * cell, cell, width);
    const y = into(top, query * cell, cell, height);
    if (x !== left || y !== top) this.#go(new ZoomTransform(this.#transform.k, x, y));
  }

  get #transform(): ZoomTransform {
    const held = (this.#surface as { __zoom?: ZoomTransform }).__zoom;
    return held ?? zoomIdentity;
  }

  #go(transform: ZoomTransform): void {
    this.#behaviour.transform(this.#selection, this.#clamp(transform));
  }

  #clamp({ k, x, y }: ZoomTransform): ZoomTransform {
    const cell = this.#fit * k;
    return new ZoomTransform(
      k,
      clampOffset(x, cell * this.#extent.columns, this.#area.width),
      clampOffset(y, cell * this.#extent.rows, this.#area.height),
    );
  }

  #pan(event: WheelEvent): void {
    const { columns, rows } = this.#extent;
    const { cell, width, height } = this.viewport;
    // A map that is all in sight leaves the wheel to the page.
    if (zooms(event) || (cell * columns <= width && cell * rows <= height)) return;
    event.preventDefault();
    const { k, x, y } = this.#transform;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const across = event.shiftKey && event.deltaX === 0;
    const dx = across ? event.deltaY : event.deltaX;
    const dy = across ? 0 : event.deltaY;
    this.#go(new ZoomTransform(k, x - dx * unit, y - dy * unit));
  }
}

const zooms = (event: MouseEvent): boolean => event.ctrlKey || event.metaKey;

function into(offset: number, at: number, size: number, length: number): number {
  if (offset + at < 0) return -at;
  if (offset + at + size > length) return length - size - at;
  return offset;
}
