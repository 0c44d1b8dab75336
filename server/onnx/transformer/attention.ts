/** Multi-head attention of a transformer's graph, with what a reader wants to see of it as outputs. */
import type { GraphBuilder } from '../graph';
import { ElementType } from '../schema';
import type { DenseParts } from './dense';
import type { LayerSpec, NormSpec, ProjectionsSpec, TransformerSpec } from './spec';

/** Names of one layer's outputs. */
export interface AttentionNames {
  query: string;
  key: string;
  value: string;
  weights: string;
}

/** The graph's inputs that place tokens. */
export interface PlacementInputs {
  /** int64 [1, token] */
  positions: string;
  /** float32 [] */
  positionScale: string;
}

interface Heads {
  query: string;
  key: string;
  value: string;
}

export class AttentionPart {
  readonly #graph: GraphBuilder;
  readonly #dense: DenseParts;
  readonly #spec: TransformerSpec;
  readonly #inputs: PlacementInputs;
  #turns: { cos: string; sin: string } | undefined;
  #penalty: string | undefined;
  #future: string | undefined;

  constructor(
    graph: GraphBuilder,
    dense: DenseParts,
    spec: TransformerSpec,
    inputs: PlacementInputs,
  ) {
    this.#graph = graph;
    this.#dense = dense;
    this.#spec = spec;
    this.#inputs = inputs;
  }

