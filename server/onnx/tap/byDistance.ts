/** Reads the rule off a table of what happens to each pair: masks and biases that depend on distance alone. */
import * as l10n from '@vscode/l10n';
import type { ScoreEffect, Unexplained } from './effect';

/** Which keys a query sees: those from `behind` tokens before it to `ahead` tokens after. */
export interface Reach {
  behind: number;
  ahead: number;
}

/** What is added at each distance, [head][key − query + longest]; NaN where no pair of that distance is seen. */
export interface DistanceBias {
  longest: number;
  perHead: readonly Float64Array[];
}

/** Rounding of biases in float32, and of those that are stored in float16. */
const TOLERANCE = 2e-3;

/** How far queries see; undefined in front of texts where distance does not decide. */
export function reachOf({ heads, queries, keys, hidden }: ScoreEffect): Reach | Unexplained {
  if (!hidden) return { behind: queries - 1, ahead: keys - 1 };
  if (queries !== keys) return byNoDistance();
  const seen = new Map<number, boolean>();
  for (let at = 0; at < hidden.length; at++) {
    const distance = (at % keys) - (Math.floor(at / keys) % queries);
    const visible = hidden[at] === 0;
    if ((seen.get(distance) ?? visible) !== visible) return byNoDistance();
    seen.set(distance, visible);
  }
  if (heads < 1 || !seen.get(0)) return byNoDistance();
  let [behind, ahead] = [0, 0];
  while (seen.get(-behind - 1)) behind++;
  while (seen.get(ahead + 1)) ahead++;
  const visible = [...seen.values()].filter(Boolean).length;
  return visible === behind + ahead + 1 ? { behind, ahead } : byNoDistance();
}

/** Null where nothing is added that changes a weight. */
export function biasOf(effect: ScoreEffect): DistanceBias | Unexplained | null {
  const { heads, queries, keys, bias, hidden, sinks } = effect;
  if (!bias) return null;
  if (queries !== keys) return byNoDistance();
  const longest = keys - 1;
  const as = (relative: boolean): readonly Float64Array[] | null =>
    profiles({ heads, keys, bias, hidden, relative });
  // Numbers that are the same along a row change no weight, unless a sink takes part.
  const perHead = as(false) ?? (sinks ? null : as(true));
  if (!perHead) return byNoDistance();
  const even = perHead.every((profile) => {
    const known = profile.filter((value) => !Number.isNaN(value));
    return known.every((value) => close(value, known[0]!));
  });
  return even && !sinks ? null : { longest, perHead };
}

/** Slopes [head] where the bias falls by as much with every token; null where it does not. */
export function slopesOf({ longest, perHead }: DistanceBias): number[] | null {
  const slopes: number[] = [];
  for (const profile of perHead) {
    const near = profile[longest]!;
    const slope = near - profile[longest - 1]!;
    const linear = profile.every(
      (value, at) => Number.isNaN(value) || close(value - near, -slope * Math.abs(at - longest)),
    );
    if (!linear) return null;
    slopes.push(slope);
  }
  return slopes;
}

/** From which distance on nothing changes any more; null where it still does near the longest. */
export function settledAt({ longest, perHead }: DistanceBias): number | null {
  let reach = longest;
  const same = (distance: number): boolean =>
    perHead.every((profile) =>
      [-1, 1].every((side) => {
        const [a, b] = [
          profile[longest + side * distance]!,
          profile[longest + side * (distance - 1)]!,
        ];
        return Number.isNaN(a) || a === b;
      }),
    );
  while (reach > 1 && same(reach)) reach--;
  return reach <= 0.9 * longest ? reach : null;
}

interface Pairs {
  heads: number;
  keys: number;
  bias: Float64Array;
  hidden: Uint8Array | undefined;
  /** Less what each row has at distance 0. */
  relative: boolean;
}

/** Null where pairs of the same distance differ. */
function profiles({ heads, keys, bias, hidden, relative }: Pairs): readonly Float64Array[] | null {
  const result: Float64Array[] = [];
  for (let head = 0; head < heads; head++) {
    const profile = new Float64Array(2 * keys - 1).fill(NaN);
    for (let query = 0; query < keys; query++) {
      const row = (head * keys + query) * keys;
      const base = relative ? bias[row + query]! : 0;
      for (let key = 0; key < keys; key++) {
        if (hidden?.[row + key]) continue;
        const value = bias[row + key]! - base;
        const at = key - query + keys - 1;
        if (Number.isNaN(profile[at]!)) profile[at] = value;
        else if (!close(profile[at]!, value)) return null;
      }
    }
    result.push(profile);
  }
  return result;
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * Math.max(1e-3, Math.abs(a), Math.abs(b)) + 1e-6;
}

function byNoDistance(): Unexplained {
  return { reason: l10n.t('its mask or bias does not follow from the distance of two tokens') };
}
