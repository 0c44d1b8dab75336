import { toRgb, type Rgb } from './oklab';
import { isDark } from './ramp';

/** Hue in degrees, and lightness and chroma apart for dark and light backgrounds, in OKLCH. */
interface Category {
  hue: number;
  onDark: readonly [lightness: number, chroma: number];
  onLight: readonly [lightness: number, chroma: number];
}

/**
 * Neighbours differ in lightness as well as in hue, so that they stay apart with any kind of
 * colour blindness: the even ones are near the foreground, the odd ones further from it.
 */
const CATEGORIES: readonly Category[] = [
  { hue: 250, onDark: [0.84, 0.1], onLight: [0.42, 0.16] },
  { hue: 45, onDark: [0.68, 0.19], onLight: [0.62, 0.18] },
  { hue: 160, onDark: [0.86, 0.16], onLight: [0.45, 0.12] },
  { hue: 320, onDark: [0.66, 0.21], onLight: [0.6, 0.22] },
  { hue: 100, onDark: [0.92, 0.14], onLight: [0.5, 0.11] },
  { hue: 280, onDark: [0.64, 0.19], onLight: [0.58, 0.2] },
  { hue: 200, onDark: [0.86, 0.11], onLight: [0.44, 0.09] },
  { hue: 15, onDark: [0.64, 0.22], onLight: [0.58, 0.21] },
];

/** How many colours there are. */
export const CATEGORY_COUNT = CATEGORIES.length;

/** Colours for things without an order, made for the background; the same ones each time. */
export function categoryColors(background: Rgb): string[] {
  const dark = isDark(background);
  return CATEGORIES.map(({ hue, onDark, onLight }) => {
    const [lightness, chroma] = dark ? onDark : onLight;
    const angle = (hue * Math.PI) / 180;
    const [r, g, b] = toRgb([lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]);
    return `rgb(${r}, ${g}, ${b})`;
  });
}
