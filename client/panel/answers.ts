/** The server's answers (base64) as the panel's (typed arrays of exactly their size). */
import type { MapResult, OverviewResult, RowResult, TokensResult } from '../../server/protocol';
import type { PanelOverview, PanelRegion, PanelRow, PanelTokens } from '../../webview/protocol';
import { decodeBytes, decodeFloats } from '../bytes';

export function panelTokens(generation: number, answer: TokensResult): PanelTokens {
  const ranges = answer.tokens.map(({ range }) => range);
  return {
    generation,
    version: answer.version,
    window: answer.window,
    texts: answer.tokens.map(({ text }) => text),
    ranges,
    special: ranges.flatMap((range, token) => (range === null ? [token] : [])),
  };
}

export function panelOverview(generation: number, answer: OverviewResult): PanelOverview {
  const { layers, heads, size } = answer;
  return {
    generation,
    layers,
    heads,
    size,
    thumbnails: decodeBytes(answer.thumbnails),
    scales: decodeFloats(answer.scales),
  };
}

export function panelRegion(generation: number, answer: MapResult): PanelRegion {
  const { rows, columns } = answer;
  return { generation, rows, columns, values: decodeFloats(answer.values) };
}

export function panelRow(generation: number, answer: RowResult): PanelRow {
  const { token, sink, entropy } = answer;
  return { generation, token, weights: decodeFloats(answer.weights), sink, entropy };
}
