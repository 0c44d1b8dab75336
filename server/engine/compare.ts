/** How far two windows' attention is apart, without ever holding a whole map. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { Breathe } from './readers';
import type { HeadView, Kernel } from './kernel/kernel';
import type { AnalysedWindow } from './window';

/** Queries whose rows are in memory at once. */
const BAND = 64;

/**
 * Per layer and head, float32 [layer, head], the total variation distance of a row,
 * half the sum of absolute differences, mean over rows. Fails with `badRequest` where
 * the windows are not of one shape and `unknownWindow` where one is forgotten meanwhile.
 */
export async function compareWindows(
  kernel: Kernel,
  window: AnalysedWindow,
  other: AnalysedWindow,
  breathe: Breathe,
): Promise<Float32Array> {
  const { tokens, heads } = window;
  const layers = window.layers.length;
  if (other.tokens !== tokens || other.heads !== heads || other.layers.length !== layers) {
    throw new ChannelError(
      'badRequest',
      l10n.t('Only windows with as many tokens, layers and heads can be compared.'),
    );
  }
  const distances = new Float32Array(layers * heads);
  for (let at = 0; at < distances.length; at++) {
    await breathe();
    window.assertKept();
    other.assertKept();
    const [layer, head] = [Math.floor(at / heads), at % heads];
    const views = [window.view(layer, head, []), other.view(layer, head, [])] as const;
    distances[at] = totalVariation(kernel, views, tokens);
  }
  return distances;
}

/** Mean over all rows of half the sum of absolute differences. */
function totalVariation(
  kernel: Kernel,
  [left, right]: readonly [HeadView, HeadView],
  tokens: number,
): number {
  let sum = 0;
  for (let start = 0; start < tokens; start += BAND) {
    const queries = [start, Math.min(start + BAND, tokens)] as const;
    const band = { queries, keys: [0, tokens] } as const;
    const weights = kernel.sumBlocks([left], band, []);
    const others = kernel.sumBlocks([right], band, []);
    for (let at = 0; at < weights.length; at++) sum += Math.abs(weights[at]! - others[at]!);
  }
  return sum / 2 / tokens;
}
