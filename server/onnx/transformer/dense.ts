/** The parts of a transformer that read one token at a time: linear layers, norms, feed-forward. */
import type { GraphBuilder } from '../graph';
import type { Parameters } from './parameters';
import { ExpertsPart } from './experts';
import type { Activation, ExpertsSpec, FeedForwardSpec, LinearSpec, NormSpec } from './spec';

export class DenseParts {
  readonly #graph: GraphBuilder;
  readonly #parameters: Parameters;

  constructor(graph: GraphBuilder, parameters: Parameters) {
    this.#graph = graph;
    this.#parameters = parameters;
  }

  /** [token, from] → [token, to] */
  linear({ weight, bias, from, to, stored, part }: LinearSpec, input: string): string {
    const turned = stored === 'toFrom';
    const read = (name: string, shape: number[]) =>
      part ? this.#parameters.part(name, part, shape) : this.#parameters.tensor(name, shape);
    const matrix = read(weight, turned ? [to, from] : [from, to]);
    const inputs = bias === null ? [] : [read(bias, [to])];
    return this.#graph.node('Gemm', [input, matrix, ...inputs], { transB: turned ? 1 : 0 });
  }

  /** Over the last axis, whose size is the norm's width. */
  norm({ kind, gain, bias, epsilon, gainOffset, width }: NormSpec, input: string): string {
    const graph = this.#graph;
    const stored =
      gain === null
        ? graph.floats(new Array<number>(width).fill(1), [width])
        : this.#parameters.tensor(gain, [width]);
    const factor = gainOffset === 0 ? stored : graph.node('Add', [stored, graph.scalar(1)]);
    if (kind === 'layer') {
      const inputs = bias === null ? [] : [this.#parameters.tensor(bias, [width])];
      const attributes = { axis: -1, epsilon: { float: epsilon } };
      return graph.node('LayerNormalization', [input, factor, ...inputs], attributes);
    }
    const squares = graph.node('Mul', [input, input]);
    const mean = graph.node('ReduceMean', [squares, graph.integers([-1])], { keepdims: 1 });
    const root = graph.node('Sqrt', [graph.node('Add', [mean, graph.scalar(epsilon)])]);
    return graph.node('Mul', [graph.node('Div', [input, root]), factor]);
  }

  /** [token, width] → [token, width] */
  feedForward(spec: FeedForwardSpec | ExpertsSpec, input: string): string {
    if (spec.kind === 'experts') return new ExpertsPart(this.#graph, this).read(spec, input);
    return this.linear(spec.down, this.#hidden(spec, input));
  }

  #hidden(spec: FeedForwardSpec, input: string): string {
    const graph = this.#graph;
    if (spec.kind === 'plain') return this.#activate(spec.activation, this.linear(spec.up, input));
    if (spec.kind === 'clampedGate') return this.#clampedGate(spec, input);
    const [gate, up] =
      spec.kind === 'gated'
        ? [this.linear(spec.gate, input), this.linear(spec.up, input)]
        : this.#halves(this.linear(spec.gateUp, input), spec.gateUp.to);
    return graph.node('Mul', [this.#activate(spec.activation, gate), up]);
  }

  #clampedGate(
    { gateUp, limit, slope }: FeedForwardSpec & { kind: 'clampedGate' },
    input: string,
  ): string {
    const graph = this.#graph;
    const joined = this.linear(gateUp, input);
    const [low, high] = [graph.scalar(-limit), graph.scalar(limit)];
    const gate = graph.node('Min', [this.#everySecond(joined, 0, gateUp.to), high]);
    const up = graph.node('Clip', [this.#everySecond(joined, 1, gateUp.to), low, high]);
    const opened = graph.node('Sigmoid', [graph.node('Mul', [gate, graph.scalar(slope)])]);
    const raised = graph.node('Add', [up, graph.scalar(1)]);
    return graph.node('Mul', [raised, graph.node('Mul', [gate, opened])]);
  }

  #everySecond(value: string, start: number, end: number): string {
    const graph = this.#graph;
    const bounds = [start, end, -1, 2].map((bound) => graph.integers([bound]));
    return graph.node('Slice', [value, ...bounds]);
  }

  #halves(joined: string, width: number): [gate: string, up: string] {
    return [this.columns(joined, 0, width / 2), this.columns(joined, width / 2, width)];
  }

  /** Columns [start, end) of the last axis. */
  columns(value: string, start: number, end: number): string {
    const graph = this.#graph;
    const bounds = [start, end, -1].map((bound) => graph.integers([bound]));
    return graph.node('Slice', [value, ...bounds]);
  }

  /** GELU: Hendrycks & Gimpel 2016, exact or by its tanh formula; SiLU: x·σ(x). */
  #activate(activation: Activation, input: string): string {
    const graph = this.#graph;
    switch (activation) {
      case 'gelu':
        return graph.node('Gelu', [input]);
      case 'geluTanh':
        return graph.node('Gelu', [input], { approximate: { text: 'tanh' } });
      case 'relu':
        return graph.node('Relu', [input]);
      case 'reluSquared': {
        const positive = graph.node('Relu', [input]);
        return graph.node('Mul', [positive, positive]);
      }
      case 'silu':
        return graph.node('Mul', [input, graph.node('Sigmoid', [input])]);
    }
  }
}
