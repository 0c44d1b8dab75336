/** Nine terms for a weight of the first layer, where position is added to embeddings. */
import { scoreOf } from '../models/manifest';
import { groupTerms, nineTerms, projectParts } from '../positional/nineTerms';
import { askOne, contentOf, type Plan, type Subject } from './answer';
import type { Pair, Share } from './shareAnswer';

/** The two tokens as the engine is asked about them: the query first. */
const [QUERY, KEY] = [0, 1];

export function firstLayerShare(subject: Subject, pair: Pair, signal: AbortSignal): Plan<Share> {
  const { ready, window } = subject;
  const { engine, manifest } = ready;
  const { head, query, key } = pair;
  const ids = Int32Array.of(window.ids[query] ?? 0, window.ids[key] ?? 0);
  const asked = { ids, positions: Int32Array.of(query, key), positionScale: 1, head };
  const rule = scoreOf(manifest, 0);
  const scale = rule.kind === 'dot' ? rule.scale : 1;
  return askOne(contentOf(subject, null), async (held) => {
    const row = { window: held, layer: 0, head, reading: 'raw' as const, token: query };
    const [layer, { weights }] = await Promise.all([
      engine.firstLayer(asked, { signal }),
      engine.row(row, { signal }),
    ]);
    const width = layer.constant.length;
    const parts = (projection: typeof layer.query) =>
      projectParts(layer, width, layer.norm, projection);
    const terms = nineTerms(
      parts(layer.query),
      parts(layer.key),
      QUERY,
      KEY,
      layer.query.bias.length,
    );
    return nineTermsShare(terms, scale, weights[key] ?? 0);
  });
}

/** The share that nine terms of q·k make, in units of the score = q·k · scale. */
export function nineTermsShare(terms: Float64Array, scale: number, weight: number): Share {
  const dot = terms.reduce((sum, term) => sum + term, 0);
  const position = groupTerms(terms).position * scale;
  return {
    method: 'nineTerms',
    of: 'score',
    weight,
    position,
    content: dot * scale - position,
    terms: [...terms],
    dot,
    scale,
  };
}
