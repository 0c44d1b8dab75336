/** Which tokens are the attention sink of a selection. */
import type { AnalysedWindow } from './window';

/**
 * A first token that receives more than this on average is a sink. Xiao et al.
 * 2023 describe the effect; the threshold is part of the public protocol.
 */
export const SINK_THRESHOLD = 0.3;

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
  const received = heads.map(({ layer, head }) => window.received(layer, head));
  for (let token = 0; token < (received[0]?.length ?? 0); token++) {
    const mean = received.reduce((sum, means) => sum + means[token]!, 0) / heads.length;
    if (mean > SINK_THRESHOLD) sinks.add(token);
  }
  return [...sinks].sort((a, b) => a - b);
}
