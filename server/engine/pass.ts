/** One run through the parts of a graph, as far as it is asked to go. */
import { floatOutputs, type NamedOutput, type Tensor } from './tensor';
import type { Feeds, Session } from './session';

/** A graph, or a slice of one. */
export interface GraphPart {
  /** What it reads; null where that is everything the model is fed with. */
  inputs: readonly string[] | null;
  outputs: readonly string[];
  /** Opens it when it is first run. */
  session: () => Promise<Session>;
}

interface Step {
  part: GraphPart;
  outputs: readonly string[];
}

/** Runs only what is needed, and keeps a value no longer than somebody may still read it. */
export class Pass {
  readonly #feeds: Feeds;
  readonly #steps: Step[];
  readonly #values = new Map<string, Tensor>();
  readonly #wanted: Set<string>;

  /** `parts` in the order in which they can run; `wanted`: all that will be taken. */
  constructor(parts: readonly GraphPart[], feeds: Feeds, wanted: readonly string[]) {
    this.#feeds = feeds;
    this.#wanted = new Set(wanted);
    this.#steps = stepsFor(parts, this.#wanted);
  }

  /** Runs on until these are there, and hands each out once. Fails with `modelRefused` where one is not float32. */
  async take(names: readonly string[]): Promise<ReadonlyMap<string, NamedOutput>> {
    while (names.some((name) => !this.#values.has(name)) && this.#steps.length > 0) {
      await this.#run(this.#steps.shift()!);
    }
    const taken = floatOutputs(this.#values, names);
    for (const name of names) this.#wanted.delete(name);
    this.#tidy();
    return taken;
  }

  async #run({ part, outputs }: Step): Promise<void> {
    const session = await part.session();
    for (const [name, value] of await session.run(this.#feedsOf(part), outputs)) {
      this.#values.set(name, value);
    }
    this.#tidy();
  }

  #feedsOf({ inputs }: GraphPart): Feeds {
    if (!inputs) return this.#feeds;
    const values = inputs.map(
      (name) => [name, this.#feeds[name] ?? this.#values.get(name)!] as const,
    );
    return Object.fromEntries(values);
  }

  #tidy(): void {
    const read = new Set(this.#steps.flatMap(({ part }) => part.inputs ?? []));
    for (const name of [...this.#values.keys()]) {
      if (!read.has(name) && !this.#wanted.has(name)) this.#values.delete(name);
    }
  }
}

/** The parts that have to run, each with those of its outputs that somebody reads. */
function stepsFor(parts: readonly GraphPart[], wanted: ReadonlySet<string>): Step[] {
  const read = new Set(wanted);
  const steps: Step[] = [];
  for (const part of [...parts].reverse()) {
    const outputs = part.outputs.filter((name) => read.has(name));
    if (outputs.length === 0) continue;
    steps.unshift({ part, outputs });
    for (const name of part.inputs ?? []) read.add(name);
  }
  return steps;
}