  /** Adds a layer's attention over `input` [token, width], declares its outputs, and returns the weights' and the value's names. */
  weights(layer: LayerSpec, input: string, names: AttentionNames): AttentionNames {
    const { heads, keyValueHeads, headSize } = this.#spec;
    const graph = this.#graph;
    const split = this.#project(layer.projections, input);
    graph.node('Identity', [this.#placed(split.query, layer.queryNorm)], {}, names.query);
    graph.node('Identity', [this.#placed(split.key, layer.keyNorm)], {}, names.key);
    graph.node('Identity', [split.value], {}, names.value);
    graph.output(names.query, 'float32', [1, heads, 'token', headSize]);
    graph.output(names.key, 'float32', [1, keyValueHeads, 'token', headSize]);
    graph.output(names.value, 'float32', [1, keyValueHeads, 'token', headSize]);
    graph.node('Softmax', [this.#scores(names)], { axis: -1 }, names.weights);
    graph.output(names.weights, 'float32', [1, heads, 'token', 'token']);
    return names;
  }

  /** What the heads read, through W_O: [token, width]. */
  context(layer: LayerSpec, { weights, value }: AttentionNames): string {
    const { heads, headSize } = this.#spec;
    const graph = this.#graph;
    const read = graph.node('MatMul', [this.#grouped(weights), this.#shared(value)]);
    const turned = graph.node('Transpose', [this.#ungrouped(read)], { perm: [0, 2, 1, 3] });
    const joined = graph.node('Reshape', [turned, graph.integers([-1, heads * headSize])]);
    return this.#dense.linear(layer.output, joined);
  }

  /** [1, head, token, headSize] each */
  #project(projections: ProjectionsSpec, input: string): Heads {
    if (projections.kind === 'separate') {
      const { heads, keyValueHeads } = this.#spec;
      const part = (name: 'query' | 'key' | 'value') =>
        this.#split(
          this.#dense.linear(projections[name], input),
          name === 'query' ? heads : keyValueHeads,
        );
      return { query: part('query'), key: part('key'), value: part('value') };
    }
    const joined = this.#dense.linear(projections.linear, input);
    return projections.order === 'stacked' ? this.#stacked(joined) : this.#perHead(joined);
  }

  #stacked(joined: string): Heads {
    const { heads, keyValueHeads, headSize } = this.#spec;
    const ends = [heads, heads + keyValueHeads, heads + 2 * keyValueHeads].map((h) => h * headSize);
    const columns = (from: number, to: number) => this.#dense.columns(joined, from, to);
    return {
      query: this.#split(columns(0, ends[0]!), heads),
      key: this.#split(columns(ends[0]!, ends[1]!), keyValueHeads),
      value: this.#split(columns(ends[1]!, ends[2]!), keyValueHeads),
    };
  }

  #perHead(joined: string): Heads {
    const { heads, headSize } = this.#spec;
    const graph = this.#graph;
    const shape = graph.integers([1, -1, heads, 3 * headSize]);
    const split = graph.node('Reshape', [joined, shape]);
    const turned = graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
    const part = (at: number) => this.#dense.columns(turned, at * headSize, (at + 1) * headSize);
    return { query: part(0), key: part(1), value: part(2) };
  }

  #split(projected: string, heads: number): string {
    const shape = this.#graph.integers([1, -1, heads, this.#spec.headSize]);
    const split = this.#graph.node('Reshape', [projected, shape]);
    return this.#graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
  }

  /** Normalised and turned, as far as the model does either. */
  #placed(heads: string, norm: NormSpec | null): string {
    const normalised = norm ? this.#dense.norm(norm, heads) : heads;
    return this.#spec.rotary ? this.#rotated(normalised) : normalised;
  }

  /** Columns j and j + half of the rotated part turn by position · frequency (Su et al. 2021). */
  #rotated(heads: string): string {
    const graph = this.#graph;
    const { headSize } = this.#spec;
    const { rotatedWidth } = this.#spec.rotary!;
    const { cos, sin } = (this.#turns ??= this.#angles());
    const first = this.#dense.columns(heads, 0, rotatedWidth / 2);
    const second = this.#dense.columns(heads, rotatedWidth / 2, rotatedWidth);
    const times = (left: string, right: string) => graph.node('Mul', [left, right]);
    const turned = [
      graph.node('Sub', [times(first, cos), times(second, sin)]),
      graph.node('Add', [times(second, cos), times(first, sin)]),
    ];
    const rest =
      rotatedWidth < headSize ? [this.#dense.columns(heads, rotatedWidth, headSize)] : [];
    return graph.node('Concat', [...turned, ...rest], { axis: -1 });
  }

  /** Cosines and sines, [token, pair]: in float32, as the models were trained with. */
  #angles(): { cos: string; sin: string } {
    const graph = this.#graph;
    const { frequencies, attentionFactor } = this.#spec.rotary!;
    const places = graph.node('Mul', [this.#places([-1, 1]), this.#inputs.positionScale]);
    const angles = graph.node('Mul', [places, graph.floats(frequencies, [frequencies.length])]);
    const scaled = (wave: string) =>
      attentionFactor === 1 ? wave : graph.node('Mul', [wave, graph.scalar(attentionFactor)]);
    return {
      cos: scaled(graph.node('Cos', [angles])),
      sin: scaled(graph.node('Sin', [angles])),
    };
  }

  /** What enters the softmax, [1, head, query, key]. */
  #scores({ query, key }: AttentionNames): string {
    const graph = this.#graph;
    const { scale, slopes, causal } = this.#spec;
    const transposed = graph.node('Transpose', [key], { perm: [0, 1, 3, 2] });
    const product = graph.node('MatMul', [this.#grouped(query), this.#shared(transposed)]);
    let score = graph.node('Mul', [this.#ungrouped(product), graph.scalar(scale)]);
    if (slopes) score = graph.node('Sub', [score, (this.#penalty ??= this.#distances(slopes))]);
    if (!causal) return score;
    this.#future ??= this.#laterKeys();
    return graph.node('Where', [this.#future, graph.scalar(-Infinity), score]);
  }

  get #isGrouped(): boolean {
    return this.#spec.keyValueHeads < this.#spec.heads;
  }

  /** Query heads beside the key head they share: [1, head, …] → [1, keyValueHead, head of the group, …]. */
  #grouped(value: string): string {
    const { heads, keyValueHeads } = this.#spec;
    return this.#reheaded(value, [1, keyValueHeads, heads / keyValueHeads], 2);
  }

  /** The reverse of {@link #grouped}. */
  #ungrouped(value: string): string {
    return this.#reheaded(value, [1, this.#spec.heads], 3);
  }

  /** The axes before `from` become `lead`, those after it stay. */
  #reheaded(value: string, lead: readonly number[], from: number): string {
    if (!this.#isGrouped) return value;
    const graph = this.#graph;
    const rest = graph.node('Shape', [value], { start: from });
    const shape = graph.node('Concat', [graph.integers(lead), rest], { axis: 0 });
    return graph.node('Reshape', [value, shape]);
  }

  #shared(value: string): string {
    if (!this.#isGrouped) return value;
    return this.#graph.node('Unsqueeze', [value, this.#graph.integers([2])]);
  }

  /** slope · |position of the query − position of the key|, [head, query, key] (Press et al. 2021). */
  #distances(slopes: readonly number[]): string {
    const graph = this.#graph;
    const difference = graph.node('Sub', [this.#places([1, -1, 1]), this.#places([1, 1, -1])]);
    const scaled = graph.node('Mul', [
      graph.floats(slopes, [slopes.length, 1, 1]),
      this.#inputs.positionScale,
    ]);
    return graph.node('Mul', [graph.node('Abs', [difference]), scaled]);
  }

  /** Whether a key stands after the query in the text, wherever its position was moved; [query, key]. */
  #laterKeys(): string {
    const graph = this.#graph;
    const scalar = (value: number) => graph.node('Squeeze', [graph.integers([value])]);
    const count = graph.node('Size', [this.#inputs.positions]);
    const tokens = graph.node('Range', [scalar(0), count, scalar(1)]);
    const queries = graph.node('Unsqueeze', [tokens, graph.integers([1])]);
    return graph.node('Less', [queries, graph.node('Unsqueeze', [tokens, graph.integers([0])])]);
  }

  #places(shape: readonly number[]): string {
    const graph = this.#graph;
    const floats = graph.node('Cast', [this.#inputs.positions], { to: ElementType.float32 });
    return graph.node('Reshape', [floats, graph.integers(shape)]);
  }
}
