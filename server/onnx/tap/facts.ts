/** What a graph shows of its model beside attention. */
import { ElementType } from '../schema';
import type { GraphView } from './graphView';
import { ORIGIN, TEXT } from './inputs';
import type { GraphNode } from './node';
import { countOf, type StoredTensor } from './tensor';

export interface GraphFacts {
  /** Rows of the table that tokens are looked up in; null where none was found. */
  vocabulary: number | null;
  /** Rows of the table that positions are looked up in, less those that no token has; null where there is none. */
  positions: number | null;
  /** The learned table that position is taken from and added to the tokens' vectors; null where none is added. */
  positionTable: LookedUp | null;
  /** Whether queries and keys are turned by sines and cosines (Su et al. 2021). */
  turns: boolean;
  /** How most of the weights are stored, as people write it. */
  storage: string;
}

/** A stored matrix of which a text takes rows. */
export interface LookedUp {
  table: StoredTensor;
  /** The row of the first token's number. */
  first: number;
}

const LOOKUPS = new Set(['Gather', 'GatherBlockQuantized']);
const TURNING = new Set(['Cos', 'Sin', 'RotaryEmbedding']);
const FOUR_BITS = 'MatMulNBits';

const STORAGE: ReadonlyMap<number, string> = new Map([
  [ElementType.float32, 'float32'],
  [ElementType.float16, 'float16'],
  [ElementType.bfloat16, 'bfloat16'],
  [ElementType.float64, 'float64'],
  [ElementType.int8, 'int8'],
  [ElementType.uint8, 'int8'],
]);

/** `tokens`: how many the text has that the graph was evaluated for; a second text has another number. */
export function factsOf(view: GraphView, tokens: number): GraphFacts {
  const { nodes } = view.model;
  const words = smallest(lookedUp(view, (origin) => (origin & TEXT) === ORIGIN.tokens, isIds));
  const places = lookedUp(view, (origin) => (origin & TEXT) === 0, isRange);
  return {
    vocabulary: words && rowsOf(words),
    positions: smallest(places) && rowsOf(smallest(places)!),
    positionTable: smallest(
      places.filter(
        ({ index, row }) =>
          (index === IN_ORDER || view.value(index)?.data?.length === tokens) && isAdded(view, row),
      ),
    ),
    turns: nodes.some(
      (node) =>
        TURNING.has(node.operator) ||
        (node.operator === 'GroupQueryAttention' && (node.inputs[7] ?? '') !== ''),
    ),
    storage: storageOf(view),
  };
}

interface Lookup extends LookedUp {
  index: string;
  /** What is taken from the table. */
  row: string;
}

/** The tables that are looked up with such numbers. */
function lookedUp(
  view: GraphView,
  fits: (origin: number) => boolean,
  isIndex: (view: GraphView, name: string) => number | null,
): Lookup[] {
  return view.model.nodes.flatMap((node) =>
    lookupsOf(node).flatMap(([name, index, row]) => {
      const table = view.model.initializers.get(name);
      const origin = index === IN_ORDER ? 0 : view.value(index)?.origin;
      if (!table || table.dims.length !== 2 || origin === undefined || !fits(origin)) return [];
      const first = isIndex(view, index);
      return first === null ? [] : [{ table, first, index, row }];
    }),
  );
}

function smallest<T extends LookedUp>(tables: readonly T[]): T | null {
  const [first, ...others] = tables;
  if (!first) return null;
  return others.reduce((best, each) => (rowsOf(each) < rowsOf(best) ? each : best), first);
}

/** Less what the first token's number leaves out. */
function rowsOf({ table, first }: LookedUp): number {
  return table.dims[0]! - first;
}

/** What a row may go through on its way to the sum. */
const SAME_NUMBERS = new Set([
  ...['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Expand'],
  'DequantizeLinear',
]);

/** Whether rows are added to something as they are; tables of sines and cosines are multiplied. */
function isAdded(view: GraphView, row: string, steps = 0): boolean {
  if (view.maker(row)?.operator === 'EmbedLayerNormalization') return true;
  const readers = view.readers(row);
  return (
    readers.length > 0 &&
    steps < 6 &&
    readers.every(
      ({ operator, outputs }) =>
        operator === 'Add' ||
        operator === 'SkipLayerNormalization' ||
        (SAME_NUMBERS.has(operator) && isAdded(view, outputs[0] ?? '', steps + 1)),
    )
  );
}

/** In place of an index's name: positions from 0 on, which nobody has to give. */
const IN_ORDER = '';

function lookupsOf({
  operator,
  inputs,
  outputs,
}: GraphNode): [table: string, index: string, row: string][] {
  const [row = ''] = outputs;
  if (operator === 'EmbedLayerNormalization')
    return [
      [inputs[2] ?? '', inputs[0] ?? '', row],
      [inputs[3] ?? '', inputs[8] ?? IN_ORDER, row],
    ];
  return LOOKUPS.has(operator) ? [[inputs[0] ?? '', inputs[1] ?? '', row]] : [];
}

/** The tokens themselves, at most cast: 0; else null. */
function isIds(view: GraphView, name: string): number | null {
  for (let at = name, step = 0; step < 4; step++) {
    const maker = view.maker(at);
    if (!maker) return 0;
    if (!['Cast', 'Identity', 'Reshape', 'Squeeze'].includes(maker.operator)) return null;
    at = maker.inputs[0] ?? '';
  }
  return null;
}

/** The number of the first token where numbers count up one by one along the text; else null. */
function isRange(view: GraphView, name: string): number | null {
  if (name === IN_ORDER) return 0;
  const data = view.value(name)?.data;
  if (!data || data.length < 3) return null;
  return data.every((value, at) => value === data[0]! + at) ? data[0]! : null;
}

function storageOf({ model }: GraphView): string {
  if (model.nodes.some(({ operator }) => operator === FOUR_BITS)) return 'int4';
  const sizes = new Map<string, number>();
  for (const tensor of model.initializers.values()) {
    const name = STORAGE.get(tensor.type);
    if (name !== undefined) sizes.set(name, (sizes.get(name) ?? 0) + weightOf(tensor));
  }
  const [largest] = [...sizes].sort(([, a], [, b]) => b - a);
  return largest?.[0] ?? 'float32';
}

/** Numbers of a matrix; vectors and scalars say nothing. */
function weightOf({ dims }: StoredTensor): number {
  return dims.length > 1 ? countOf(dims) : 0;
}
