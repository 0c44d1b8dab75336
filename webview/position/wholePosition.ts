import type { HostSide, PanelPosition } from '../protocol';
import type { HostChannel } from '../session/hostChannel';

type Ask = Omit<HostSide['methods']['position']['params'], 'positions'>;

/**
 * The encoding of all tokens of the window: one answer holds only so many rows, the others are
 * asked for after it. The first has the similarity of all rows.
 */
export async function wholePosition(
  channel: HostChannel,
  ask: Ask,
  signal: AbortSignal,
): Promise<PanelPosition> {
  const first = await channel.request('position', ask, { signal });
  const parts = [first];
  const size = first.positions[1] - first.positions[0];
  if (first.matrix && size > 0)
    for (let start = first.positions[1]; start < first.total; start += size) {
      const positions: [number, number] = [start, Math.min(first.total, start + size)];
      parts.push(await channel.request('position', { ...ask, positions }, { signal }));
    }
  return joined(first, parts);
}

function joined(first: PanelPosition, parts: readonly PanelPosition[]): PanelPosition {
  if (parts.length === 1) return first;
  const matrix = new Float32Array(parts.reduce((sum, part) => sum + (part.matrix?.length ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    if (part.matrix) matrix.set(part.matrix, at);
    at += part.matrix?.length ?? 0;
  }
  return {
    ...first,
    positions: [first.positions[0], parts.at(-1)?.positions[1] ?? first.positions[1]],
    positionIds: parts.flatMap(({ positionIds }) => positionIds),
    matrix,
  };
}
