/** Sizes for people, as download pages write them. */

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** In decimal units with one digit behind the point, such as `90.9 MB`; never less than `0.1 kB` of something. */
export function sizeText(bytes: number): string {
  let value = Math.max(bytes / 1000, bytes > 0 ? 0.1 : 0);
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
