/** The Chapter model's positional encoding as a model tells it. */
import type { PositionScheme } from '../protocol';
import { SINUSOIDAL_BASE } from '../positional/sinusoidal';
import type { ChapterSettings } from './controls';
import type { NumberDocument } from './numberDocument';
import { CHAPTER_ROPE_PAIRING, chapterRope, chapterSlopes, embeddingScale } from './encoding';

/**
 * The scheme with its numbers. `none` also where the wiring `diagram` keeps RoPE or
 * ALiBi from doing anything.
 */
export function chapterScheme(settings: ChapterSettings, width: number): PositionScheme {
  const { encoding, scale, scaleVariant, heads } = settings;
  switch (encoding) {
    case 'none':
      return { kind: 'none' };
    case 'sinusoidal':
      return { kind: 'sinusoidal', base: SINUSOIDAL_BASE, scale, scaleVariant };
    case 'learned':
      return { kind: 'learned', factor: embeddingScale(width), scale, scaleVariant };
    case 'rope': {
      const rule = chapterRope(settings, width / heads);
      return rule ? { kind: 'rope', pairing: CHAPTER_ROPE_PAIRING, ...rule } : { kind: 'none' };
    }
    case 'alibi': {
      const slopes = chapterSlopes(settings);
      return slopes ? { kind: 'alibi', slopes: [...slopes] } : { kind: 'none' };
    }
  }
}

/** The scheme of a document of numbers; `learned` for an encoding given as a list. */
export function numberScheme({ settings, width, encodingRow }: NumberDocument): PositionScheme {
  if (!encodingRow) return chapterScheme(settings, width);
  const { scale, scaleVariant } = settings;
  return { kind: 'learned', given: true, scale, scaleVariant };
}
