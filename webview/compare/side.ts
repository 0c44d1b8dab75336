import { ChannelError } from '../../channel/channel';
import type { AlignmentKeys } from '../../server/analysis/alignment';
import type { Selection } from '../../server/protocol';
import { TILE_SIDE } from '../map/tiles';
import type { HostChannel } from '../session/hostChannel';
import { unitsOf, type Units } from '../session/units';
import { t } from '../text';
import type { ComparedText, PanelComparedTokens } from './protocol';

/** Numbers of one map that are taken into memory, 64 MB as float32. */
const MOST_VALUES = 2 ** 24;

/** One side's tokens (or words) and all weights of its window. */
export interface SideNumbers {
  tokens: PanelComparedTokens;
  selection: Selection;
  units: Units;
  /** [unit]: the same key is the same unit. */
  keys: AlignmentKeys;
  /** float32 [query, key] of units */
  weights: Float32Array;
}

export interface SideRequest {
  generation: number;
  text: ComparedText;
  selection: Selection;
}

/**
 * Asks for the numbers of a side, in parts that fit into one answer each; `progress` hears 0 … 1.
 * Rejects with `ChannelError`: `tooLarge`, `stale` when a text changes meanwhile, `cancelled`.
 */
export async function readSide(
  channel: HostChannel,
  { generation, text, selection }: SideRequest,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<SideNumbers> {
  const tokens = await channel.request('comparedTokens', { generation, text }, { signal });
  const units = unitsOf(tokens, selection.merge);
  const count = units.texts.length;
  if (count ** 2 > MOST_VALUES)
    throw new ChannelError(
      'tooLarge',
      t(
        '{0} tokens are too many to be compared at once; merge words, or choose a model with shorter windows.',
        count,
      ),
    );
  const weights = new Float32Array(count ** 2);
  const parts = spans(count).flatMap((queries) => spans(count).map((keys) => ({ queries, keys })));
  for (const [done, part] of parts.entries()) {
    const asked = { generation, text, version: tokens.version, selection, ...part };
    const { rows, columns, values } = await channel.request('comparedRegion', asked, { signal });
    for (let row = 0; row < rows; row++)
      weights.set(
        values.subarray(row * columns, (row + 1) * columns),
        (part.queries[0] + row) * count + part.keys[0],
      );
    progress((done + 1) / parts.length);
  }
  return { tokens, selection, units, keys: keysOfUnits(tokens, units), weights };
}

/** Of words, what all their pieces are. */
function keysOfUnits({ keys }: PanelComparedTokens, units: Units): AlignmentKeys {
  if (units.merge === 'tokens') return keys;
  return units.texts.map((_, unit) => keys.slice(...units.tokensOf(unit)).join('\n'));
}

function spans(count: number): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < count; at += TILE_SIDE) found.push([at, Math.min(count, at + TILE_SIDE)]);
  return found;
}
