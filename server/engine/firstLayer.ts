/** What the first layer's queries and keys are made of, read from the weights. */
import * as l10n from '@vscode/l10n';
import { ChannelError } from '../../channel/channel';
import type { EmbeddingNames, LinearNames, ModelManifest } from '../models/manifest';
import type { FirstLayerAnswer, FirstLayerParams, PositionTableAnswer } from './protocol';
import type { WeightTensors } from './weightTensors';

/** The learned position table; fails with `notInThisModel` where the model has none. */
export function positionTable(
  manifest: ModelManifest,
  weights: WeightTensors,
): PositionTableAnswer {
  const { shape, values } = weights.tensor(tableOf(manifest));
  const [rows = 0, width = 0] = shape;
  const offset = offsetOf(manifest);
  return { positions: rows - offset, width, table: values.slice(offset * width) };
}

/**
 * Embeddings of some tokens in parts, and one head's projections. Fails with
 * `notInThisModel` where position is not added to embeddings, and `badRequest` for an
 * id, a position or a head that the model does not have.
 */
export function firstLayer(
  manifest: ModelManifest,
  weights: WeightTensors,
  { ids, positions, positionScale, head }: FirstLayerParams,
): FirstLayerAnswer {
  const names = embeddingOf(manifest);
  if (ids.length !== positions.length || !Number.isFinite(positionScale)) {
    throw new ChannelError(
      'badRequest',
      l10n.t('There must be one position for each token, and a scale that is a number.'),
    );
  }
  if (!Number.isInteger(head) || head < 0 || head >= manifest.heads) {
    throw new ChannelError(
      'badRequest',
      l10n.t('This model has {0} heads, so there is no {1}.', manifest.heads, head),
    );
  }
  const { width } = manifest;
  return {
    content: weights.rows(names.words, ids),
    position: weights
      .rows(
        tableOf(manifest),
        positions.map((position) => position + offsetOf(manifest)),
      )
      .map((value) => value * positionScale),
    constant: names.constant ? weights.rows(names.constant, [0]) : new Float32Array(width),
    norm: normOf(names, weights),
    query: projection(names.query, manifest, weights, head),
    key: projection(names.key, manifest, weights, keyHeadOf(manifest, head)),
  };
}

function keyHeadOf({ heads, keyValueHeads }: ModelManifest, head: number): number {
  return Math.floor((head * keyValueHeads) / heads);
}

function normOf({ norm }: EmbeddingNames, weights: WeightTensors): FirstLayerAnswer['norm'] {
  if (!norm) return null;
  return {
    gain: weights.tensor(norm.gain).values,
    bias: weights.tensor(norm.bias).values,
    epsilon: norm.epsilon,
  };
}

function projection(
  { weight, bias }: LinearNames,
  { headSize }: ModelManifest,
  weights: WeightTensors,
  head: number,
): { weight: Float32Array; bias: Float32Array } {
  const rows = Array.from({ length: headSize }, (_, at) => head * headSize + at);
  return { weight: weights.rows(weight, rows), bias: weights.rows(bias, rows) };
}

function offsetOf({ positionOffset = 0 }: ModelManifest): number {
  return positionOffset;
}

function tableOf(manifest: ModelManifest): string {
  return manifest.positionTable ?? noTable(manifest);
}

function embeddingOf(manifest: ModelManifest): EmbeddingNames {
  return manifest.embedding ?? noTable(manifest);
}

function noTable({ position }: ModelManifest): never {
  if (position.kind === 'learned')
    throw new ChannelError(
      'notInThisModel',
      l10n.t(
        'This model’s table of positions is stored in a form whose numbers are not read, such as a quantised one, so there is nothing to draw; attention is not affected.',
      ),
    );
  throw new ChannelError(
    'notInThisModel',
    l10n.t(
      'This model adds no learned position table to its embeddings (its scheme is "{0}").',
      position.kind,
    ),
  );
}
