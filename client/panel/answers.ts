/** The server's answers (base64) as the panel's (typed arrays of exactly their size). */
import type {
  DocumentMapResult,
  ExplainResult,
  MapResult,
  OverviewResult,
  PositionEffectResult,
  PositionResult,
  PositionShareResult,
  Range,
  RowResult,
  StagesResult,
  StatisticsResult,
  TokensResult,
} from '../../server/protocol';
import type {
  PanelDocumentMap,
  PanelExplanation,
  PanelOverview,
  PanelPosition,
  PanelPositionEffect,
  PanelPositionShare,
  PanelRegion,
  PanelRow,
  PanelStages,
  PanelStatistics,
  PanelTokens,
} from '../../webview/protocol';
import { decodeBytes, decodeFloats } from '../bytes';
import { rangesOfWords } from '../wordRanges';

/** `written`: what stands in the document at a range. */
export function panelTokens(
  generation: number,
  answer: TokensResult,
  written: (range: Range) => string | null,
): PanelTokens {
  const ranges = answer.tokens.map(({ range }) => range);
  return {
    generation,
    version: answer.version,
    model: answer.model,
    window: answer.window,
    texts: answer.tokens.map(({ text, range }) => readable(text, range && written(range))),
    ranges,
    special: withoutRange(ranges),
    words: panelWords(answer, written),
    numbers: answer.numbers,
  };
}

function panelWords(
  { tokens, words }: TokensResult,
  written: (range: Range) => string | null,
): PanelTokens['words'] {
  const ranges = rangesOfWords(
    tokens.map(({ range }) => range),
    words,
  );
  const pieces: string[][] = ranges.map(() => []);
  words.forEach((word, token) => pieces[word]?.push(tokens[token]?.text ?? ''));
  const texts = pieces.map(([first = '', ...others], word) => {
    const range = ranges[word];
    const text = (range && written(range)) ?? null;
    if (others.length === 0) return readable(first, text);
    return text ?? [first, ...others.map((piece) => piece.replace(MARKS, ''))].join('');
  });
  return { of: words, texts, ranges, special: withoutRange(ranges) };
}

function withoutRange(ranges: readonly (Range | null)[]): number[] {
  return ranges.flatMap((range, index) => (range === null ? [index] : []));
}

/** Marks by which vocabularies write that a piece goes on, or that a space came before. */
const MARKS = /^(##|[\u0120\u2581])|<\/w>$/g;

/**
 * A token as people read it: as the vocabulary writes it where that is the text but for case and
 * accents, else as it stands in the document (an unknown token says nothing of itself).
 */
function readable(text: string, written: string | null): string {
  if (!written) return text;
  return plain(text.replace(MARKS, '')) === plain(written) ? text : written;
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
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

export function panelStatistics(generation: number, answer: StatisticsResult): PanelStatistics {
  const { layers, heads, counted, even, coverage } = answer;
  const decoded = Object.entries(answer.statistics).map(
    ([name, numbers]) => [name, decodeFloats(numbers)] as const,
  );
  const statistics = Object.fromEntries(decoded);
  return { generation, layers, heads, statistics, counted, even, coverage };
}

export function panelDocumentMap(generation: number, answer: DocumentMapResult): PanelDocumentMap {
  const { tokens, size, width, windows, pending } = answer;
  const [values, analysed] = [decodeFloats(answer.values), decodeBytes(answer.analysed)];
  return { generation, tokens, size, width, values, analysed, windows, pending };
}

export function panelRegion(generation: number, answer: MapResult): PanelRegion {
  const { rows, columns } = answer;
  return { generation, rows, columns, values: decodeFloats(answer.values) };
}

export function panelRow(generation: number, answer: RowResult): PanelRow {
  const { token, sink, entropy } = answer;
  return { generation, token, weights: decodeFloats(answer.weights), sink, entropy };
}

export function panelPosition(generation: number, answer: PositionResult): PanelPosition {
  const { similarity } = answer;
  return {
    generation,
    scheme: answer.scheme,
    layer: answer.layer,
    positions: answer.positions,
    total: answer.total,
    positionIds: answer.positionIds,
    dimensions: answer.dimensions,
    matrix: decodeIfThere(answer.matrix),
    similarity: similarity && {
      distances: similarity.distances,
      mean: decodeFloats(similarity.mean),
      spread: decodeFloats(similarity.spread),
      smallest: decodeFloats(similarity.smallest),
      largest: decodeFloats(similarity.largest),
    },
    wavelengths: decodeIfThere(answer.wavelengths),
    angles: decodeIfThere(answer.angles),
    attentionFactor: answer.attentionFactor,
    slopes: decodeIfThere(answer.slopes),
    bias: answer.bias && { ...answer.bias, values: decodeFloats(answer.bias.values) },
    formula: answer.formula,
    token: answer.token,
    tokenPosition: answer.tokenPosition,
  };
}

export function panelPositionEffect(
  generation: number,
  { layers, heads, totalVariation }: PositionEffectResult,
): PanelPositionEffect {
  return { generation, layers, heads, totalVariation: decodeFloats(totalVariation) };
}

export function panelPositionShare(
  generation: number,
  answer: PositionShareResult,
): PanelPositionShare {
  return {
    generation,
    method: answer.method,
    of: answer.of,
    weight: answer.weight,
    position: answer.position,
    content: answer.content,
    limits: answer.limits,
    terms: answer.terms,
    dot: answer.dot,
    scale: answer.scale,
    samples: answer.samples,
    standardError: answer.standardError,
  };
}

export function panelExplanation(generation: number, answer: ExplainResult): PanelExplanation {
  const { query, key, additive, products, heads, position } = answer;
  const { query: queryBefore, key: keyBefore, estimate = null } = position ?? {};
  return {
    generation,
    query: decodeFloats(query),
    key: decodeFloats(key),
    additive: decodeIfThere(additive),
    products: decodeFloats(products),
    heads: decodeFloats(heads),
    dot: answer.dot,
    scale: answer.scale,
    bias: answer.bias,
    masked: answer.masked,
    score: answer.score,
    logSumExp: answer.logSumExp,
    weight: answer.weight,
    valueNorm: answer.valueNorm,
    outputNorm: answer.outputNorm,
    contributionNorm: answer.contributionNorm,
    visible: answer.visible,
    strongest: answer.strongest,
    positions: answer.positions,
    before:
      queryBefore !== undefined && keyBefore !== undefined
        ? { query: decodeFloats(queryBefore), key: decodeFloats(keyBefore) }
        : null,
    estimate,
  };
}

export function panelStages(generation: number, answer: StagesResult): PanelStages {
  const { settings, token, stages, pair, notes } = answer;
  return {
    generation,
    settings,
    token,
    stages: stages.map(({ stage, title, tensors }) => ({
      stage,
      title,
      tensors: tensors.map((tensor) => ({ ...tensor, values: decodeFloats(tensor.values) })),
    })),
    pair: pair && {
      key: pair.key,
      heads: pair.heads.map((head) => ({
        ...head,
        contribution: decodeFloats(head.contribution),
      })),
    },
    notes,
  };
}

function decodeIfThere(numbers: string | null): Float32Array | null {
  return numbers === null ? null : decodeFloats(numbers);
}
