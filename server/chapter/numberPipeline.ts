/** A document of numbers run through the chapter's pipeline. */
import type { NumberDocument } from './numberDocument';
import { runChapter, type ChapterTensors } from './pipeline';
import type { ChapterSettings } from './controls';
import { chapterWeights } from './weights';

/**
 * All tensors for the numbers, under the document's own settings or others (then with
 * as many heads as divide its width). Throws PositionError where the encoding does
 * not go with the width.
 */
export function runNumberDocument(
  document: NumberDocument,
  settings: ChapterSettings = document.settings,
): ChapterTensors {
  const { width, tokens } = document;
  const spread = (numbers: ArrayLike<number>) => repeat(numbers, width);
  const optional = (numbers: Float64Array | null) => (numbers ? spread(numbers) : undefined);
  return runChapter(
    {
      vectors: spread(tokens.map(({ value }) => value)),
      width,
      positions: tokens.map((_, index) => index),
      positionScale: 1,
      learned: null,
      givenEncoding: optional(document.encodingRow),
      given: {
        query: optional(document.queries),
        key: optional(document.keys),
        value: optional(document.values),
      },
      keyWidth: document.keyWidth ?? undefined,
    },
    settings,
    chapterWeights(width),
  );
}

/** Each number in `width` places, [number, width]. */
function repeat(numbers: ArrayLike<number>, width: number): Float64Array {
  return Float64Array.from(
    { length: numbers.length * width },
    (_, cell) => numbers[Math.floor(cell / width)]!,
  );
}
