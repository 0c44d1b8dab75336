/** The queries and keys of one head, as they enter QKᵀ. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { HeadVectorsAnswer, HeadVectorsParams } from './protocol';
import type { AnalysedWindow } from './window';

/** Fails with `badRequest` for a head that is not there, `unknownWindow` for a window that is gone. */
export function headVectors(
  window: AnalysedWindow,
  { layer, head }: Omit<HeadVectorsParams, 'window'>,
): HeadVectorsAnswer {
  window.assertKept();
  const stored = window.layer(layer);
  const { heads, headSize } = stored.shape;
  if (!Number.isInteger(head) || head < 0 || head >= heads)
    throw new ChannelError('badRequest', l10n.t('Layer {0} has no head {1}.', layer, head));
  const query = new Float32Array(window.tokens * headSize);
  const key = new Float32Array(window.keys * headSize);
  for (let token = 0; token < window.tokens; token++)
    query.set(stored.queryVector(head, token), token * headSize);
  for (let token = 0; token < window.keys; token++)
    key.set(stored.keyVector(head, token), token * headSize);
  return { query, key };
}
