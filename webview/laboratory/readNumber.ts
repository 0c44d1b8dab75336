/** Which numbers are taken: whole ones or all, from `least` on, with `above` only more than it. */
export interface NumberLimits {
  whole: boolean;
  least: number;
  above: boolean;
  /** Of the arrows beside a field. */
  step: number;
}

/** A number as a person wrote it, or null where it is none that is taken. */
export function readNumber(text: string, limits: NumberLimits, most: number): number | null {
  const value = text.trim() === '' ? NaN : Number(text);
  const { least, above, whole } = limits;
  const fits = above ? value > least : value >= least;
  if (!Number.isFinite(value) || !fits || value > most) return null;
  return whole && !Number.isInteger(value) ? null : value;
}

/** `count` numbers with spaces, commas or semicolons between them, or null. */
export function readNumbers(text: string, limits: NumberLimits, count: number): number[] | null {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const numbers = words.map((word) => readNumber(word, limits, Infinity));
  return words.length === count && numbers.every((each) => each !== null) ? numbers : null;
}
