/** Draws the map of a whole file: its band, what is absent, and the windows marked on it. */
import type { WeightScale } from '../color/scale';
import type { Theme } from '../color/theme';
import type { PanelDocumentMap } from '../protocol';
import { axisTicks, bandPixels, reachOf } from './bandPicture';
import { ownedStretches, type Stretch } from './windowRuns';

/** Where the map lies on its canvas, in CSS pixels: a square. */
export interface Place {
  left: number;
  top: number;
  side: number;
}

/** Room for token numbers. */
const GUTTER = { left: 46, top: 20, edge: 6 };
const TICK_SPACING = 64;
const HATCH_SPACING = 7;

export function placeOf(width: number, height: number): Place {
  const side = Math.min(width - GUTTER.left, height - GUTTER.top) - GUTTER.edge;
  return { left: GUTTER.left, top: GUTTER.top, side: Math.max(1, side) };
}

/** The map's own pixels, which only new numbers or colours change. */
export function bandImage(
  map: PanelDocumentMap,
  scale: WeightScale,
  theme: Theme,
): HTMLCanvasElement {
  const image = document.createElement('canvas');
  image.width = image.height = Math.max(1, map.size);
  if (map.size > 0)
    image
      .getContext('2d')
      ?.putImageData(new ImageData(bandPixels(map, scale, theme.ramp), map.size), 0, 0);
  return image;
}

export function paintDocument(
  context: CanvasRenderingContext2D,
  place: Place,
  map: PanelDocumentMap,
  image: HTMLCanvasElement,
  theme: Theme,
): void {
  const { left, top, side } = place;
  context.imageSmoothingEnabled = false;
  context.drawImage(image, left, top, side, side);
  paintBeyond(context, place, map, theme);
  paintAbsent(context, place, map, theme);
  context.globalAlpha = 1;
  context.strokeStyle = theme.line;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
  paintTicks(context, place, map, theme);
}

/** Frames what a window reads: its rows, as far as it sees. */
export function paintWindow(
  context: CanvasRenderingContext2D,
  { left, top, side }: Place,
  map: PanelDocumentMap,
  index: number,
  color: string,
  width: number,
): void {
  const window = map.windows[index];
  const stretch = ownedStretches(map.windows, map.tokens)[index];
  if (!window || !stretch) return;
  const { from, to } = stretch;
  const share = (token: number): number => (side * token) / Math.max(1, map.tokens);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.strokeRect(
    left + share(window.start),
    top + side * from,
    Math.max(2, share(window.end - window.start)),
    Math.max(2, side * (to - from)),
  );
}

/** What no window ever sees together: a tint, so that it is not taken for weights of 0. */
function paintBeyond(
  context: CanvasRenderingContext2D,
  { left, top, side }: Place,
  map: PanelDocumentMap,
  theme: Theme,
): void {
  const reach = (side * (reachOf(map) + 1)) / Math.max(1, map.size);
  if (reach >= side) return;
  context.fillStyle = theme.muted;
  context.globalAlpha = theme.highContrast ? 0.2 : 0.07;
  for (const points of [
    [left + reach, top, left + side, top, left + side, top + side - reach],
    [left, top + reach, left, top + side, left + side - reach, top + side],
  ]) {
    context.beginPath();
    for (let at = 0; at < points.length; at += 2) context.lineTo(points[at]!, points[at + 1]!);
    context.fill();
  }
}

/** Hatches the rows of windows that are not in the map yet. */
function paintAbsent(
  context: CanvasRenderingContext2D,
  place: Place,
  map: PanelDocumentMap,
  theme: Theme,
): void {
  const stretches = ownedStretches(map.windows, map.tokens);
  const boxes = map.windows.flatMap((window, index) =>
    window.analysed ? [] : [{ window, stretch: stretches[index]! }],
  );
  if (boxes.length === 0) return;
  const { left, top, side } = place;
  context.save();
  context.beginPath();
  for (const { window, stretch } of boxes) clipWindow(context, place, map, window, stretch);
  context.clip();
  context.globalAlpha = theme.highContrast ? 0.8 : 0.35;
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.beginPath();
  for (let at = -side; at < side; at += HATCH_SPACING) {
    context.moveTo(left + at, top + side);
    context.lineTo(left + at + side, top);
  }
  context.stroke();
  context.restore();
}

function clipWindow(
  context: CanvasRenderingContext2D,
  { left, top, side }: Place,
  { tokens }: PanelDocumentMap,
  { start, end }: PanelDocumentMap['windows'][number],
  { from, to }: Stretch,
): void {
  const share = (token: number): number => (side * token) / Math.max(1, tokens);
  context.rect(left + share(start), top + side * from, share(end - start), side * (to - from));
}

function paintTicks(
  context: CanvasRenderingContext2D,
  { left, top, side }: Place,
  { tokens }: PanelDocumentMap,
  theme: Theme,
): void {
  context.fillStyle = theme.muted;
  context.strokeStyle = theme.muted;
  context.font = `${theme.fontSize}px ${theme.font}`;
  for (const token of axisTicks(tokens, Math.max(1, Math.floor(side / TICK_SPACING)))) {
    const at = (side * token) / Math.max(1, tokens);
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillText(String(token), left - 6, top + Math.max(5, at));
    context.textAlign = token === 0 ? 'left' : 'center';
    context.textBaseline = 'bottom';
    context.fillText(String(token), left + at, top - 5);
    context.beginPath();
    context.moveTo(left - 4, top + at);
    context.lineTo(left - 1, top + at);
    context.moveTo(left + at, top - 4);
    context.lineTo(left + at, top - 1);
    context.stroke();
  }
}
