/** Whether an answer of the worker can be one: nothing wrong is to reach a picture. */
import type {
  AnalyseParams,
  EngineSide,
  ExplainAnswer,
  GiveParams,
  OverviewAnswer,
  RegionParams,
  RowParams,
  Slice,
  SliceParams,
} from './protocol';

type Methods = EngineSide['methods'];

/** A sum of rounded weights may end up a little above 1. */
const LARGEST_WEIGHT = 1 + 1e-3;

/** How many queries and keys a window has. */
export interface WindowSides {
  tokens: number;
  keys: number;
}

/** Checks the shape of an answer, and that weights are weights. `sides`: of the window asked about, if known. */
export function answersTheQuestion(
  method: keyof Methods,
  params: unknown,
  answer: unknown,
  sides: WindowSides | undefined,
): boolean {
  if (method === 'forget') return true;
  if (typeof answer !== 'object' || answer === null) return false;
  const fields: { [field: string]: unknown } = { ...answer };
  switch (method) {
    case 'load':
      return typeof fields.detail === 'string' && typeof fields.threads === 'number';
    case 'analyse':
      return fields.tokens === tokensOf(params as AnalyseParams);
    case 'give':
      return fields.tokens === (params as GiveParams).tokens;
    case 'row':
    case 'column': {
      const { groups, keyGroups = groups } = params as RowParams;
      const count =
        method === 'row' ? countOf(keyGroups, sides?.keys) : countOf(groups, sides?.tokens);
      return (
        areWeights(fields.weights) && fields.weights.length === (count ?? fields.weights.length)
      );
    }
    case 'region': {
      const { rows, columns } = params as RegionParams;
      return areWeights(fields.values) && fields.values.length === rows * columns;
    }
    case 'overview':
      return isOverview(fields, (params as { size: number }).size);
    case 'statistics':
      return isByName(fields.statistics) && isByName(fields.counted) && isByName(fields.even);
    case 'explain':
      return isExplanation(fields, sides?.keys);
    case 'headVectors':
      return fields.query instanceof Float32Array && fields.key instanceof Float32Array;
    case 'compare':
      return areOfHeads(fields.totalVariation) && areOfHeads(fields.unaligned);
    case 'stages':
      return areSlices(fields.slices, (params as { slices: SliceParams[] }).slices.length);
    case 'positionTable':
      return areNumbers(fields.table, Number(fields.positions) * Number(fields.width));
    case 'relativeBias':
      return (
        fields.buckets instanceof Int32Array &&
        fields.values instanceof Float32Array &&
        fields.buckets.length % 2 === 1 &&
        fields.values.length % fields.buckets.length === 0
      );
    case 'firstLayer':
      return fields.content instanceof Float32Array && fields.position instanceof Float32Array;
    default:
      return false;
  }
}

/** How many groups there are, or tokens where those are asked about. */
function countOf(groups: Int32Array | undefined, tokens: number | undefined): number | undefined {
  return groups ? (groups.at(-1) ?? -1) + 1 : tokens;
}

function tokensOf({ ids, target }: AnalyseParams): number {
  return (target?.ids ?? ids).length;
}

function areSlices(slices: unknown, count: number): boolean {
  if (!Array.isArray(slices) || slices.length !== count) return false;
  return (slices as Slice[]).every(({ shape, values }) =>
    areNumbers(
      values,
      shape.reduce((product, size) => product * size, 1),
    ),
  );
}

function areNumbers(values: unknown, count: number): boolean {
  return values instanceof Float32Array && values.length === count;
}

function isExplanation(
  { query, key, products, scores, heads, weight }: Partial<ExplainAnswer>,
  keys: number | undefined,
): boolean {
  return (
    query instanceof Float32Array &&
    areNumbers(key, query.length) &&
    products instanceof Float64Array &&
    products.length === query.length &&
    areOfHeads(heads) &&
    scores instanceof Float64Array &&
    scores.length === (keys ?? scores.length) &&
    typeof weight === 'number' &&
    weight >= 0 &&
    weight <= LARGEST_WEIGHT
  );
}

function isOverview({ thumbnails, scales }: Partial<OverviewAnswer>, size: number): boolean {
  return (
    areOfHeads(scales) &&
    thumbnails instanceof Uint8Array &&
    thumbnails.length === scales.length * size * size
  );
}

function isByName(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** One number a head; layers that are left out have none. */
function areOfHeads(values: unknown): values is Float32Array {
  if (!(values instanceof Float32Array)) return false;
  return values.every((value) => Number.isNaN(value) || (value >= 0 && value <= LARGEST_WEIGHT));
}

function areWeights(values: unknown): values is Float32Array {
  if (!(values instanceof Float32Array)) return false;
  return values.every((value) => value >= 0 && value <= LARGEST_WEIGHT);
}
