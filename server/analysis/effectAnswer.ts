/** How much a change of position moves each head. */
import type { PositionEffectParams, PositionEffectResult } from '../protocol';
import { about, contentOf, type Question } from './answer';
import { encodeNumbers } from './numbers';

export function positionEffectQuestion(
  { encoding }: PositionEffectParams,
  signal: AbortSignal,
): Question<PositionEffectResult> {
  return (subject) => {
    const { layers, heads } = subject.model;
    const contents = [contentOf(subject, null), contentOf(subject, encoding)];
    const answer = async ([window = '', other = '']: string[]): Promise<PositionEffectResult> => {
      const { engine } = subject.ready;
      const { totalVariation } = await engine.compare({ window, other }, { signal });
      return { ...about(subject), layers, heads, totalVariation: encodeNumbers(totalVariation) };
    };
    return { contents, answer };
  };
}
