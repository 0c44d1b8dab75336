/** A document of numbers run through the chapter's pipeline. */
import * as l10n from '@vscode/l10n';
import type { PositionInputs } from '../positional/positionChanges';
import { ChapterError } from './chapterError';
import type { NumberDocument } from './numberDocument';
import { runChapter, type ChapterTensors } from './pipeline';
import type { ChapterSettings } from './controls';
import { chapterWeights } from './weights';

/**
 * All tensors for the numbers, under the document's own settings or others (then with
 * as many heads as divide its width), each number at its own position or at another.
 * Throws PositionError where the encoding does not go with the width.
 */
export function runNumberDocument(
  document: NumberDocument,
  settings: ChapterSettings = document.settings,
  { positionIds, positionScale, rope, slopes }: PositionInputs = inOrder(document),
): ChapterTensors {
  const { width, tokens, encodingRow } = document;
  const spread = (numbers: ArrayLike<number>) => repeat(numbers, width);
  const optional = (numbers: Float64Array | null) => (numbers ? spread(numbers) : undefined);
  return runChapter(
    {
      vectors: spread(tokens.map(({ value }) => value)),
      width,
      positions: positionIds,
      positionScale,
      rope,
      slopes,
      learned: null,
      givenEncoding: optional(
        encodingRow && givenRows(encodingRow, positionIds, positionScale * settings.scale),
      ),
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

/**
 * Refuses numbers whose queries, keys, values, scores or output leave what 32-bit
 * floating point holds. Throws ChapterError `numbers`.
 */
export function requireComputable(tensors: ChapterTensors): void {
  const { query, key, value, scaled, weights, output } = tensors;
  const holds = (number: number): boolean => Number.isFinite(Math.fround(number));
  const visible = scaled.filter((score) => score !== -Infinity);
  if ([query, key, value, visible, weights, output].every((tensor) => tensor.every(holds))) return;
  throw new ChapterError(
    'numbers',
    l10n.t('These numbers are too large to be computed with; write smaller ones.'),
  );
}

function inOrder({ tokens }: NumberDocument): PositionInputs {
  return { positionIds: Int32Array.from(tokens.keys()), positionScale: 1 };
}

/** What a given encoding adds at positions, [token]. */
function givenRows(encoding: Float64Array, positionIds: Int32Array, scale: number): Float64Array {
  return Float64Array.from(positionIds, (position) => encoding[position]! * scale);
}

/** Each number in `width` places, [number, width]. */
function repeat(numbers: ArrayLike<number>, width: number): Float64Array {
  return Float64Array.from(
    { length: numbers.length * width },
    (_, cell) => numbers[Math.floor(cell / width)]!,
  );
}
