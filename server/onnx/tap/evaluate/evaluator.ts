/**
 * Goes through a graph without running it: shapes for a text of so many tokens, and the
 * numbers of what depends on neither weights nor words, such as masks and biases of distance.
 */
import { BLOCKS } from './blocks';
import { ELEMENTWISE, isFloat } from './elementwise';
import { LOOKUPS } from './lookups';
import { REDUCTIONS } from './reductions';
import { SHAPES } from './shapes';
import { UNKNOWN, type Known, type Operator, type Value } from './value';
import type { TapModel } from '../model';
import type { GraphNode } from '../node';
import { countOf, numbersOf, type ReadExternal } from '../tensor';

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({ ...ELEMENTWISE, ...SHAPES, ...LOOKUPS, ...REDUCTIONS, ...BLOCKS }),
);

/** Their numbers say nothing of the numbers that went in. */
const SHAPE_OF = new Set(['Shape', 'Size']);

/** Numbers of one value that are kept. */
const MOST_NUMBERS = 2 ** 20;
/** Floats that are stored: tables of biases are small, weights are not wanted. */
const MOST_FLOATS = 2 ** 16;
/** Integers and truth values of causal masks that are stored up to the longest text. */
const MOST_STORED = 2 ** 23;
/** Of all values of one evaluation. */
const MOST_TOGETHER = 2 ** 22;
/** Elements of a value; a shape beyond is not one of a text of this length. */
const MOST_ELEMENTS = 2 ** 50;

export interface EvaluateOptions {
  /** What is known of the graph's inputs. */
  inputs: ReadonlyMap<string, Value>;
  /** Only these nodes, in order; all of them where it is left out. */
  nodes?: readonly GraphNode[];
  /** Stored values that are to be there even where no node reads them. */
  wanted?: readonly string[];
  readExternal?: ReadExternal;
  /** Numbers instead of those that are stored, by the value's name. */
  instead?: ReadonlyMap<string, Known>;
}

/** What is known of every value, by name; values that are not there are unknown. */
export function evaluate(model: TapModel, options: EvaluateOptions): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>(options.inputs);
  const { nodes = model.nodes, wanted = [], readExternal, instead } = options;
  let together = 0;
  const find = (name: string): Value | undefined => {
    const known = values.get(name);
    if (known) return known;
    const stored = model.initializers.get(name);
    if (!stored) return undefined;
    const { type, dims } = stored;
    const most = isFloat(type) ? MOST_FLOATS : MOST_STORED;
    const data = numbersOf(stored, most, readExternal);
    const value: Value = { type, dims, data, origin: 0, ...instead?.get(name) };
    values.set(name, value);
    return value;
  };
  for (const node of nodes) {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : find(name)));
    const origin = originOf(node, inputs, find);
    const most = together > MOST_TOGETHER ? 64 : MOST_NUMBERS;
    const results = apply(node, inputs, model, most);
    node.outputs.forEach((name, at) => {
      if (name === '') return;
      const value = { ...(results[at] ?? UNKNOWN), origin, ...instead?.get(name) };
      together += value.data?.length ?? 0;
      values.set(name, value);
    });
  }
  wanted.forEach(find);
  return values;
}

function originOf(
  { operator, captured }: GraphNode,
  inputs: readonly (Value | undefined)[],
  find: (name: string) => Value | undefined,
): number {
  if (SHAPE_OF.has(operator)) return 0;
  let origin = 0;
  for (const input of inputs) origin |= input?.origin ?? 0;
  for (const name of captured) origin |= find(name)?.origin ?? 0;
  return origin;
}

function apply(
  node: GraphNode,
  inputs: readonly (Value | undefined)[],
  { opsets }: TapModel,
  most: number,
): readonly Known[] {
  const operator = OPERATORS.get(node.operator);
  if (!operator || node.captured.length > 0) return [];
  const opset = opsets.get(node.domain) ?? 1;
  return operator({ node, inputs, opset, most }).map(plausible);
}

/** Nothing is known of a value whose shape cannot be. */
function plausible(known: Known): Known {
  const { dims, data } = known;
  if (!dims) return known;
  const fits =
    dims.length <= 16 &&
    dims.every((axis) => Number.isSafeInteger(axis) && axis >= 0) &&
    countOf(dims) <= MOST_ELEMENTS &&
    (!data || data.length === countOf(dims));
  return fits ? known : { type: known.type, dims: undefined, data: undefined };
}
