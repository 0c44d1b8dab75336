/** The answers that carry numbers: row, map, overview and tokens of one window. */
import * as l10n from '@vscode/l10n';
import type { RowAnswer } from '../engine/protocol';
import type {
  MapParams,
  MapResult,
  OverviewParams,
  OverviewResult,
  Reading,
  RowParams,
  RowResult,
  Selection,
  Token,
  TokensParams,
  TokensResult,
} from '../protocol';
import {
  about,
  askOne,
  contentOf,
  isLayerwise,
  keySide,
  type Question,
  type Subject,
} from './answer';
import {
  defaultThumbnail,
  fittingMapSize,
  largestThumbnail,
  MAX_LIST_BYTES,
  MAX_MAP_CELLS,
  type MapSize,
} from './answerSize';
import { InvalidParams, RequestFailed } from './errors';
import { encodeBytes, encodeNumbers, entropy } from './numbers';
import type { OverviewAnswer, StatisticsAnswer } from '../engine/protocol';
import type { OverviewStore } from './overviewStore';
import { tokensOfRange } from './queryRange';
import { encodeByName, type StatisticsStore } from './statisticsStore';
import { checkIndex, checkSpan, fittingSelection, headsOf, resolveSelection } from './selection';
import { tokenAt } from './tokenSearch';
import { contextOf } from './windowTokens';
import { wholeWords, wordIndices } from './words';

export function rowQuestion(params: RowParams, signal: AbortSignal): Question<RowResult> {
  return (subject) => {
    const { engine } = subject.ready;
    const selection = rowSelection(params, subject);
    const readBy = params.direction === 'readBy';
    const keys = keySide(subject);
    // Who reads a token is asked of the text that is read.
    const side = readBy ? keys : subject;
    const words = wordsWhereMerged(subject, selection);
    const keyWords = wordsWhereMerged(keys, selection);
    const asked = askedTokens(side, params);
    const [token] = asked;
    const sideWords = readBy ? keyWords : words;
    const [first, end] = sideWords ? wholeWords(sideWords, asked) : asked;
    const answer = async (window: string): Promise<RowResult> => {
      const groups = { groups: words, keyGroups: keyWords };
      const query = { ...headsOf(selection), window, token: first, end, ...groups };
      const row = await (readBy ? engine.column(query, { signal }) : engine.row(query, { signal }));
      return {
        ...about(subject),
        token,
        context: contextOf(side.window, token),
        queries: [first, end],
        units: selection.merge,
        weights: encodeNumbers(row.weights),
        sink: readBy || subject.numbers ? null : sinkIn(keyWords, row.sink),
        entropy: entropy(row.weights),
      };
    };
    const content = contentOf(subject, selection.encoding);
    return askOne(content, answer, isLayerwise(selection, subject));
  };
}

/** A window, and a place in its text. */
type TextWindow = Pick<Subject, 'window' | 'windowCount' | 'document' | 'offset'>;

function rowSelection(params: RowParams, { model, ready }: Subject): Selection {
  return params.fit
    ? fittingSelection(params, model, ready.manifest)
    : resolveSelection(params, model);
}

/** The tokens that a row is asked for together: one, or those of a range. */
function askedTokens(
  subject: TextWindow,
  { token, queryRange }: RowParams,
): [first: number, end: number] {
  if (!queryRange) {
    const one = askedToken(subject, token);
    return [one, one + 1];
  }
  if (token === undefined) return tokensOfRange(subject, queryRange);
  throw new InvalidParams(
    'queryRange',
    l10n.t('"queryRange" cannot be given together with "token".'),
  );
}

/** [token] → word, where words are to be counted instead of tokens. */
function wordsWhereMerged(
  { window, document }: TextWindow,
  { merge }: Selection,
): Int32Array | undefined {
  return merge === 'words' ? wordIndices(window, document.text.text) : undefined;
}

/** The sink's tokens by what rows count. */
function sinkIn(words: Int32Array | undefined, sink: RowAnswer['sink']): RowAnswer['sink'] {
  if (!words || !sink) return sink;
  return { ...sink, tokens: [...new Set(sink.tokens.map((token) => words[token]!))] };
}

/** The token asked for by number, else the one at the position. */
export function askedToken({ window, offset }: TextWindow, token: number | undefined): number {
  if (token !== undefined) {
    checkIndex('token', token, window.ids.length);
    return token;
  }
  const found = offset === undefined ? undefined : tokenAt(window, offset);
  if (found !== undefined) return found;
  throw new InvalidParams(
    'position',
    offset === undefined
      ? l10n.t('"token" or "position" must say which token is meant.')
      : l10n.t('No token stands at "position".'),
  );
}

