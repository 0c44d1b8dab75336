/** The Chapter model's positional encoding as a model tells it. */
import type { PositionScheme } from '../protocol';
import { SINUSOIDAL_BASE } from '../positional/sinusoidal';
import type { ChapterSettings } from './controls';
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
    case 'rope':
      if (!chapterRope(settings, width / heads)) return { kind: 'none' };
      return {
        kind: 'rope',
        base: SINUSOIDAL_BASE,
        pairing: CHAPTER_ROPE_PAIRING,
        dimensions: width / heads,
      };
    case 'alibi': {
      const slopes = chapterSlopes(settings);
      return slopes ? { kind: 'alibi', slopes: [...slopes] } : { kind: 'none' };
    }
  }
}
