/** Keeps a number and its unit on one line. */
const NARROW_SPACE = '\u202f';

/** A weight as a percentage with one decimal; what would print as zero but is not says so. */
export function percent(weight: number): string {
  const tenths = Math.round(weight * 1000);
  if (tenths === 0 && weight > 0) return `<${NARROW_SPACE}0.1${NARROW_SPACE}%`;
  return `${(tenths / 10).toFixed(1)}${NARROW_SPACE}%`;
}

/** A legend's end or tick: as few digits as tell the value, never more than two significant ones. */
export function percentTick(weight: number): string {
  const value = Number((weight * 100).toPrecision(2));
  return `${value >= 0.001 || value === 0 ? String(value) : value.toExponential(0)}${NARROW_SPACE}%`;
}

/** A number of a matrix: three significant digits, never longer than it helps, with a true minus. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size === 0
      ? '0'
      : size >= 1e5 || size < 1e-3
        ? size
            .toExponential(2)
            .replace(/\.?0+e/, 'e')
            .replace('e+', 'e')
            .replace('-', '−')
        : String(Number(size.toPrecision(3)));
  return value < 0 ? `−${text}` : text;
}

/** A value with its sign always written, zero without one. */
export function signed(value: number, text: (value: number) => string): string {
  return value === 0 ? text(0) : `${value > 0 ? '+' : '−'}${text(Math.abs(value))}`;
}

/** A change of a weight in percentage points, with its sign. */
export function points(change: number): string {
  return signed(Math.round(change * 1000) === 0 ? 0 : change, percent);
}

/** A legend's tick of a value with a sign. */
export function signedTick(value: number, text: (value: number) => string = percentTick): string {
  return signed(value, text);
}

/** Any other quantity, with three significant digits. */
export function significant(value: number): string {
  return value.toPrecision(3);
}

/** Line and column as editors number them, from 1; the arguments are LSP's, from 0. */
export function place(line: number, character: number): string {
  return `${line + 1}:${character + 1}`;
}

const VISIBLE: { readonly [character: string]: string } = {
  ' ': '·',
  '\u0120': '·', // byte-level vocabularies write a leading space so
  '\u2581': '·', // SentencePiece's
  '\n': '↵',
  '\u010a': '↵',
  '\r': '␍',
  '\t': '⇥',
};

/** Longer tokens are cut here; counted in code points. */
const LONGEST = 64;

/** What has no picture, or would turn around what stands beside it. */
const HIDDEN = /[\p{Cc}\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** A token as people read it: on one line, white space and hidden characters made visible, cut where it is very long. */
export function tokenText(text: string): string {
  const points = [...text.slice(0, 2 * LONGEST + 2)];
  const cut = points.length > LONGEST ? `${points.slice(0, LONGEST).join('')}…` : text;
  const start = VISIBLE[cut.charAt(0)];
  const rest = start === undefined ? cut : cut.slice(1);
  return (
    (start ?? '') +
    rest
      .replace(/[\n\r\t ]/g, (character) => VISIBLE[character] ?? character)
      .replace(HIDDEN, (character) => `⟨U+${codeOf(character)}⟩`)
  );
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
