/** How a document's windows lie on a bar that stands for the whole of it. */

/** A window in tokens of the document, half-open. */
export interface WindowSpan {
  start: number;
  end: number;
  /** Whether the engine holds it. */
  held: boolean;
}

/** A stretch of the bar, as shares of its length. */
export interface Stretch {
  from: number;
  to: number;
}

/** What each window owns: half of what it shares with its neighbours. */
export function ownedStretches(windows: readonly WindowSpan[], tokens: number): Stretch[] {
  const borders = windows.slice(1).map(({ start }, index) => {
    const end = windows[index]?.end ?? start;
    return Math.ceil((start + end) / 2) / Math.max(1, tokens);
  });
  return windows.map((_, index) => ({ from: borders[index - 1] ?? 0, to: borders[index] ?? 1 }));
}

/** Analysed windows that follow each other, joined: a long file has more windows than pixels. */
export function analysedRuns(windows: readonly WindowSpan[], tokens: number): Stretch[] {
  const runs: Stretch[] = [];
  ownedStretches(windows, tokens).forEach(({ from, to }, index) => {
    if (!windows[index]?.held) return;
    const last = runs.at(-1);
    if (last && last.to === from) last.to = to;
    else runs.push({ from, to });
  });
  return runs;
}

/** The window that owns a place on the bar; the last one behind its end. */
export function windowAtShare(
  windows: readonly WindowSpan[],
  tokens: number,
  share: number,
): number {
  const at = ownedStretches(windows, tokens).findIndex(({ to }) => share < to);
  return at < 0 ? windows.length - 1 : at;
}
