/** A model's stored tensors as values of a graph, in float32. */
import type { GraphBuilder } from '../graph';
import { OnceMap } from '../onceMap';
import { ElementType } from '../schema';
import type { StoredWeight, WeightFile } from '../weightFile';

export class Parameters {
  readonly #graph: GraphBuilder;
  readonly #weights: Pick<WeightFile, 'tensor'>;
  /** Layers may share their weights. */
  readonly #known = new OnceMap<string>();

  constructor(graph: GraphBuilder, weights: Pick<WeightFile, 'tensor'>) {
    this.#graph = graph;
    this.#weights = weights;
  }

  /** The whole tensor; the runtime folds the cast when it loads the graph. Throws OnnxError as {@link WeightFile}. */
  tensor(name: string, shape: readonly number[]): string {
    return this.#known.get(name, () => this.#float(name, this.#weights.tensor(name, shape), shape));
  }

  /**
   * Rows [token, width] of a table [rows, width]. The gathered rows are cast, not the
   * table: a whole table in float32 would take twice its size in memory.
   */
  rows(name: string, [rows, width]: readonly [number, number], indices: string): string {
    const { type, range } = this.#weights.tensor(name, [rows, width]);
    const table = this.#known.get(`${name}/stored`, () =>
      this.#graph.external(name, type, [rows, width], range),
    );
    const gathered = this.#graph.node('Gather', [table, indices], { axis: 0 });
    return type === 'float32' ? gathered : this.#toFloat(gathered);
  }

  /** The first of a table's rows, [width]; the others are not even read. */
  firstRow(name: string, [rows, width]: readonly [number, number]): string {
    return this.part(name, { index: 0, of: rows }, [width]);
  }

  /** One of a tensor's `of` parts along its first axis; `shape`: of the part. */
  part(
    name: string,
    { index, of }: { index: number; of: number },
    shape: readonly number[],
  ): string {
    const own = `${name}/${index}`;
    return this.#known.get(own, () => {
      const { type, range } = this.#weights.tensor(name, [of, ...shape]);
      const length = range.length / of;
      const place = { ...range, offset: range.offset + index * length, length };
      return this.#float(own, { type, range: place }, shape);
    });
  }

  #float(name: string, { type, range }: StoredWeight, shape: readonly number[]): string {
    const stored = this.#graph.external(name, type, shape, range);
    return type === 'float32' ? stored : this.#toFloat(stored);
  }

  #toFloat(value: string): string {
    return this.#graph.node('Cast', [value], { to: ElementType.float32 });
  }
}
