/** Multi-head attention of a transformer's graph, with what a reader wants to see of it as outputs. */
import { inBlocks } from '../blocks';
import type { GraphBuilder } from '../graph';
import type { DenseParts } from './dense';
import { RotationPart, type TurningInputs } from './rotation';
import { ScorePart, type Places, type RuleInputs } from './scores';
import type { LayerSpec, NormSpec, TransformerSpec } from './spec';

/** Names of one layer's outputs. */
export interface AttentionNames {
  query: string;
  key: string;
  value: string;
  weights: string;
}

/** Models that read more tokens at once than this compute attention block by block. */
export const LONGEST_WHOLE = 1024;

interface Heads {
  query: string;
  key: string;
  value: string;
}

export class AttentionPart {
  readonly #graph: GraphBuilder;
  readonly #dense: DenseParts;
  readonly #spec: TransformerSpec;
  readonly #rule: RuleInputs;
  readonly #rotation: RotationPart;
  readonly #places: Places;
  readonly #scores: ScorePart;
  readonly #axis: string;

  /** `axis`: the name of the dimension that the text's tokens are. */
  constructor(
    graph: GraphBuilder,
    dense: DenseParts,
    spec: TransformerSpec,
    inputs: TurningInputs,
    rule: RuleInputs,
    axis = 'token',
  ) {
    this.#axis = axis;
    this.#graph = graph;
    this.#dense = dense;
    this.#spec = spec;
    this.#rule = rule;
    this.#rotation = new RotationPart(graph, dense, inputs);
    this.#places = placesOf(graph, inputs.positions);
    this.#scores = new ScorePart(graph, rule, this.#places, this.#places);
  }

