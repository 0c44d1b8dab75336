/** The map of a whole document, made of the windows that are analysed by now; it has none analysed itself. */
import * as l10n from '@vscode/l10n';
import type { DocumentMapParams, DocumentMapResult, Selection } from '../protocol';
import type { AskOptions } from './answer';
import { MAX_MAP_CELLS } from './answerSize';
import { Band, bandGroups, bandShape, widthOf, type BandShape, type BandWindow } from './band';
import { changedPositions } from './encodingChange';
import { RequestFailed, throwIfCancelled, unlessAborted } from './errors';
import type { ReadyModel } from './modelSlot';
import { encodeBytes, encodeNumbers } from './numbers';
import type { OpenDocument } from './openDocument';
import { checkWeighable, headsOf, resolveSelection } from './selection';
import type { TokenizedText } from './tokenized';
import { windowContent } from './windowContent';
import type { WindowStore } from './windowStore';
import type { WindowTokens } from './windowTokens';

/** Cells of the axis unless asked for: as many as a panel has pixels for, and less where a band is wide. */
const DEFAULT_SIZE = 256;
/** A list of windows and what is said of each take room too. */
const MAX_CELLS = Math.floor(MAX_MAP_CELLS / 2);

/** What a map is made of. */
export interface MapSources {
  ready: ReadyModel;
  windows: WindowStore;
  document: OpenDocument;
  tokens: TokenizedText;
}

/** Fails with {@link ContentModified} when the document changes meanwhile. */
export async function documentMap(
  { ready, windows, document, tokens }: MapSources,
  params: DocumentMapParams,
  options: AskOptions,
): Promise<DocumentMapResult> {
  const { modified } = document;
  const { version } = document.text;
  const signal = AbortSignal.any([options.signal, modified]);
  const selection = resolveSelection(params, ready.model);
  checkWeighable(selection, ready.manifest);
  const count = await unlessAborted(tokens.whole(signal), options.signal, modified);
  const shape = checkedShape(count, params.size, tokens.capacity);
  const band = new Band(shape);
  const listed: DocumentMapResult['windows'] = [];
  for (const { window, place } of placed(tokens, ready)) {
    throwIfCancelled(options.signal);
    const groups = bandGroups(place, shape);
    const region = await unlessAborted(
      read({ ready, windows }, window, selection, groups, signal),
      options.signal,
      modified,
    );
    if (region) band.add(groups, region);
    const [start, end] = place.bounds;
    listed.push({ start, end, analysed: region !== undefined });
  }
  return {
    version,
    model: ready.model.hash,
    tokens: count,
    size: shape.size,
    width: widthOf(shape),
    values: encodeNumbers(band.values()),
    analysed: encodeBytes(band.analysed()),
    windows: listed,
  };
}

function checkedShape(tokens: number, asked: number | undefined, capacity: number): BandShape {
  const cells = (shape: BandShape): number => shape.size * widthOf(shape);
  let size = asked ?? DEFAULT_SIZE;
  let shape = bandShape(tokens, size, capacity);
  if (asked !== undefined && cells(shape) > MAX_CELLS) {
    const fitting = largestSize(tokens, asked, capacity);
    throw new RequestFailed(
      'tooLarge',
      l10n.t('The map does not fit into one answer. Ask for a size of {0}.', fitting),
      { size: fitting },
    );
  }
  while (cells(shape) > MAX_CELLS) shape = bandShape(tokens, --size, capacity);
  return shape;
}

function largestSize(tokens: number, asked: number, capacity: number): number {
  let [fits, tooLarge] = [1, Math.min(asked, tokens)];
  while (tooLarge - fits > 1) {
    const size = Math.floor((fits + tooLarge) / 2);
    const shape = bandShape(tokens, size, capacity);
    if (shape.size * widthOf(shape) <= MAX_CELLS) fits = size;
    else tooLarge = size;
  }
  return fits;
}

/** The windows of a text that is tokenized whole, with their places on its axis. */
function placed(
  tokens: TokenizedText,
  { tokenizer }: ReadyModel,
): { window: WindowTokens; place: BandWindow }[] {
  const { before, after } = tokenizer.template;
  const { borders, windowCount } = tokens;
  return Array.from({ length: windowCount ?? 0 }, (_, index) => tokens.window(index)).flatMap(
    (window, index) => {
      if (!window) return [];
      const owned = [borders[index - 1] ?? 0, borders[index] ?? window.bounds[1]] as const;
      const place = { bounds: window.bounds, owned, before: before.length, after: after.length };
      return [{ window: window.tokens, place }];
    },
  );
}

/** float32 [owned group, group]; undefined where the engine does not hold the window. */
async function read(
  { ready, windows }: Pick<MapSources, 'ready' | 'windows'>,
  window: WindowTokens,
  selection: Selection,
  { groups, count, queries }: ReturnType<typeof bandGroups>,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  const { encoding } = selection;
  const inputs = changedPositions(encoding, window, ready.model);
  const lease = windows.hold(windowContent(window, encoding, inputs));
  if (!lease) return undefined;
  const rows = queries[1] - queries[0];
  try {
    if (rows <= 0) return new Float32Array(0);
    const region = {
      ...headsOf(selection),
      window: lease.window,
      groups,
      queries,
      keys: [0, count] as [number, number],
      rows,
      columns: count,
      pool: 'mean' as const,
    };
    return (await ready.engine.region(region, { signal })).values;
  } finally {
    lease.release();
  }
}
