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
  /** Whether queries and keys are turned by sines and cosines (Su et al. 2021). */
  turns: boolean;
  /** How most of the weights are stored, as people write it. */
  storage: string;
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

export function factsOf(view: GraphView): GraphFacts {
  const { nodes } = view.model;
  return {
    vocabulary: rowsLookedUp(view, (origin) => (origin & TEXT) === ORIGIN.tokens, isIds),
    positions: rowsLookedUp(view, (origin) => (origin & TEXT) === 0, isRange),
    turns: nodes.some(
      (node) =>
        TURNING.has(node.operator) ||
        (node.operator === 'GroupQueryAttention' && (node.inputs[7] ?? '') !== ''),
    ),
    storage: storageOf(view),
  };
}

/** The smallest table that is looked up with such numbers; what a row's number starts with is taken off. */
function rowsLookedUp(
  view: GraphView,
  fits: (origin: number) => boolean,
  isIndex: (view: GraphView, name: string) => number | null,
): number | null {
  let fewest: number | null = null;
  for (const node of view.model.nodes) {
    for (const [table, index] of lookupsOf(node)) {
      const stored = view.model.initializers.get(table);
      const origin = view.value(index)?.origin;
      if (!stored || stored.dims.length !== 2 || origin === undefined || !fits(origin)) continue;
      const first = isIndex(view, index);
      if (first === null) continue;
      const rows = stored.dims[0]! - first;
      fewest = fewest === null ? rows : Math.min(fewest, rows);
    }
  }
  return fewest;
}

function lookupsOf({ operator, inputs }: GraphNode): [table: string, index: string][] {
  if (operator === 'EmbedLayerNormalization') return [[inputs[2] ?? '', inputs[0] ?? '']];
  return LOOKUPS.has(operator) ? [[inputs[0] ?? '', inputs[1] ?? '']] : [];
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
