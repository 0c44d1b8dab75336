/** Position or content for a weight of any model whose rule for position has a closed form. */
import * as l10n from '@vscode/l10n';
import type { ExplainAnswer } from '../engine/protocol';
import { scoreOf, type ScoreRule } from '../models/manifest';
import { averageVector, ropeScoreAtDistance } from '../positional/positionShare';
import { unrotate } from '../positional/ropeRotation';
import { contentOf, type Plan, type Subject } from './answer';
import { InvalidParams } from './errors';
import { ropeOf, type Rotation } from './ropeOf';
import type { Pair, Share } from './shareAnswer';

/** Null where only shuffling tells. */
export function ruleShare(subject: Subject, pair: Pair, signal: AbortSignal): Plan<Share> | null {
  const rule = scoreOf(subject.ready.manifest, pair.layer);
  const { alibi, relative } = rule.bias;
  const rotation = ropeOf(subject, pair.layer, {});
  if (!alibi && !relative && !rotation) return null;
  const { engine } = subject.ready;
  return {
    contents: [contentOf(subject, null)],
    answer: async ([window = '']) => {
      const explained = await engine.explain({ window, ...pair }, { signal });
      const score = explained.scores[pair.key] ?? NaN;
      if (explained.masked) throw hidden();
      const position = rotation
        ? await turnedScore(subject, pair, { rule, rotation, window }, signal)
        : explained.bias;
      return shareOf(explained, { score, position, method: methodOf(rule, rotation) });
    },
  };
}

function methodOf({ bias }: ScoreRule, rotation: Rotation | null): Share['method'] {
  if (rotation) return 'ropeAveragedContent';
  return bias.alibi ? 'alibiBias' : 'relativeBias';
}

function shareOf(
  { weight }: ExplainAnswer,
  { score, position, method }: { score: number; position: number; method: Share['method'] },
): Share {
  return { method, of: 'score', weight, position, content: score - position };
}

/** The score that the window's average query and key would have at the distance of the pair. */
async function turnedScore(
  { ready }: Subject,
  { layer, head, query, key }: Pair,
  { rule, rotation, window }: { rule: ScoreRule; rotation: Rotation; window: string },
  signal: AbortSignal,
): Promise<number> {
  const vectors = await ready.engine.headVectors({ window, layer, head }, { signal });
  const { headSize } = ready.manifest;
  const { rope, pairing } = rotation;
  const average = (turned: Float32Array): Float64Array => {
    const positions = Array.from({ length: turned.length / headSize }, (_, token) => token);
    return averageVector(unrotate(turned, headSize, positions, rope, pairing), headSize);
  };
  const [queries, keys] = [average(vectors.query), average(vectors.key)];
  const scale = rule.kind === 'additive' ? 1 : rule.scale;
  const scaled = ropeScoreAtDistance(queries, keys, key - query, rope, pairing, scale);
  return rule.kind === 'softcappedDot' ? rule.cap * Math.tanh(scaled / rule.cap) : scaled;
}

function hidden(): InvalidParams {
  return new InvalidParams(
    'key',
    l10n.t('"key" is hidden from "query" by the mask: there is no score to share out.'),
  );
}
