/**
 * Cuts a graph into graphs that run one after the other, so that a run can stop in
 * between. Each slice holds the nodes that its stage needs and no earlier one did,
 * reads what crosses its border as inputs, and holds the weights of its own nodes alone.
 */
import { elementTypes } from './elementTypes';
import { takeApart, type GraphParts, type NodePart } from './graphParts';
import { OnnxError } from './onnxError';
import { ElementType, Graph, Model, TensorType, Type, ValueInfo } from './schema';
import { MessageWriter } from './wire';

export interface GraphSlice {
  /** The bytes of an `.onnx` file. */
  graph: Uint8Array;
  /** What it reads: inputs of the whole graph, and outputs of earlier slices. */
  inputs: readonly string[];
  /** Outputs of the whole graph that it computes, and what later slices read. */
  outputs: readonly string[];
}

/** Element types that can be handed from one run to the next. */
const PORTABLE = new Set<number | undefined>([
  ElementType.float32,
  ElementType.float64,
  ElementType.int32,
  ElementType.int64,
  ElementType.bool,
]);

/**
 * One slice for each stage that needs nodes of its own, in order, and one for what is
 * left; together they compute what the graph does. `stages`: names of the values that
 * are to be known after each. Null where the graph cannot be cut there: a value that
 * would have to cross has no known or no portable element type, or it is no whole graph.
 */
export function sliceGraph(
  file: Uint8Array,
  stages: readonly (readonly string[])[],
): GraphSlice[] | null {
  try {
    const parts = takeApart(file);
    const groups = groupsOf(parts, stages);
    return groups.length < 2 ? null : new Cutter(parts, groups).slices();
  } catch (error) {
    if (error instanceof OnnxError) return null;
    throw error;
  }
}

/** The nodes of each slice, in the graph's order; groups without nodes are left out. */
function groupsOf({ nodes }: GraphParts, stages: readonly (readonly string[])[]): NodePart[][] {
  const makers = new Map(
    nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)),
  );
  const stageOf = new Map<NodePart, number>();
  stages.forEach((names, stage) => {
    const open = [...names];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const node = makers.get(name);
      if (!node || stageOf.has(node)) continue;
      stageOf.set(node, stage);
      open.push(...node.inputs);
    }
  });
  const groups = Array.from({ length: stages.length + 1 }, (): NodePart[] => []);
  for (const node of nodes) groups[stageOf.get(node) ?? stages.length]!.push(node);
  return groups.filter((group) => group.length > 0);
}

class Cutter {
  readonly #parts: GraphParts;
  readonly #groups: readonly (readonly NodePart[])[];
  /** Index of the group that makes a value. */
  readonly #madeIn = new Map<string, number>();
  readonly #typeOf: (name: string) => number | undefined;

  constructor(parts: GraphParts, groups: readonly (readonly NodePart[])[]) {
    this.#parts = parts;
    this.#groups = groups;
    groups.forEach((group, index) => {
      for (const name of group.flatMap(({ outputs }) => outputs)) this.#madeIn.set(name, index);
    });
    this.#typeOf = elementTypes(parts);
  }

  /** Null where a value cannot cross. */
  slices(): GraphSlice[] | null {
    const { inputs, initializers, outputs } = this.#parts;
    const read = this.#groups.map((group, index) =>
      this.#readFromOutside(group, index).filter((name) => !initializers.has(name)),
    );
    const crossing = new Set(read.flat().filter((name) => !inputs.has(name)));
    if ([...crossing].some((name) => !PORTABLE.has(this.#typeOf(name)))) return null;
    if ([...outputs.keys()].some((name) => !this.#madeIn.has(name))) return null;
    return this.#groups.map((group, index) => {
      const made = group.flatMap((node) => node.outputs);
      const handed = made.filter((name) => crossing.has(name) || outputs.has(name));
      return {
        graph: this.#write(group, read[index]!, handed),
        inputs: read[index]!,
        outputs: handed,
      };
    });
  }

  /** Names that a group reads and does not make: each once. */
  #readFromOutside(group: readonly NodePart[], index: number): string[] {
    const { inputs, initializers } = this.#parts;
    const names = new Set(group.flatMap((node) => node.inputs));
    return [...names].filter((name) => {
      const maker = this.#madeIn.get(name);
      // What is none of these lives inside a subgraph.
      return maker === undefined ? inputs.has(name) || initializers.has(name) : maker !== index;
    });
  }

  #write(
    group: readonly NodePart[],
    inputs: readonly string[],
    outputs: readonly string[],
  ): Uint8Array {
    const parts = this.#parts;
    const used = new Set(group.flatMap((node) => node.inputs));
    const graph = new MessageWriter();
    for (const { bytes } of group) graph.bytes(Graph.node, bytes);
    graph.string(Graph.name, parts.name);
    for (const [name, { bytes }] of parts.initializers) {
      if (!used.has(name)) continue;
      graph.bytes(Graph.initializer, bytes);
      // Before IR version 4 initializers count as inputs too.
      const asInput = parts.inputs.get(name);
      if (asInput) graph.bytes(Graph.input, asInput.bytes);
    }
    for (const name of inputs) graph.bytes(Graph.input, this.#declaration(name));
    for (const name of outputs) graph.bytes(Graph.output, this.#declaration(name));
    for (const name of group.flatMap((node) => node.outputs)) {
      const known = outputs.includes(name) ? undefined : parts.inside.get(name);
      if (known) graph.bytes(Graph.valueInfo, known.bytes);
    }
    const model = new MessageWriter();
    for (const field of parts.model) model.raw(field);
    return model.message(Model.graph, graph).finish();
  }

  /** As the graph declares the value, or else its element type alone. */
  #declaration(name: string): Uint8Array {
    const { inputs, outputs, inside } = this.#parts;
    const declared = inputs.get(name) ?? outputs.get(name) ?? inside.get(name);
    if (declared) return declared.bytes;
    const tensor = new MessageWriter().integer(TensorType.elementType, this.#typeOf(name)!);
    return new MessageWriter()
      .string(ValueInfo.name, name)
      .message(ValueInfo.type, new MessageWriter().message(Type.tensor, tensor))
      .finish();
  }
}
