/** The window that a key leads to from another one, of so many; null for other keys. */
export function steppedWindow(key: string, from: number, count: number): number | null {
  const page = Math.max(1, Math.round(count / 10));
  const targets: { readonly [key: string]: number | undefined } = {
    ArrowUp: from - 1,
    ArrowLeft: from - 1,
    ArrowDown: from + 1,
    ArrowRight: from + 1,
    PageUp: from - page,
    PageDown: from + page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(count - 1, target));
}
