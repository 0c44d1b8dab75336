/** Which tokens are the attention sink of a selection. */
import type { AnalysedWindow } from './window';

/**
 * A first token that receives more than this on average is a sink. Xiao et al.
 * 2023 describe the effect; the threshold is part of the public protocol.
 */
export const SINK_THRESHOLD = 0.3;

/** How far a bound is to be from the threshold to say on which side of it the mean is; rounding stays far below. */
const MARGIN = 1e-3;

/** One head of one layer. */
export interface HeadIndex {
  layer: number;
  head: number;
}

/**
 * The template's tokens and those of the window's first four whose mean received
 * weight, over the queries that can see them and over the given heads, exceeds
 * the threshold. Ascending, raw reading whatever is shown.
 */
export function sinkTokens(window: AnalysedWindow, heads: readonly HeadIndex[]): number[] {
  const sinks = new Set(window.specialTokens);
  const received = new Received(window, heads);
  for (let token = 0; token < received.count; token++) {
    if (!sinks.has(token) && received.exceeds(token, SINK_THRESHOLD)) sinks.add(token);
  }
  return [...sinks].sort((a, b) => a - b);
}

/**
 * What the first tokens receive from several heads, known between bounds at first: most
 * tokens are so far from the threshold that no head needs to be summed up for it.
 */
class Received {
  readonly #window: AnalysedWindow;
  readonly #heads: readonly HeadIndex[];
  readonly #bounds: { least: Float32Array; most: Float32Array }[];

  constructor(window: AnalysedWindow, heads: readonly HeadIndex[]) {
    this.#window = window;
    this.#heads = heads;
    this.#bounds = heads.map(({ layer, head }) => window.receivedBetween(layer, head));
  }

  get count(): number {
    return this.#bounds[0]?.least.length ?? 0;
  }

  /** Whether the mean over the heads is above the threshold; heads are looked at closely until that is certain. */
  exceeds(token: number, threshold: number): boolean {
    for (;;) {
      if (this.#mean('least', token) > threshold + MARGIN) return true;
      if (this.#mean('most', token) < threshold - MARGIN) return false;
      const at = this.#leastKnown(token);
      if (at < 0) return this.#mean('least', token) > threshold;
      const { layer, head } = this.#heads[at]!;
      const exact = this.#window.received(layer, head);
      this.#bounds[at] = { least: exact, most: exact };
    }
  }

  #mean(bound: 'least' | 'most', token: number): number {
    const sum = this.#bounds.reduce((total, bounds) => total + bounds[bound][token]!, 0);
    return sum / this.#bounds.length;
  }

  /** The head of which least is known, or −1 where all is. */
  #leastKnown(token: number): number {
    let [widest, found] = [0, -1];
    this.#bounds.forEach(({ least, most }, at) => {
      if (least === most) return;
      const width = most[token]! - least[token]!;
      if (found < 0 || width > widest) [widest, found] = [width, at];
    });
    return found;
  }
}
