export interface MatrixCell {
  row: number;
  column: number;
}

export interface MatrixSize {
  rows: number;
  columns: number;
}

/** The cell under a point of an area that the matrix fills, or null beside it. */
export function matrixCellAt(
  { width, height }: { width: number; height: number },
  { rows, columns }: MatrixSize,
  x: number,
  y: number,
): MatrixCell | null {
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  return { row: Math.floor((y / height) * rows), column: Math.floor((x / width) * columns) };
}

const MOVES: { readonly [key: string]: readonly [rows: number, columns: number] } = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** The cell that a key leads to; undefined for keys that lead nowhere. Begins in the row at hand. */
export function moveInMatrix(
  from: MatrixCell | null,
  key: string,
  { rows, columns }: MatrixSize,
  row: number | null,
): MatrixCell | undefined {
  const move = MOVES[key];
  if (!move || rows === 0 || columns === 0) return undefined;
  if (!from) return { row: row ?? 0, column: 0 };
  const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  return { row: within(from.row + move[0], rows), column: within(from.column + move[1], columns) };
}
