/** Windows that come with their queries, keys and values instead of a pass. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import { nonFiniteHead } from './activations';
import { inOrder, layerShape } from './layerShape';
import type { LayerShape } from './kernel/kernel';
import type { GiveParams } from './protocol';

/** The shape of a given window's layers; fails with `badRequest` where it contradicts itself or its tensors. */
export function givenShape(params: GiveParams): LayerShape {
  const { tokens, heads, keyValueHeads, headSize, score, layers } = params;
  const sizes = [tokens, heads, keyValueHeads, headSize];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0) || heads % keyValueHeads !== 0) {
    throw contradiction();
  }
  const order = inOrder(tokens);
  const placement = {
    positions: params.positions ?? order.positions,
    positionScale: params.positionScale ?? order.positionScale,
    ...(params.slopes ? { slopes: params.slopes } : {}),
  };
  const fits =
    layers.length > 0 &&
    placement.positions.length === tokens &&
    (score.kind !== 'additive' || score.v.length === headSize) &&
    (score.bias.alibi?.slopes.length ?? heads) === heads &&
    (!params.slopes || params.slopes.length === heads);
  if (!fits) throw contradiction();
  for (const { query, key, value } of layers) {
    checkTensor(query, heads, tokens * headSize);
    checkTensor(key, keyValueHeads, tokens * headSize);
    checkTensor(value, keyValueHeads, tokens * headSize);
  }
  return layerShape({ heads, keyValueHeads, headSize, tokens }, score, placement);
}

function checkTensor(values: Float32Array, heads: number, perHead: number): void {
  if (values.length !== heads * perHead) throw contradiction();
  if (nonFiniteHead(values, heads) < 0) return;
  throw new ChannelError(
    'badRequest',
    l10n.t('The given queries, keys and values must be numbers.'),
  );
}

function contradiction(): ChannelError {
  return new ChannelError(
    'badRequest',
    l10n.t('The given queries, keys and values do not have the shape that is said of them.'),
  );
}