export function mapQuestion(params: MapParams, signal: AbortSignal): Question<MapResult> {
  return (subject) => {
    const { engine } = subject.ready;
    const selection = resolveSelection(params, subject.model);
    const words = wordsWhereMerged(subject, selection);
    const side = keySide(subject);
    const keyWords = wordsWhereMerged(side, selection);
    const queries = checkSpan('queries', params.queries, unitsOf(subject, words));
    const keys = checkSpan('keys', params.keys, unitsOf(side, keyWords));
    const region = { rows: queries[1] - queries[0], columns: keys[1] - keys[0] };
    const size = mapSize(region, params.size);
    const pool = params.pool ?? 'max';
    const answer = async (window: string): Promise<MapResult> => {
      const groups = { groups: words, keyGroups: keyWords };
      const asked = { ...headsOf(selection), window, ...groups, queries, keys, ...size, pool };
      const { values } = await engine.region(asked, { signal });
      return { ...about(subject), units: selection.merge, ...size, values: encodeNumbers(values) };
    };
    const content = contentOf(subject, selection.encoding);
    return askOne(content, answer, isLayerwise(selection, subject));
  };
}

/** How many tokens, or words, a side of a map has. */
function unitsOf({ window }: TextWindow, words: Int32Array | undefined): number {
  return words ? words.at(-1)! + 1 : window.ids.length;
}

function mapSize(region: MapSize, asked: MapSize | undefined): MapSize {
  if (!asked) return fittingMapSize(region);
  const size = {
    rows: Math.min(asked.rows, region.rows),
    columns: Math.min(asked.columns, region.columns),
  };
  if (size.rows * size.columns <= MAX_MAP_CELLS) return size;
  const fitting = fittingMapSize(size);
  throw new RequestFailed(
    'tooLarge',
    l10n.t(
      'The map does not fit into one answer. Ask for {0} × {1} cells.',
      fitting.rows,
      fitting.columns,
    ),
    { size: fitting },
  );
}

/** What outlasts a window in the engine. */
export interface KeptSummaries {
  overviews: OverviewStore;
  statistics: StatisticsStore;
}

export function overviewQuestion(
  { reading = 'raw', size: asked, encoding = null, statistics = true }: OverviewParams,
  kept: KeptSummaries,
  signal: AbortSignal,
): Question<OverviewResult> {
  return (subject) => {
    const { ready, model, stack } = subject;
    const { layers, heads } = model;
    checkOverviewReading(reading);
    const tokens = Math.min(subject.window.ids.length, keySide(subject).window.ids.length);
    const size = thumbnailSize(asked, layers * heads, tokens);
    // What heads do in numbers is defined within one text.
    const counts = statistics && stack !== 'cross';
    const content = contentOf(subject, encoding);
    const result = (overview: OverviewAnswer, found?: StatisticsAnswer): OverviewResult => ({
      ...about(subject),
      layers,
      heads,
      size,
      thumbnails: encodeBytes(overview.thumbnails),
      scales: encodeNumbers(overview.scales),
      statistics: found ? encodeByName(found.statistics) : {},
    });
    const known = (): OverviewResult | undefined => {
      const overview = kept.overviews.known(ready, content, { reading, size });
      const found = counts ? kept.statistics.known(subject, content) : undefined;
      return overview && (found || !counts) ? result(overview, found) : undefined;
    };
    const plan = askOne(content, async (window) => {
      const overview = await kept.overviews.of(ready, content, window, { reading, size }, signal);
      if (!counts) return result(overview);
      return result(overview, await kept.statistics.of(subject, content, window, { signal }));
    });
    return { ...plan, known };
  };
}

function thumbnailSize(asked: number | undefined, heads: number, tokens: number): number {
  const size = Math.min(asked ?? defaultThumbnail(heads, tokens), tokens);
  const largest = largestThumbnail(heads);
  if (size <= largest) return size;
  throw new RequestFailed(
    'tooLarge',
    l10n.t('The thumbnails do not fit into one answer. Ask for a size of {0}.', largest),
    { size: largest },
  );
}

/** Rollout mixes all heads, so that there is nothing to show for each. */
export function checkOverviewReading(reading: Reading): void {
  if (reading === 'rollout')
    throw new InvalidParams('reading', l10n.t('"reading" cannot be rollout in an overview.'));
}

/** Needs no analysis. */
export function tokensAnswer(subject: Subject, { slice }: TokensParams): TokensResult {
  const { model, window } = subject;
  const total = window.ids.length;
  const [start, end] = checkSpan('slice', slice, total, 0);
  const tokens: Token[] = [];
  const words = wordIndices(window, subject.document.text.text).subarray(start, end);
  let room = MAX_LIST_BYTES;
  for (let index = start; index < end; index++) {
    const token = describeToken(subject, index);
    const written = [JSON.stringify(token), String(words[index - start])];
    for (const part of written) room -= new TextEncoder().encode(part).length + 1;
    if (room < 0) throw tooManyTokens(tokens.length);
    tokens.push(token);
  }
  const numbers = subject.numbers !== null;
  return { ...about(subject), model, total, tokens, words: [...words], numbers };
}

function describeToken({ document, window, tokenText }: Subject, index: number): Token {
  const id = window.ids[index] ?? 0;
  const start = window.starts[index] ?? -1;
  const range = start < 0 ? null : document.text.rangeOf(start, window.ends[index] ?? start);
  return { id, text: tokenText(id), range };
}

function tooManyTokens(fitting: number): RequestFailed {
  return new RequestFailed(
    'tooLarge',
    l10n.t('The tokens do not fit into one answer. Ask for a slice of {0} tokens.', fitting),
    { size: fitting },
  );
}