  /** Adds a layer's attention over `input` [token, width], declares its outputs, and returns their names. */
  weights(layer: LayerSpec, input: string, names: AttentionNames): AttentionNames {
    const { heads, keyValueHeads, headSize } = this.#spec;
    const graph = this.#graph;
    const split = this.#project(layer, input);
    graph.node('Identity', [this.#placed(layer, split.query, layer.queryNorm)], {}, names.query);
    graph.node('Identity', [this.#placed(layer, split.key, layer.keyNorm)], {}, names.key);
    graph.node('Identity', [split.value], {}, names.value);
    graph.output(names.query, 'float32', [1, heads, this.#axis, headSize]);
    graph.output(names.key, 'float32', [1, keyValueHeads, this.#axis, headSize]);
    graph.output(names.value, 'float32', [1, keyValueHeads, this.#axis, headSize]);
    const { query, key } = names;
    const pair = { query, transposedKey: this.#transposed(key) };
    this.#scores.weights(layer.score ?? this.#spec.score, pair, names.weights);
    graph.output(names.weights, 'float32', [1, heads, this.#axis, this.#axis]);
    return names;
  }

  /**
   * What the heads read, through W_O: [token, width]. In a model with a long context the
   * weights stand beside what the context is made of: nothing but the probe at load asks
   * for them, with few tokens.
   */
  context(layer: LayerSpec, names: AttentionNames): string {
    const { heads, headSize, contextLength } = this.#spec;
    const graph = this.#graph;
    const read =
      contextLength > LONGEST_WHOLE
        ? this.#readInBlocks(layer, names)
        : this.#scores.read(names.weights, names.value);
    return this.#dense.linear(layer.output, joinedHeads(graph, read, heads * headSize));
  }

  #readInBlocks(layer: LayerSpec, { query, key, value }: AttentionNames): string {
    const { heads, score } = this.#spec;
    const transposedKey = this.#transposed(key);
    const lists = [this.#places.tokens, this.#places.positions];
    return inBlocks(this.#graph, { query, lists, heads }, (block) => {
      const [tokens, positions] = block.places as [string, string];
      const part = new ScorePart(block.graph, this.#rule, { tokens, positions }, this.#places);
      const weights = part.weights(layer.score ?? score, { query: block.query, transposedKey });
      return part.read(weights, value);
    });
  }

  #transposed(key: string): string {
    return this.#graph.node('Transpose', [key], { perm: [0, 1, 3, 2] });
  }

  /** [1, head, token, headSize] each */
  #project(layer: LayerSpec, input: string): Heads {
    const { projections, queryNorm, keyNorm, projectionLimit: limit } = layer;
    if (projections.kind === 'separate') {
      const { heads, keyValueHeads } = this.#spec;
      const part = (name: 'query' | 'key' | 'value', norm: NormSpec | null, count: number) => {
        const projected = this.#dense.linear(projections[name], input);
        return this.#split(this.#limited(this.#normalised(projected, norm, count), limit), count);
      };
      return {
        query: part('query', queryNorm, heads),
        key: part('key', keyNorm, keyValueHeads),
        value: part('value', null, keyValueHeads),
      };
    }
    const joined = this.#dense.linear(projections.linear, input);
    return projections.order === 'stacked' ? this.#stacked(joined) : this.#perGroup(joined);
  }

  /** Where the norm is over all heads together. */
  #normalised(projected: string, norm: NormSpec | null, heads: number): string {
    return norm && this.#isOverAll(norm, heads) ? this.#dense.norm(norm, projected) : projected;
  }

  #limited(value: string, limit: number | undefined): string {
    const graph = this.#graph;
    if (limit === undefined) return value;
    return graph.node('Clip', [value, graph.scalar(-limit), graph.scalar(limit)]);
  }

  #isOverAll({ width }: NormSpec, heads: number): boolean {
    return heads > 1 && width === heads * this.#spec.headSize;
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

  #perGroup(joined: string): Heads {
    const { heads, keyValueHeads, headSize } = this.#spec;
    const graph = this.#graph;
    const group = heads / keyValueHeads;
    const shape = graph.integers([1, -1, keyValueHeads, (group + 2) * headSize]);
    const split = graph.node('Reshape', [joined, shape]);
    const part = (from: number, count: number): string => {
      const columns = this.#dense.columns(split, from * headSize, (from + count) * headSize);
      return this.#split(columns, count * keyValueHeads);
    };
    return { query: part(0, group), key: part(group, 1), value: part(group + 1, 1) };
  }

  #split(projected: string, heads: number): string {
    return splitHeads(this.#graph, projected, heads, this.#spec.headSize);
  }

  /** Normalised and turned, as far as the layer does either. */
  #placed(layer: LayerSpec, heads: string, norm: NormSpec | null): string {
    const { headSize } = this.#spec;
    const perHead = norm?.width === headSize ? norm : null;
    const normalised = perHead ? this.#dense.norm(perHead, heads) : heads;
    const rotary = layer.rotary === undefined ? this.#spec.rotary : layer.rotary;
    return rotary ? this.#rotation.rotated(rotary, normalised, headSize) : normalised;
  }
}

/** The tokens in the order of the text. */
function placesOf(graph: GraphBuilder, positions: string): Places {
  const scalar = (value: number) => graph.node('Squeeze', [graph.integers([value])]);
  const count = graph.node('Size', [positions]);
  return {
    tokens: graph.node('Range', [scalar(0), count, scalar(1)]),
    positions: graph.node('Squeeze', [positions, graph.integers([0])]),
  };
}

/** [token, head · headSize] → [1, head, token, headSize] */
export function splitHeads(
  graph: GraphBuilder,
  projected: string,
  heads: number,
  headSize: number,
): string {
  const split = graph.node('Reshape', [projected, graph.integers([1, -1, heads, headSize])]);
  return graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
}

/** The reverse: `width` is head · headSize. */
export function joinedHeads(graph: GraphBuilder, heads: string, width: number): string {
  const turned = graph.node('Transpose', [heads], { perm: [0, 2, 1, 3] });
  return graph.node('Reshape', [turned, graph.integers([-1, width])]);
}
