/** The positional encoding stage of the Chapter model. */
import * as l10n from '@vscode/l10n';
import { alibiBias, alibiSlopes } from '../positional/alibi';
import { scaledSinusoidalTable, scaleEncoding } from '../positional/encodingScale';
import type { RopeRule } from '../positional/ropeChange';
import { SINUSOIDAL_BASE } from '../positional/sinusoidal';
import { ChapterError } from './chapterError';
import { isAdditive, type ChapterSettings } from './controls';

/** Nothing of it is trained: what YaRN takes for the trained length is the bundled model's. */
const TRAINED_LENGTH = 512;

/** Columns j and j + headSize/2 of a head turn together, as in GPT-NeoX and Llama. */
export const CHAPTER_ROPE_PAIRING = 'halfSplit';

/** What token vectors are multiplied by, √width (Vaswani et al. 2017, §3.4). */
export function embeddingScale(width: number): number {
  return Math.sqrt(width);
}

/**
 * The table of what is added to the input at positions 0 … positions − 1, row-major
 * [position, width], scale factor included.
 *
 * `learned` takes the rows of the bundled model's table times √width, like the token
 * vectors, so that the two keep the proportion they were trained in; the chapter's
 * variant, which doubles the width, takes the first half of their columns. The
 * encodings that add nothing (none, RoPE, ALiBi) give zeros.
 * @param learned the bundled model's table, [position, width]; needed for `learned` alone
 */
export function additiveTable(
  settings: ChapterSettings,
  positions: number,
  width: number,
  learned: ArrayLike<number> | null,
): Float64Array {
  if (!isAdditive(settings.encoding)) return new Float64Array(positions * width);
  const { scale, scaleVariant } = settings;
  if (settings.encoding === 'sinusoidal') {
    return scaledSinusoidalTable(positions, width, scale, scaleVariant);
  }
  const table = new Float64Array(positions * width);
  const columns = scaleVariant === 'chapter' ? width / 2 : width;
  for (let position = 0; position < positions; position++) {
    const row = learnedRow(learned, position, width, columns);
    table.set(scaleEncoding(row, scale, scaleVariant), position * width);
  }
  return table;
}

/** What turns q and k, or null where nothing does. In the wiring `diagram` attention sees no position. */
export function chapterRope(settings: ChapterSettings, headSize: number): RopeRule | null {
  if (settings.encoding !== 'rope' || settings.wiring === 'diagram') return null;
  return {
    dimensions: headSize,
    base: SINUSOIDAL_BASE,
    scaling: { kind: 'default' },
    trainedLength: TRAINED_LENGTH,
  };
}

/** ALiBi's slopes, [head], or null where scores get no bias. */
export function chapterSlopes(settings: ChapterSettings): Float64Array | null {
  if (settings.encoding !== 'alibi' || settings.wiring === 'diagram') return null;
  return alibiSlopes(settings.heads);
}

/** ALiBi's biases of all pairs, row-major [head, query, key]. */
export function slopeBias(slopes: Float64Array, positions: ArrayLike<number>): Float64Array {
  const tokens = positions.length;
  return Float64Array.from({ length: slopes.length * tokens * tokens }, (_, cell) => {
    const query = positions[Math.floor(cell / tokens) % tokens]!;
    return alibiBias(slopes[Math.floor(cell / tokens / tokens)]!, query, positions[cell % tokens]!);
  });
}

function learnedRow(
  learned: ArrayLike<number> | null,
  position: number,
  width: number,
  columns: number,
): Float64Array {
  if (!learned || learned.length < (position + 1) * width) {
    throw new ChapterError(
      'settings',
      l10n.t(
        'The learned encoding needs a table with position {0}; choose another encoding here.',
        position,
      ),
    );
  }
  const factor = embeddingScale(width);
  return Float64Array.from(
    { length: columns },
    (_, column) => learned[position * width + column]! * factor,
  );
}
