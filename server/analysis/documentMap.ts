/** The map of a whole document, made of the windows that are analysed by now; it has none analysed itself. */
import * as l10n from '@vscode/l10n';
import type { DocumentMapParams, DocumentMapResult } from '../protocol';
import { MAX_MAP_CELLS } from './answerSize';
import { Band, bandShape, grainOf, widthOf, windowBlocks, type BandShape } from './band';
import type { BandStore } from './bandStore';
import { RequestFailed } from './errors';
import { encodeBytes, encodeNumbers } from './numbers';
import { checkWeighable, resolveSelection } from './selection';
import { contentFor } from './summary';
import {
  collectWhole,
  pendingOf,
  tokenCount,
  type WholeOptions,
  type WholeSources,
} from './wholeDocument';

/** Cells of the axis unless asked for: as many as a panel has pixels for, and less where a band is wide. */
const DEFAULT_SIZE = 256;
/** A list of windows and what is said of each take room too. */
const MAX_CELLS = Math.floor(MAX_MAP_CELLS / 2);

/** Fails with {@link ContentModified} when the document changes meanwhile. */
export async function documentMap(
  sources: WholeSources,
  params: DocumentMapParams,
  bands: BandStore,
  options: WholeOptions,
): Promise<DocumentMapResult> {
  const { ready, windows, document, tokens } = sources;
  const { version } = document.text;
  const selection = resolveSelection(params, ready.model);
  checkWeighable(selection, ready.manifest);
  const count = await tokenCount(sources, options);
  const shape = checkedShape(count, params.size, tokens.capacity);
  const grain = grainOf(shape);
  const summary = bands.summary(ready, selection, grain);
  const collected = await collectWhole('map', sources, summary, params, options);
  const band = new Band(shape);
  for (const { window, value } of collected)
    if (value) band.add(window.place, windowBlocks(window.place, grain), value);
  return {
    version,
    model: ready.model.hash,
    tokens: count,
    size: shape.size,
    width: widthOf(shape),
    grain,
    values: encodeNumbers(band.values()),
    analysed: encodeBytes(band.analysed()),
    windows: collected.map(({ window, value }) => ({
      start: window.place.bounds[0],
      end: window.place.bounds[1],
      analysed: value !== undefined && value !== null,
      held: windows.has(contentFor(summary, window)),
    })),
    pending: pendingOf(collected),
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
