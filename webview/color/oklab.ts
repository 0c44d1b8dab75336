/**
 * OKLab (Björn Ottosson, "A perceptual color space for image processing", 2020):
 * equal steps of L look equally large, which is what makes a colour ramp honest.
 */

/** sRGB, each 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];
/** L is 0 … 1; a and b about −0.4 … 0.4. */
export type Lab = readonly [lightness: number, a: number, b: number];

function toLinear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function fromLinear(value: number): number {
  const c = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
  return c * 255;
}

export function toLab([red, green, blue]: Rgb): Lab {
  const r = toLinear(red);
  const g = toLinear(green);
  const b = toLinear(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function linearRgb([lightness, a, b]: Lab): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const inGamut = (rgb: readonly number[]): boolean =>
  rgb.every((value) => value >= -1e-4 && value <= 1 + 1e-4);

/** The nearest displayable colour of the same lightness and hue: only chroma is given up. */
export function toRgb([lightness, a, b]: Lab): Rgb {
  let low = 0;
  let high = 1;
  if (inGamut(linearRgb([lightness, a, b]))) low = 1;
  else
    for (let step = 0; step < 12; step++) {
      const middle = (low + high) / 2;
      if (inGamut(linearRgb([lightness, a * middle, b * middle]))) low = middle;
      else high = middle;
    }
  const rgb = linearRgb([lightness, a * low, b * low]);
  const channel = (value: number): number =>
    Math.round(fromLinear(Math.min(1, Math.max(0, value))));
  return [channel(rgb[0]), channel(rgb[1]), channel(rgb[2])];
}
