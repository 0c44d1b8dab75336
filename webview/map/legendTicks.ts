import type { WeightScale } from '../color/scale';
import { percentTick } from '../format';

/** CSS pixels, where there is room. */
export const LEGEND_WIDTH = 240;
/** Room for one tick's number. */
const TICK_WIDTH = 44;

/** Both ends and what fits between them; `at` is a share of the legend's length. */
export function legendTicks(
  scale: WeightScale,
  text: (value: number) => string = percentTick,
  width = LEGEND_WIDTH,
): { at: number; text: string; end: '' | 'first' | 'last' }[] {
  const room = TICK_WIDTH / width;
  const first = scale.floor > 0 ? `≤ ${text(scale.floor)}` : text(scale.min ?? 0);
  const ends = [
    { at: 0, text: first, end: 'first' as const },
    { at: 1, text: text(scale.max), end: 'last' as const },
  ];
  const between = scale
    .ticks(scale.kind === 'log' ? 6 : 4)
    .map((value) => ({ at: scale.position(value), text: text(value), end: '' as const }))
    .filter(({ at }) => at > room * 1.6 && at < 1 - room * 1.5);
  const kept = between.filter(
    ({ at }, index) => index === 0 || at - (between[index - 1]?.at ?? 0) >= room,
  );
  return [ends[0]!, ...kept, ends[1]!];
}
