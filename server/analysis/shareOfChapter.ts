/** Position or content for a weight of the Chapter model, in closed form where there is one. */
import * as l10n from '@vscode/l10n';
import type { ChapterTensorName } from '../chapter/model';
import { CHAPTER_ROPE_PAIRING, chapterRope, chapterSlopes } from '../chapter/encoding';
import { runNumberDocument } from '../chapter/numberPipeline';
import type { NumberDocument } from '../chapter/numberDocument';
import { isAdditive } from '../chapter/controls';
import { scoreDivisor } from '../chapter/similarity';
import { alibiBias } from '../positional/alibi';
import { seededGenerator, shuffled } from '../positional/generator';
import { nineTerms, type PartVectors } from '../positional/nineTerms';
import { averageVector, ropeScoreAtDistance } from '../positional/positionShare';
import { trainedRope } from '../positional/ropeChange';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import { unrotate } from '../positional/ropeRotation';
import type { Plan, Subject } from './answer';
import { chapterWindow, type ChapterSlice, type ChapterWindow } from './chapterSlices';
import { InvalidParams } from './errors';
import type { Pair, Share } from './shareAnswer';
import { nineTermsShare } from './shareOfFirstLayer';
import { baseline, SHUFFLES } from './shareOfShuffles';

/** Reads what a method needs, given the engine's name of the window. */
interface Reader {
  slice: (tensor: ChapterTensorName, token: number | null) => Promise<ChapterSlice>;
  score: number;
  weight: number;
}

type Method = (reader: Reader) => Promise<Share>;

/** null where only shuffling tells. */
export function chapterShare(
  subject: Subject,
  pair: Pair,
  signal: AbortSignal,
): Plan<Share> | null {
  const chapter = chapterWindow(subject, null);
  const method = methodFor(subject, pair, chapter);
  if (!method) return null;
  return {
    contents: chapter.contents,
    answer: async ([held]) => {
      const slice = async (tensor: ChapterTensorName, token: number | null) =>
        (await chapter.slices(held, [{ tensor, token }], signal))[0] ?? { shape: [], values: [] };
      const at = async (tensor: ChapterTensorName): Promise<number> => {
        const { shape, values } = await slice(tensor, pair.query);
        return values[pair.head * (shape[1] ?? 0) + pair.key] ?? 0;
      };
      const score = await at('scaled');
      if (!Number.isFinite(score))
        throw new InvalidParams(
          'key',
          l10n.t('"key" is hidden from "query" by the mask: there is no score to share out.'),
        );
      return method({ slice, score, weight: await at('weights') });
    },
  };
}

/** Undefined where only shuffling tells. */
function methodFor(subject: Subject, pair: Pair, chapter: ChapterWindow): Method | undefined {
  const { settings } = chapter;
  const { model } = subject;
  const headSize = model.width / settings.heads;
  const slopes = chapterSlopes(settings);
  if (slopes) return alibiMethod(slopes[pair.head] ?? 0, pair);
  if (subject.model.position.kind === 'none' || settings.wiring === 'diagram') return noPosition;
  if (settings.similarity === 'additive') return undefined;
  const scale = 1 / scoreDivisor(settings.similarity, chapter.keyWidth);
  const rule = chapterRope(settings, headSize);
  if (rule) return ropeMethod(trainedRope(rule), pair, headSize, scale);
  const additive = isAdditive(settings.encoding) || subject.numbers?.encodingRow;
  return additive ? additiveMethod(subject, pair, headSize, scale) : noPosition;
}

const noPosition: Method = ({ score, weight }) =>
  Promise.resolve({ method: 'noPosition', of: 'score', weight, position: 0, content: score });

function alibiMethod(slope: number, { query, key }: Pair): Method {
  const position = alibiBias(slope, query, key);
  return ({ score, weight }) =>
    Promise.resolve({
      method: 'alibiBias',
      of: 'score',
      weight,
      position,
      content: score - position,
    });
}

/** Query and key of the head as they are before they are turned, averaged over the window. */
function ropeMethod(
  rope: RopeFrequencies,
  { head, query, key }: Pair,
  headSize: number,
  scale: number,
): Method {
  const average = ({ shape: [, tokens = 0], values }: ChapterSlice): Float64Array => {
    const length = tokens * headSize;
    const vectors = Float64Array.from({ length }, (_, cell) => values[head * length + cell] ?? 0);
    const positions = Array.from({ length: tokens }, (_, token) => token);
    return averageVector(
      unrotate(vectors, headSize, positions, rope, CHAPTER_ROPE_PAIRING),
      headSize,
    );
  };
  return async ({ slice, score, weight }) => {
    const [queries, keys] = [
      average(await slice('query', null)),
      average(await slice('key', null)),
    ];
    const position = ropeScoreAtDistance(
      queries,
      keys,
      key - query,
      rope,
      CHAPTER_ROPE_PAIRING,
      scale,
    );
    return {
      method: 'ropeAveragedContent',
      of: 'score',
      weight,
      position,
      content: score - position,
    };
  };
}

/** Queries and keys are slices of Input + PE, so that their parts are slices of both. */
function additiveMethod(
  { numbers, model }: Subject,
  { head, query, key }: Pair,
  headSize: number,
  scale: number,
): Method {
  const headOf = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: headSize }, (_, column) => values[head * headSize + column] ?? 0);
  const nothing = new Float64Array(headSize);
  return async ({ slice, weight }) => {
    const parts = async (
      token: number,
      given: Float64Array | null | undefined,
    ): Promise<PartVectors> => {
      // What a document of numbers gives as query or key has no position in it.
      if (given)
        return {
          content: new Float64Array(headSize).fill(given[token] ?? 0),
          position: nothing,
          constant: nothing,
        };
      return {
        content: headOf((await slice('input', token)).values),
        position: headOf((await slice('encoding', token)).values),
        constant: nothing,
      };
    };
    const queries = await parts(query, numbers?.queries);
    const keys = await parts(key, numbers?.keys);
    const terms = nineTerms(queries, keys, 0, 0, model.width / model.heads);
    return nineTermsShare(terms, scale, weight);
  };
}

/** As shuffling a text, with the numbers in other orders while positions stay. */
export function shuffledNumbers(document: NumberDocument, { head, query, key }: Pair): Share {
  const count = document.tokens.length;
  const weightOf = (numbers: NumberDocument): number =>
    runNumberDocument(numbers).weights[(head * count + query) * count + key] ?? 0;
  const samples = Array.from({ length: SHUFFLES }, (_, seed) =>
    weightOf(reordered(document, shuffled([...document.tokens.keys()], seededGenerator(seed + 1)))),
  );
  return baseline(weightOf(document), samples);
}

function reordered(document: NumberDocument, order: readonly number[]): NumberDocument {
  const { tokens, queries, keys, values } = document;
  const list = (numbers: Float64Array | null): Float64Array | null =>
    numbers && Float64Array.from(order, (from) => numbers[from] ?? 0);
  return {
    ...document,
    tokens: order.flatMap((from) => tokens[from] ?? []),
    queries: list(queries),
    keys: list(keys),
    values: list(values),
  };
}
