/** Both parts of a sum along one line, in percent of its length; either may be negative. */
export interface SharesBar {
  zero: number;
  position: { left: number; width: number };
  content: { left: number; width: number };
}

/** Lays two signed parts out from a common zero, with the larger reach filling its side. */
export function sharesBar(position: number, content: number): SharesBar {
  const low = Math.min(0, position, content);
  const high = Math.max(0, position, content);
  const span = high - low || 1;
  const at = (value: number): number => ((value - low) / span) * 100;
  const bar = (value: number) => ({
    left: at(Math.min(0, value)),
    width: (Math.abs(value) / span) * 100,
  });
  return { zero: at(0), position: bar(position), content: bar(content) };
}
