/** Whether what is asked about a window lies inside it. All of it fails with `badRequest`. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { Groups } from './groups';
import type { RegionParams, RowParams } from './protocol';

/** The tokens that a row or column is asked for: one, or those up to `end`. */
export function askedTokens(
  { token, end = token + 1 }: Pick<RowParams, 'token' | 'end'>,
  tokens: number,
): [start: number, end: number] {
  if (isSpan([token, end], tokens)) return [token, end];
  throw new ChannelError(
    'badRequest',
    l10n.t('The window has {0} tokens, so there is no {1}.', tokens, token),
  );
}

/** A region counts groups. */
export function checkRegion(
  params: Omit<RegionParams, 'window'>,
  queries: Groups,
  keys: Groups = queries,
): void {
  const sides = [
    [params.queries, queries],
    [params.keys, keys],
  ] as const;
  for (const [span, { count }] of sides) {
    if (isSpan(span, count)) continue;
    throw new ChannelError(
      'badRequest',
      l10n.t('A region from {0} to {1} is not inside the window’s {2} tokens.', ...span, count),
    );
  }
  checkSize('rows', params.rows, params.queries[1] - params.queries[0]);
  checkSize('columns', params.columns, params.keys[1] - params.keys[0]);
}

export function checkSize(name: string, size: number, most: number): void {
  if (Number.isInteger(size) && size >= 1 && size <= most) return;
  throw new ChannelError('badRequest', l10n.t('"{0}" must be between 1 and {1}.', name, most));
}

function isSpan([start, end]: readonly [number, number], count: number): boolean {
  return (
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= count
  );
}
