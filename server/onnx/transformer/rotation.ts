/** Rotary encoding (Su et al. 2021) in a graph. */
import type { GraphBuilder } from '../graph';
import { OnceMap } from '../onceMap';
import { ElementType } from '../schema';
import type { DenseParts } from './dense';
import type { RotarySpec } from './spec';

/** Names of the graph's inputs that turn heads. */
export interface TurningInputs {
  /** int64 [1, token] */
  positions: string;
  /** float32 [] */
  positionScale: string;
  /** float32 [2, pair] and []; absent where layers turn differently, each by its own numbers. */
  frequencies?: string;
  attentionFactor?: string;
}

/** [token, pair] both */
interface Waves {
  cos: string;
  sin: string;
}

export class RotationPart {
  readonly #graph: GraphBuilder;
  readonly #dense: DenseParts;
  readonly #inputs: TurningInputs;
  readonly #waves = new OnceMap<Waves>();

  constructor(graph: GraphBuilder, dense: DenseParts, inputs: TurningInputs) {
    this.#graph = graph;
    this.#dense = dense;
    this.#inputs = inputs;
  }

  /** Heads [1, head, token, headSize] whose first columns turn by position · frequency. */
  rotated(rotary: RotarySpec, heads: string, headSize: number): string {
    const { rotatedWidth, pairing } = rotary;
    const parts = pairing === 'interleaved' ? this.#evenOdd : this.#halves;
    const turning = rotatedWidth < headSize ? this.#dense.columns(heads, 0, rotatedWidth) : heads;
    const turned = this.#turn(rotary, parts.call(this, turning, rotatedWidth));
    const whole =
      pairing === 'interleaved'
        ? this.#interleaved(turned, rotatedWidth)
        : this.#graph.node('Concat', turned, { axis: -1 });
    if (rotatedWidth === headSize) return whole;
    const rest = this.#dense.columns(heads, rotatedWidth, headSize);
    return this.#graph.node('Concat', [whole, rest], { axis: -1 });
  }

  #turn(rotary: RotarySpec, [first, second]: [string, string]): [string, string] {
    const graph = this.#graph;
    const { cos, sin } = this.#wavesOf(rotary);
    const times = (left: string, right: string) => graph.node('Mul', [left, right]);
    return [
      graph.node('Sub', [times(first, cos), times(second, sin)]),
      graph.node('Add', [times(second, cos), times(first, sin)]),
    ];
  }

  #halves(columns: string, width: number): [string, string] {
    return [
      this.#dense.columns(columns, 0, width / 2),
      this.#dense.columns(columns, width / 2, width),
    ];
  }

  #evenOdd(columns: string, width: number): [string, string] {
    const graph = this.#graph;
    const every = (from: number): string => {
      const bounds = [from, width, -1, 2].map((bound) => graph.integers([bound]));
      return graph.node('Slice', [columns, ...bounds]);
    };
    return [every(0), every(1)];
  }

  /** The reverse of {@link #evenOdd}. */
  #interleaved(parts: readonly [string, string], width: number): string {
    const graph = this.#graph;
    const pairs = parts.map((part) => graph.node('Unsqueeze', [part, graph.integers([-1])]));
    const joined = graph.node('Concat', pairs, { axis: -1 });
    return graph.node('Reshape', [joined, graph.integers([0, 0, 0, width])]);
  }

  /** Cosines and sines: in float32, as the models were trained with. */
  #wavesOf(rotary: RotarySpec): Waves {
    const { frequencies, attentionFactor } = rotary;
    return this.#waves.get(`${frequencies.join()}/${attentionFactor}`, () => {
      const graph = this.#graph;
      const floats = graph.node('Cast', [this.#inputs.positions], { to: ElementType.float32 });
      const column = graph.node('Reshape', [floats, graph.integers([-1, 1])]);
      const places = graph.node('Mul', [column, this.#inputs.positionScale]);
      const angles = graph.node('Mul', [places, this.#frequencies(rotary)]);
      return {
        cos: this.#scaled(rotary, graph.node('Cos', [angles])),
        sin: this.#scaled(rotary, graph.node('Sin', [angles])),
      };
    });
  }

  #frequencies({ frequencies }: RotarySpec): string {
    const graph = this.#graph;
    const given = this.#inputs.frequencies;
    if (given === undefined) return graph.floats(frequencies, [frequencies.length]);
    return graph.node('ReduceSum', [given, graph.integers([0])], { keepdims: 0 });
  }

  #scaled({ attentionFactor }: RotarySpec, wave: string): string {
    const given = this.#inputs.attentionFactor;
    if (given !== undefined) return this.#graph.node('Mul', [wave, given]);
    if (attentionFactor === 1) return wave;
    return this.#graph.node('Mul', [wave, this.#graph.scalar(attentionFactor)]);
  }
}
