/** A prepared graph as one looks around in it. */
import type { Value } from './evaluate/value';
import { TEXT } from './inputs';
import type { TapModel } from './model';
import { readsOf, type GraphNode } from './node';
import { countOf } from './tensor';

export class GraphView {
  readonly #makers = new Map<string, GraphNode>();
  readonly #readers = new Map<string, GraphNode[]>();

  constructor(
    readonly model: TapModel,
    /** For a text of some tokens. */
    readonly values: ReadonlyMap<string, Value>,
  ) {
    for (const node of model.nodes) {
      for (const name of node.outputs) this.#makers.set(name, node);
      for (const name of readsOf(node)) {
        const known = this.#readers.get(name);
        if (known) known.push(node);
        else this.#readers.set(name, [node]);
      }
    }
  }

  maker(name: string): GraphNode | undefined {
    return this.#makers.get(name);
  }

  readers(name: string): readonly GraphNode[] {
    return this.#readers.get(name) ?? [];
  }

  value(name: string): Value | undefined {
    return this.values.get(name);
  }

  dims(name: string): readonly number[] | undefined {
    return this.values.get(name)?.dims;
  }

  /** Whether the value depends on the words of a text, not on their number alone. */
  isText(name: string): boolean {
    return ((this.values.get(name)?.origin ?? 0) & TEXT) !== 0;
  }

  /** The number of a value that is one number; undefined where it is none or not known. */
  scalar(name: string): number | undefined {
    const value = this.values.get(name);
    return value?.data?.length === 1 ? value.data[0] : undefined;
  }

  isSingle(name: string): boolean {
    const dims = this.dims(name);
    return dims !== undefined && countOf(dims) === 1;
  }

  /** The nodes that a value needs, in order. */
  cone(names: readonly string[]): GraphNode[] {
    const needed = new Set<GraphNode>();
    const open = [...names];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const node = this.#makers.get(name);
      if (!node || needed.has(node)) continue;
      needed.add(node);
      open.push(...readsOf(node));
    }
    return this.model.nodes.filter((node) => needed.has(node));
  }
}
