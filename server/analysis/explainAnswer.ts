/** How one weight comes about, with the row's strongest others and what position has to do with it. */
import type { ExplainAnswer } from '../engine/protocol';
import type { PositionInputs } from '../positional/positionChanges';
import type { ExplainParams, ExplainResult } from '../protocol';
import { about, contentOf, keySide, type Question, type Subject } from './answer';
import { changedPositions } from './encodingChange';
import { encodeNumbers } from './numbers';
import { beforeTurning, ropeOf } from './ropeOf';
import { checkPair, closedShare, limitsOf, type Share } from './shareAnswer';

/** How many of the row's weights are told unless somebody asks for more. */
const STRONGEST = 8;

export function explainQuestion(
  params: ExplainParams,
  signal: AbortSignal,
): Question<ExplainResult> {
  return (subject) => {
    checkPair(params, subject);
    const { layer, head, query, key, encoding = null } = params;
    const inputs = changedPositions(encoding, subject.window, subject.model);
    // The share is one of the model as trained, and a hidden key has no score to share out.
    const hidden = isHidden(subject, params);
    const share =
      encoding || hidden || subject.source ? null : closedShare(subject, params, signal);
    return {
      contents: [contentOf(subject, encoding), ...(share?.contents ?? [])],
      answer: async ([window = '', ...held]) => {
        const { engine } = subject.ready;
        const [answer, estimate] = await Promise.all([
          engine.explain({ window, layer, head, query, key }, { signal }),
          share?.answer(held),
        ]);
        const strongest = strongestOf(answer, params.strongest ?? STRONGEST);
        const position = { ...unturned(subject, answer, params, inputs), ...estimated(estimate) };
        const keyPositions = changedPositions(encoding, keySide(subject).window, subject.model);
        return {
          ...about(subject),
          ...written(answer, key),
          strongest,
          positions: [inputs.positionIds[query] ?? 0, keyPositions.positionIds[key] ?? 0],
          ...(Object.keys(position).length > 0 ? { position } : {}),
        };
      },
    };
  };
}

function isHidden(
  { model }: Subject,
  { layer, query, key }: Pick<ExplainParams, 'layer' | 'query' | 'key'>,
): boolean {
  const window = model.windows?.[layer] ?? Infinity;
  return (model.causal && key > query) || Math.abs(key - query) > window;
}

function written(
  { query, key, additive, products, scores, heads, cap, sink, ...numbers }: ExplainAnswer,
  keyToken: number,
): Omit<ExplainResult, 'version' | 'window' | 'model' | 'strongest' | 'positions'> {
  return {
    ...numbers,
    ...(cap === null ? {} : { cap }),
    ...(sink === null ? {} : { sink }),
    query: encodeNumbers(query),
    key: encodeNumbers(key),
    additive: additive && encodeNumbers(additive),
    products: encodeNumbers(Float32Array.from(products)),
    heads: encodeNumbers(heads),
    score: numbers.masked ? null : scores[keyToken]!,
    visible: scores.filter(Number.isFinite).length,
  };
}

function strongestOf(
  { scores, logSumExp }: ExplainAnswer,
  count: number,
): ExplainResult['strongest'] {
  return Array.from(scores, (score, key) => ({ key, score, weight: Math.exp(score - logSumExp) }))
    .filter(({ score }) => Number.isFinite(score))
    .sort((one, other) => other.score - one.score || one.key - other.key)
    .slice(0, count);
}

/** RoPE: query and key before they were turned; nothing where they were not. */
function unturned(
  subject: Subject,
  answer: ExplainAnswer,
  { layer, query, key }: Pick<ExplainParams, 'layer' | 'query' | 'key'>,
  inputs: PositionInputs,
): { query?: string; key?: string } {
  const { positionIds, positionScale } = inputs;
  const rotation = ropeOf(subject, layer, inputs);
  if (!rotation) return {};
  const before = (vector: Float32Array, token: number): string =>
    encodeNumbers(beforeTurning(vector, (positionIds[token] ?? 0) * positionScale, rotation));
  return { query: before(answer.query, query), key: before(answer.key, key) };
}

function estimated(
  share: Share | undefined,
): Pick<NonNullable<ExplainResult['position']>, 'estimate'> {
  if (!share) return {};
  const { method, of, position, content } = share;
  return { estimate: { method, of, position, content, limits: limitsOf(method) } };
}
