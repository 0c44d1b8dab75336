import { placeName, type Axis, type NumberTable } from './table';

/**
 * A byte order mark: Excel takes a file without one for the system's old code page and breaks
 * every token that is not ASCII; pandas, R, Polars and DuckDB skip it.
 */
const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** Spreadsheets run what begins so; the apostrophe itself is guarded so that one can be taken off again. */
const FORMULA_START = /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20']/;

/**
 * Comma-separated values (RFC 4180) of a table: the last axis across, all others downwards. The
 * first column names the row, and its header says what the table is; where several axes go
 * downwards, a column each with their numbers follows.
 */
export function csvText(table: NumberTable, about: string): string {
  const { axes, values } = table;
  const across = axes.at(-1) ?? { name: '', size: 0 };
  const down = axes.slice(0, -1);
  const counted = down.length > 1 ? down : [];
  const header = [
    about,
    ...counted.map(({ name }) => name),
    ...Array.from({ length: across.size }, (_, at) => placeName(across, at)),
  ];
  const lines = [header.map(textCell).join(',')];
  const rows = across.size === 0 ? 0 : values.length / across.size;
  for (let row = 0; row < rows; row++) {
    const places = placesOf(down, row);
    const numbers = values.subarray(row * across.size, (row + 1) * across.size);
    lines.push(
      [
        textCell(rowName(down, places)),
        ...counted.map(({ start = 0 }, axis) => String(start + (places[axis] ?? 0))),
        ...Array.from(numbers, numberCell),
      ].join(','),
    );
  }
  return BYTE_ORDER_MARK + lines.join(LINE_END) + LINE_END;
}

/** A text as a cell that no spreadsheet takes for a formula, quoted where it has to be. */
export function textCell(text: string): string {
  const guarded = FORMULA_START.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** The fewest digits that give every float32 back; an empty cell where there is no number. */
export function numberCell(value: number): string {
  return Number.isFinite(value) ? String(shortest(value)) : '';
}

/** The shortest decimal that rounds to the same float32. */
export function shortest(value: number): number {
  for (const digits of [6, 7, 8]) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === Math.fround(value)) return candidate;
  }
  return Number(value.toPrecision(9));
}

/** Where a row stands on each of the axes that go downwards. */
function placesOf(axes: readonly Axis[], row: number): number[] {
  const places: number[] = [];
  let rest = row;
  for (const { size } of axes.toReversed()) {
    places.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return places;
}

function rowName(axes: readonly Axis[], places: readonly number[]): string {
  if (axes.length === 1 && axes[0]) return placeName(axes[0], places[0] ?? 0);
  return axes.map((axis, at) => `${axis.name} ${placeName(axis, places[at] ?? 0)}`).join(', ');
}
