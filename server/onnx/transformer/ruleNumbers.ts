/** The learned numbers of score rules as values of a graph, which blocks in it read as well. */
import type { GraphBuilder } from '../graph';
import { OnceMap } from '../onceMap';
import type { Numbers, RelativeBias } from '../../models/manifest';
import type { Parameters } from './parameters';

export class RuleNumbers {
  readonly #graph: GraphBuilder;
  readonly #parameters: Parameters;
  readonly #heads: number;
  readonly #positionScale: string;
  readonly #known = new OnceMap<string>();

  /** `positionScale`: float32 [], multiplies what distances add. */
  constructor(graph: GraphBuilder, parameters: Parameters, heads: number, positionScale: string) {
    this.#graph = graph;
    this.#parameters = parameters;
    this.#heads = heads;
    this.#positionScale = positionScale;
  }

  /** What each distance adds: [head, 2 · reach + 1]. */
  distances({ buckets, table }: RelativeBias): string {
    return this.#known.get(`distances ${JSON.stringify(table)}`, () => {
      const graph = this.#graph;
      const values = this.#numbers(table, [Math.max(...buckets) + 1, this.#heads]);
      const gathered = graph.node('Gather', [values, graph.integers(buckets)], { axis: 0 });
      const turned = graph.node('Transpose', [gathered], { perm: [1, 0] });
      return graph.node('Mul', [turned, this.#positionScale]);
    });
  }

  /** [1, head, 1, 1] */
  sinks(sinks: Numbers): string {
    return this.#known.get(`sinks ${JSON.stringify(sinks)}`, () => {
      const shape = this.#graph.integers([1, -1, 1, 1]);
      return this.#graph.node('Reshape', [this.#numbers(sinks, [this.#heads]), shape]);
    });
  }

  #numbers(numbers: Numbers, shape: readonly number[]): string {
    return 'tensor' in numbers
      ? this.#parameters.tensor(numbers.tensor, shape)
      : this.#graph.floats(numbers, shape);
  }
}
