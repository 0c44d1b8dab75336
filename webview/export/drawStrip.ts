import { colorize } from '../color/scale';
import { largest, signedScale } from '../color/signedScale';
import { enlarged } from './drawMap';
import type { Figure } from './figure';
import { encodePng, pngAddress } from './png';

const WIDE = 1536;

/** Numbers with a sign as a strip of colours, [row, column]. */
export function drawStrip(
  figure: Figure,
  area: { x: number; y: number; width: number; height: number },
  values: Float32Array,
  columns: number,
): void {
  const rows = columns > 0 ? Math.floor(values.length / columns) : 0;
  if (rows === 0) return;
  const pixels = new Uint8ClampedArray(4 * rows * columns);
  colorize(values, 1, signedScale('linear', largest(values)), figure.theme.diverging, pixels);
  const times = Math.max(1, Math.min(16, Math.floor(WIDE / columns)));
  const png = encodePng(enlarged(pixels, rows, columns, times), columns * times, rows * times);
  figure.svg.image(area.x, area.y, area.width, area.height, pngAddress(png));
  figure.svg.rect(area.x, area.y, area.width, area.height, { stroke: figure.theme.line });
}
