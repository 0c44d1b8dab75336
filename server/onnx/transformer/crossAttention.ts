/** Attention of a decoder's tokens to those of the encoder's text: nothing masks it, and no distance counts. */
import { attentionWeights, blockedAttention } from '../architectures/blockedAttention';
import type { GraphBuilder } from '../graph';
import { joinedHeads, LONGEST_WHOLE, splitHeads, type AttentionNames } from './attention';
import type { DenseParts } from './dense';
import type { CrossSpec, DecoderSpec } from './spec';

export class CrossAttentionPart {
  readonly #graph: GraphBuilder;
  readonly #dense: DenseParts;
  readonly #spec: DecoderSpec;
  /** What the encoder gives: [token, width]. */
  readonly #memory: string;

  constructor(graph: GraphBuilder, dense: DenseParts, spec: DecoderSpec, memory: string) {
    this.#graph = graph;
    this.#dense = dense;
    this.#spec = spec;
    this.#memory = memory;
  }

  /** Adds a layer's attention of `input` [target, width] to the memory, and declares its outputs. */
  weights(layer: CrossSpec, input: string, names: AttentionNames): void {
    const { heads, headSize } = this.#spec.self;
    const graph = this.#graph;
    const parts = [
      ['query', this.#dense.linear(layer.query, input), 'target'],
      ['key', this.#dense.linear(layer.key, this.#memory), 'token'],
      ['value', this.#dense.linear(layer.value, this.#memory), 'token'],
    ] as const;
    for (const [part, projected, axis] of parts) {
      const split = splitHeads(graph, projected, heads, headSize);
      graph.node('Identity', [split], {}, names[part]);
      graph.output(names[part], 'float32', [1, heads, axis, headSize]);
    }
    attentionWeights(graph, this.#operands(names), this.#spec.crossScale, names.weights);
    graph.output(names.weights, 'float32', [1, heads, 'target', 'token']);
  }

  /** What the heads read of the memory, through W_O: [target, width]. */
  context(layer: CrossSpec, names: AttentionNames): string {
    const { heads, headSize, contextLength } = this.#spec.self;
    const graph = this.#graph;
    const rule = { heads, scale: this.#spec.crossScale };
    const read =
      contextLength > LONGEST_WHOLE
        ? blockedAttention(graph, { ...this.#operands(names), value: names.value }, rule)
        : graph.node('MatMul', [names.weights, names.value]);
    return this.#dense.linear(layer.output, joinedHeads(graph, read, heads * headSize));
  }

  #operands({ query, key }: AttentionNames): { query: string; transposedKey: string } {
    const transposedKey = this.#graph.node('Transpose', [key], { perm: [0, 1, 3, 2] });
    return { query, transposedKey };
  }
}
