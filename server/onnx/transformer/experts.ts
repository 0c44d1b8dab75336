/** Feed-forwards of which a router chooses some for each token. */
import type { GraphBuilder } from '../graph';
import { ElementType } from '../schema';
import type { ExpertsSpec, FeedForwardSpec, LinearSpec } from './spec';

/** What experts are made of. */
interface Dense {
  linear(spec: LinearSpec, input: string): string;
  feedForward(spec: FeedForwardSpec, input: string): string;
}

/** Names of values: which experts read each token, int64, and how much they count: [token, used] both. */
interface Choice {
  experts: string;
  shares: string;
}

export class ExpertsPart {
  readonly #graph: GraphBuilder;
  readonly #dense: Dense;

  constructor(graph: GraphBuilder, dense: Dense) {
    this.#graph = graph;
    this.#dense = dense;
  }

  /** [token, width] → [token, width]; no expert computes for tokens that it was not chosen for. */
  read(spec: ExpertsSpec, input: string): string {
    const choice = this.#choose(spec, input);
    const none = this.#graph.node('Sub', [input, input]);
    return spec.experts.reduce(
      (sum, expert, index) => this.#add(sum, input, choice, { expert, index }),
      none,
    );
  }

  #choose({ router, used, shares }: ExpertsSpec, input: string): Choice {
    const graph = this.#graph;
    const scores = this.#dense.linear(router, input);
    const softmax = (value: string) => graph.node('Softmax', [value], { axis: -1 });
    const ranked = shares === 'ofAll' ? softmax(scores) : scores;
    const [values, experts] = graph.nodeOf(2, 'TopK', [ranked, graph.integers([used])], {
      axis: -1,
    }) as [string, string];
    return { experts, shares: shares === 'ofAll' ? values : softmax(values) };
  }

  /** `sum` and what an expert makes of its tokens. */
  #add(
    sum: string,
    input: string,
    { experts, shares }: Choice,
    { expert, index }: { expert: FeedForwardSpec; index: number },
  ): string {
    const graph = this.#graph;
    const last = graph.integers([-1]);
    const isIts = graph.node('Equal', [experts, graph.integers([index])]);
    const its = graph.node('Cast', [isIts], { to: ElementType.float32 });
    const chosen = graph.node('ReduceMax', [its, last], { keepdims: 0 });
    const share = graph.node('ReduceSum', [graph.node('Mul', [its, shares]), last], {
      keepdims: 1,
    });
    const tokens = graph.node('Squeeze', [graph.node('NonZero', [chosen]), graph.integers([0])]);
    const rows = (value: string) => graph.node('Gather', [value, tokens], { axis: 0 });
    const read = this.#dense.feedForward(expert, rows(input));
    const counted = graph.node('Mul', [read, rows(share)]);
    const places = graph.node('Unsqueeze', [tokens, last]);
    return graph.node('ScatterND', [sum, places, counted], { reduction: { text: 'add' } });
  }
}
