/** From queries and keys to weights by a rule, in a graph or in a block of queries inside one. */
import type { GraphBuilder } from '../graph';
import { OnceMap } from '../onceMap';
import { ElementType } from '../schema';
import type { RelativeBias, ScoreRule } from '../../models/manifest';
import type { RuleNumbers } from './ruleNumbers';

/** Some tokens, by names of values: int64 [token] both. */
export interface Places {
  /** Where each stands in the text. */
  tokens: string;
  /** The position that it has, which may be another. */
  positions: string;
}

/** Names of values: query [1, head, query, headSize], key [1, keyValueHead, headSize, key]. */
export interface QueryAndKey {
  query: string;
  transposedKey: string;
}

/** What a rule needs beside queries and keys. */
export interface RuleInputs {
  heads: number;
  keyValueHeads: number;
  numbers: RuleNumbers;
  /** float32 [head]: ALiBi's slopes, scaled; absent where no layer has any. */
  slopes?: string;
}

/** Masks and biases are made once for all layers that have the same. */
export class ScorePart {
  readonly #graph: GraphBuilder;
  readonly #inputs: RuleInputs;
  readonly #queries: Places;
  readonly #keys: Places;
  readonly #known = new OnceMap<string>();

  constructor(graph: GraphBuilder, inputs: RuleInputs, queries: Places, keys: Places) {
    this.#graph = graph;
    this.#inputs = inputs;
    this.#queries = queries;
    this.#keys = keys;
  }

  /** softmax over keys of the rule's scores: [1, head, query, key]. Throws TypeError for an additive rule. */
  weights(rule: ScoreRule, heads: QueryAndKey, output?: string): string {
    const graph = this.#graph;
    const scores = this.#masked(rule, this.#biased(rule, this.#similarity(rule, heads)));
    if (!rule.sinks) return graph.node('Softmax', [scores], { axis: -1 }, output);
    const sinks = graph.node('Add', [this.#inputs.numbers.sinks(rule.sinks), this.#zeroPerQuery()]);
    const joined = graph.node('Concat', [scores, sinks], { axis: -1 });
    const weights = graph.node('Softmax', [joined], { axis: -1 });
    const [first, last] = [graph.integers([0]), graph.integers([-1])];
    return graph.node('Slice', [weights, first, last, last], {}, output);
  }

  /** What the queries read: weights · value, [1, head, query, headSize]. */
  read(weights: string, value: string): string {
    const product = this.#graph.node('MatMul', [this.#grouped(weights), this.#shared(value)]);
    return this.#ungrouped(product);
  }

  #similarity(rule: ScoreRule, { query, transposedKey }: QueryAndKey): string {
    const graph = this.#graph;
    if (rule.kind === 'additive') throw new TypeError('No transformer has additive scores.');
    const product = graph.node('MatMul', [this.#grouped(query), this.#shared(transposedKey)]);
    const similarity = this.#ungrouped(product);
    const scaled = graph.node('Mul', [similarity, graph.scalar(rule.scale)]);
    if (rule.kind === 'dot') return scaled;
    const cap = graph.scalar(rule.cap);
    return graph.node('Mul', [graph.node('Tanh', [graph.node('Div', [scaled, cap])]), cap]);
  }

  #biased({ bias: { alibi, relative } }: ScoreRule, scores: string): string {
    const graph = this.#graph;
    let sum = scores;
    if (alibi) sum = graph.node('Sub', [sum, this.#known.get('alibi', () => this.#penalties())]);
    if (relative) {
      const key = `relative ${JSON.stringify(relative.table)}`;
      sum = graph.node('Add', [sum, this.#known.get(key, () => this.#byDistance(relative))]);
    }
    return sum;
  }

  /** slope · |position of the query − position of the key|, [head, query, key] (Press et al. 2021). */
  #penalties(): string {
    const graph = this.#graph;
    const apart = graph.node('Abs', [this.#difference('positions')]);
    const floats = graph.node('Cast', [apart], { to: ElementType.float32 });
    const slopes = graph.node('Reshape', [this.#inputs.slopes!, graph.integers([-1, 1, 1])]);
    return graph.node('Mul', [floats, slopes]);
  }

  /** What each distance adds, [head, query, key]. */
  #byDistance(relative: RelativeBias): string {
    const graph = this.#graph;
    const reach = (relative.buckets.length - 1) / 2;
    const [low, high] = [graph.integers([-reach]), graph.integers([reach])];
    const near = graph.node('Max', [graph.node('Min', [this.#difference('positions'), high]), low]);
    const column = graph.node('Add', [near, high]);
    return graph.node('Gather', [this.#inputs.numbers.distances(relative), column], { axis: 1 });
  }

  #masked({ bias: { causal, window } }: ScoreRule, scores: string): string {
    if (!causal && window === undefined) return scores;
    const graph = this.#graph;
    const hidden = this.#known.get(`mask ${causal} ${window}`, () => this.#hidden(causal, window));
    return graph.node('Where', [hidden, graph.scalar(-Infinity), scores]);
  }

  /** Whether a key's place in the text hides it, wherever its position was moved; [query, key]. */
  #hidden(causal: boolean, window: number | undefined): string {
    const graph = this.#graph;
    const ahead = this.#difference('tokens');
    const later = graph.node('Greater', [ahead, graph.integers([causal ? 0 : window!])]);
    if (window === undefined) return later;
    const earlier = graph.node('Less', [ahead, graph.integers([-window])]);
    return graph.node('Or', [later, earlier]);
  }

  /** Of the key − of the query: int64 [query, key]. */
  #difference(of: keyof Places): string {
    return this.#known.get(`difference of ${of}`, () => {
      const graph = this.#graph;
      const keys = graph.node('Unsqueeze', [this.#keys[of], graph.integers([0])]);
      const queries = graph.node('Unsqueeze', [this.#queries[of], graph.integers([1])]);
      return graph.node('Sub', [keys, queries]);
    });
  }

  /** float32 [query, 1] of zeros. */
  #zeroPerQuery(): string {
    return this.#known.get('zero per query', () => {
      const graph = this.#graph;
      const column = graph.node('Unsqueeze', [this.#queries.tokens, graph.integers([1])]);
      const floats = graph.node('Cast', [column], { to: ElementType.float32 });
      return graph.node('Mul', [floats, graph.scalar(0)]);
    });
  }

  get #isGrouped(): boolean {
    return this.#inputs.keyValueHeads < this.#inputs.heads;
  }

  /** Query heads beside the key head they share: [1, head, …] → [1, keyValueHead, head of the group, …]. */
  #grouped(value: string): string {
    const { heads, keyValueHeads } = this.#inputs;
    return this.#reheaded(value, [1, keyValueHeads, heads / keyValueHeads], 2);
  }

  /** The reverse of {@link #grouped}. */
  #ungrouped(value: string): string {
    return this.#reheaded(value, [1, this.#inputs.heads], 3);
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
}
