/** Where queries, keys or values are best taken out of a graph: before scaling, before heads are repeated, in a plain order of axes. */
import type { GraphView } from './graphView';
import { integersOf, type GraphNode } from './node';
import type { AxisLabel, Operand } from './product';
import { countOf } from './tensor';

/** A value and how it becomes [1, head, token, headSize]. */
export interface TapPoint {
  name: string;
  labels: readonly AxisLabel[];
  /** What the graph multiplies it with before the product. */
  factor: number;
  heads: number;
  tokens: number;
  headSize: number;
  /** As in `TensorProto.DataType`. */
  type: number | undefined;
}

/** An axis of all heads' numbers, one head after the other. */
export const MERGED = 'merged';

/** Of heads that share keys and values: which they are, and how many read the same. */
const GROUP = 'group';
const SHARED_HEAD = 'kv';
const ONE = 'one';

const MOST_STEPS = 24;

export interface TraceOptions {
  /** The axis of tokens: `r` of queries, `c` of keys, `x` of values. */
  token: AxisLabel;
  /** The axis of a head's numbers. */
  size: AxisLabel;
  /** Whether scaling may be left to the score. */
  scaled: boolean;
}

interface Place {
  name: string;
  labels: readonly AxisLabel[];
  factor: number;
}

/** Null where the value's axes cannot be told apart. */
export function tapPoint(
  view: GraphView,
  { name, labels }: Operand,
  options: TraceOptions,
): TapPoint | null {
  const places = [...trace(view, { name, labels, factor: 1 }, options)];
  const last = places.at(-1)!;
  const grouped = places.find((place) => isUnrepeated(view, place));
  const { factor } = last;
  const plain = places.find((place) => place.factor === factor && isPlain(place, options));
  const best = grouped ?? plain ?? places.find((place) => place.factor === factor)!;
  return pointAt(view, best, options);
}

function isPlain({ labels }: Place, { token, size }: TraceOptions): boolean {
  return labels.length === 4 && labels[2] === token && labels[3] === size;
}

function isUnrepeated(view: GraphView, { name, labels }: Place): boolean {
  const axis = labels.indexOf(GROUP);
  return axis >= 0 && view.dims(name)?.[axis] === 1;
}

function pointAt(
  view: GraphView,
  { name, labels, factor }: Place,
  { token, size }: TraceOptions,
): TapPoint | null {
  const dims = view.dims(name);
  if (!dims) return null;
  const of = (label: string): number | undefined => dims[labels.indexOf(label)];
  const [tokens, headSize] = [of(token), of(size)];
  if (tokens === undefined || headSize === undefined) return null;
  const heads = countOf(dims) / (tokens * headSize);
  return { name, labels, factor, heads, tokens, headSize, type: view.value(name)?.type };
}

function* trace(view: GraphView, start: Place, options: TraceOptions): Generator<Place> {
  let place: Place | null = start;
  for (let step = 0; place && step < MOST_STEPS; step++) {
    yield place;
    const node = view.maker(place.name);
    place = node ? before(view, place, node, options) : null;
    if (place && (!view.isText(place.name) || !view.dims(place.name))) return;
  }
}

function before(
  view: GraphView,
  place: Place,
  node: GraphNode,
  options: TraceOptions,
): Place | null {
  const [first = '', second = ''] = node.inputs;
  switch (node.operator) {
    case 'Identity':
    case 'Cast':
    case 'Dropout':
    case 'DynamicQuantizeLinear':
    case 'QuantizeLinear':
    case 'DequantizeLinear':
      return { ...place, name: first };
    case 'Transpose':
      return turned(node, place, first);
    case 'Mul':
    case 'Div': {
      if (!options.scaled) return null;
      const by = view.scalar(second);
      const other = node.operator === 'Mul' ? view.scalar(first) : undefined;
      if (by !== undefined && view.isText(first)) {
        const factor = place.factor * (node.operator === 'Div' ? 1 / by : by);
        return { ...place, name: first, factor };
      }
      return other === undefined ? null : { ...place, name: second, factor: place.factor * other };
    }
    case 'Reshape':
    case 'Unsqueeze':
    case 'Squeeze':
      return viewed(view, place, first, options);
    case 'Expand':
    case 'Tile':
      return repeated(view, place, first);
    default:
      return null;
  }
}

function turned(node: GraphNode, place: Place, from: string): Place | null {
  const order = integersOf(node, 'perm') ?? [...place.labels.keys()].reverse();
  if (order.length !== place.labels.length) return null;
  const labels: string[] = [];
  order.forEach((axis, at) => (labels[axis] = place.labels[at]!));
  return { ...place, name: from, labels };
}

/** The last two axes stay; those before may be split or joined, as heads are. */
function viewed(
  view: GraphView,
  place: Place,
  from: string,
  { token, size }: TraceOptions,
): Place | null {
  const [dims, now] = [view.dims(from), view.dims(place.name)];
  if (!dims || !now || dims.length < 2) return null;
  const ends = place.labels.slice(-2);
  const kept = ends.includes(token) && ends.includes(size);
  if (!kept || dims.slice(-2).join() !== now.slice(-2).join()) return null;
  const lead = dims.slice(0, -2);
  const wide = lead.filter((length) => length > 1).length;
  const names = wide > 1 ? [SHARED_HEAD, GROUP] : ['b1'];
  if (wide > 2) return null;
  const labels = lead.map((length) => (length > 1 ? names.shift()! : ONE));
  return { ...place, name: from, labels: [...labels, ...ends] };
}

function repeated(view: GraphView, place: Place, from: string): Place | null {
  const [dims, now] = [view.dims(from), view.dims(place.name)];
  if (!dims || dims.length !== now?.length) return null;
  const grown = dims.flatMap((size, axis) => (size === now[axis] ? [] : [axis]));
  const single = grown.length <= 1 && grown.every((axis) => dims[axis] === 1);
  const [axis] = grown;
  if (!single) return null;
  if (axis === undefined) return { ...place, name: from };
  // Heads next to each other must be the ones that share; others could not be told by their number.
  const label = place.labels[axis];
  const alone = dims.slice(0, -2).every((size) => size === 1);
  if (label !== GROUP && !(alone && (label === 'b1' || label === SHARED_HEAD))) return null;
  return {
    ...place,
    name: from,
    labels: place.labels.map((each, at) => (at === axis ? GROUP : each)),
  };
}
