/** Makes every input of a foreign graph out of the tokens alone, so that it reads what our own graphs read. */
import type { GraphBuilder } from '../graph';
import { ElementType } from '../schema';
import type { GraphInput } from './inputs';

/** Names of the inputs of a tapped graph. */
export interface TapInputs {
  /** int64 [1, token] */
  ids: string;
  /** int64 [1, decoder token]; absent where there is one text. */
  decoderIds?: string;
  /** int64 [1, token]: 0, 1, 2 … as trained; absent where the graph counts for itself. */
  positions?: string;
}

const NAMES = {
  tokens: 'input_ids',
  decoderTokens: 'decoder_input_ids',
  positions: 'position_ids',
} as const;

/** Declares the inputs that are left and appends the nodes that make the others. */
export function feedInputs(graph: GraphBuilder, inputs: readonly GraphInput[]): TapInputs {
  const fed: TapInputs = { ids: '' };
  for (const input of inputs) {
    if (input.role === 'tokens') fed.ids = declare(graph, input, NAMES.tokens);
    if (input.role === 'decoderTokens') fed.decoderIds = declare(graph, input, NAMES.decoderTokens);
    if (input.role === 'positions') fed.positions = declarePositions(graph, input);
  }
  const lengths = {
    tokens: fed.ids,
    decoderTokens: fed.decoderIds ?? fed.ids,
  };
  for (const input of inputs) {
    if (!(input.role in NAMES)) make(graph, input, lengths);
  }
  return fed;
}

/** The input under its own name where it takes int64, else under ours with a cast. */
function declare(graph: GraphBuilder, { name, type }: GraphInput, ours: string): string {
  if (type === ElementType.int64) return graph.input(name, 'int64', [1, ours]);
  const outside = name === ours ? `${ours}.int64` : ours;
  graph.input(outside, 'int64', [1, ours]);
  graph.node('Cast', [outside], { to: type }, name);
  return outside;
}

function declarePositions(graph: GraphBuilder, input: GraphInput): string {
  if (input.dims.length === 2) return declare(graph, input, NAMES.positions);
  const outside = `${NAMES.positions}.row`;
  graph.input(outside, 'int64', [1, 'token']);
  const flat = graph.node('Reshape', [outside, graph.integers([-1])]);
  graph.node('Cast', [flat], { to: input.type }, input.name);
  return outside;
}

function make(
  graph: GraphBuilder,
  { name, role, type, dims }: GraphInput,
  lengths: { tokens: string; decoderTokens: string },
): void {
  const sizes = dims.map((size) =>
    typeof size === 'number' ? graph.integers([size]) : countOf(graph, lengths[size]),
  );
  const shape = sizes.length === 0 ? graph.integers([]) : graph.node('Concat', sizes, { axis: 0 });
  if (role === 'decoderPositions') {
    const counted = graph.node('CumSum', [
      filled(graph, shape, 1),
      scalarAxis(graph, dims.length - 1),
    ]);
    graph.node('Sub', [counted, filled(graph, shape, 1)], {}, `${name}.counted`);
    graph.node('Cast', [`${name}.counted`], { to: type }, name);
    return;
  }
  const value = role === 'mask' || role === 'decoderMask' ? 1 : 0;
  graph.node('Cast', [filled(graph, shape, value)], { to: type }, name);
}

/** int64 of that shape, all the same number. */
function filled(graph: GraphBuilder, shape: string, value: number): string {
  return graph.node('Expand', [graph.integers([value]), shape]);
}

function scalarAxis(graph: GraphBuilder, axis: number): string {
  return graph.node('Reshape', [graph.integers([axis]), graph.integers([])]);
}

/** int64 [1]: tokens of a text. */
function countOf(graph: GraphBuilder, ids: string): string {
  const shape = graph.node('Shape', [ids]);
  return graph.node('Gather', [shape, graph.integers([1])], { axis: 0 });
}
