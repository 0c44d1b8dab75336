/** The attention part of the Chapter model's graph. */
import { CHAPTER_INPUTS, CHAPTER_OUTPUTS } from '../../chapter/model';
import type { ChapterSettings } from '../../chapter/controls';
import { additiveWeight, scoreDivisor } from '../../chapter/similarity';
import type { GraphBuilder } from '../graph';
import { ElementType } from '../schema';

/** TensorProto.DataType of double, which the graph computes angles in. */
const FLOAT64 = 11;

/**
 * Columns of all heads together that the additive score adds up at a time: the sum
 * q + k of every pair takes tokens² times as many numbers.
 */
const ADDITIVE_COLUMNS = 16;

export class ChapterAttentionGraph {
  readonly #graph: GraphBuilder;
  readonly #settings: ChapterSettings;
  readonly #width: number;
  readonly #headSize: number;

  constructor(graph: GraphBuilder, settings: ChapterSettings, width: number) {
    this.#graph = graph;
    this.#settings = settings;
    this.#width = width;
    this.#headSize = width / settings.heads;
  }

  /** Adds attention over `seen` [1, token, width] and returns the context, [1, token, width]. */
  context(seen: string, positions: string, positionScale: string): string {
    const graph = this.#graph;
    const heads = this.#heads(seen);
    const [query, key] = this.#queryAndKey(heads, positions, positionScale);
    const value = graph.node('Identity', [heads], {}, CHAPTER_OUTPUTS.value);
    const similarity = this.#similarity(query, key);
    const scaled = this.#scaled(similarity, positions, positionScale);
    const weights = graph.node('Softmax', [scaled], { axis: -1 }, CHAPTER_OUTPUTS.weights);
    const joined = graph.node('Transpose', [graph.node('MatMul', [weights, value])], {
      perm: [0, 2, 1, 3],
    });
    const shape = graph.integers([1, -1, this.#width]);
    return graph.node('Reshape', [joined, shape], {}, CHAPTER_OUTPUTS.context);
  }

  /** [1, head, token, headSize]: W_Q = W_K = W_V = identity, so heads are slices. */
  #heads(seen: string): string {
    const shape = this.#graph.integers([1, -1, this.#settings.heads, this.#headSize]);
    const split = this.#graph.node('Reshape', [seen, shape]);
    return this.#graph.node('Transpose', [split], { perm: [0, 2, 1, 3] });
  }

  #queryAndKey(
    heads: string,
    positions: string,
    positionScale: string,
  ): [query: string, key: string] {
    const turns = this.#settings.encoding === 'rope' && this.#settings.wiring !== 'diagram';
    const source = turns ? this.#rotated(heads, positions, positionScale) : heads;
    return [
      this.#graph.node('Identity', [source], {}, CHAPTER_OUTPUTS.query),
      this.#graph.node('Identity', [source], {}, CHAPTER_OUTPUTS.key),
    ];
  }

  /** Columns j and j + headSize/2 turned by position · frequency (Su et al. 2021). */
  #rotated(heads: string, positions: string, positionScale: string): string {
    const graph = this.#graph;
    const half = this.#headSize / 2;
    const { cos, sin } = this.#angles(positions, positionScale, half);
    const [first, second] = [this.#columns(heads, 0, half), this.#columns(heads, half, 2 * half)];
    const times = (left: string, right: string) => graph.node('Mul', [left, right]);
    const turnedFirst = graph.node('Sub', [times(first, cos), times(second, sin)]);
    const turnedSecond = graph.node('Add', [times(second, cos), times(first, sin)]);
    return graph.node('Concat', [turnedFirst, turnedSecond], { axis: -1 });
  }

  /** Cosines and sines times the attention factor, [1, 1, token, pair], of angles that are computed in double. */
  #angles(positions: string, positionScale: string, pairs: number): { cos: string; sin: string } {
    const graph = this.#graph;
    const parts = this.#toDouble(graph.input(CHAPTER_INPUTS.frequencies, 'float32', [2, pairs]));
    const factor = graph.input(CHAPTER_INPUTS.attentionFactor, 'float32', []);
    const frequencies = graph.node('ReduceSum', [parts, graph.integers([0])], { keepdims: 0 });
    const column = graph.node('Reshape', [positions, graph.integers([1, 1, -1, 1])]);
    const moved = graph.node('Mul', [this.#toDouble(column), this.#toDouble(positionScale)]);
    const angle = graph.node('Mul', [moved, frequencies]);
    // The runtime has no cosine for doubles; it has a sine, and cos(x) = 1 − 2·sin²(x/2).
    const halfAngle = graph.node('Mul', [angle, this.#toDouble(graph.scalar(0.5))]);
    const halfSine = graph.node('Sin', [halfAngle]);
    const square = graph.node('Mul', [halfSine, halfSine]);
    const one = this.#toDouble(graph.scalar(1));
    const cos = graph.node('Sub', [one, graph.node('Add', [square, square])]);
    const scaled = (wave: string) => graph.node('Mul', [this.#toFloat(wave), factor]);
    return { cos: scaled(cos), sin: scaled(graph.node('Sin', [angle])) };
  }

  #similarity(query: string, key: string): string {
    const graph = this.#graph;
    if (this.#settings.similarity === 'additive') return this.#additive(query, key);
    const transposed = graph.node('Transpose', [key], { perm: [0, 1, 3, 2] });
    return graph.node('MatMul', [query, transposed], {}, CHAPTER_OUTPUTS.similarity);
  }

  /** v·tanh(q + k) of every pair (Bahdanau et al. 2015), some columns at a time. */
  #additive(query: string, key: string): string {
    const graph = this.#graph;
    // Columns before tokens: then sums run over whole planes of pairs, which is many times faster.
    const turned = [query, key].map((side) =>
      graph.node('Transpose', [side], { perm: [0, 1, 3, 2] }),
    );
    const queries = graph.node('Unsqueeze', [turned[0]!, graph.integers([4])]);
    const keys = graph.node('Unsqueeze', [turned[1]!, graph.integers([3])]);
    const columns = Math.max(1, Math.floor(ADDITIVE_COLUMNS / this.#settings.heads));
    const parts: string[] = [];
    for (let start = 0; start < this.#headSize; start += columns) {
      const end = Math.min(this.#headSize, start + columns);
      const [some, others] = [queries, keys].map((side) => this.#slice(side, start, end, 2));
      const bent = graph.node('Tanh', [graph.node('Add', [some!, others!])]);
      parts.push(graph.node('ReduceSum', [bent, graph.integers([2])], { keepdims: 0 }));
    }
    const sum = parts.reduce((left, right) => graph.node('Add', [left, right]));
    const v = graph.scalar(additiveWeight(this.#headSize));
    return graph.node('Mul', [sum, v], {}, CHAPTER_OUTPUTS.similarity);
  }

  /** What enters the softmax: scaled, with ALiBi's bias, masked. */
  #scaled(similarity: string, positions: string, positionScale: string): string {
    const graph = this.#graph;
    const { encoding, wiring, causal } = this.#settings;
    const scale = 1 / scoreDivisor(this.#settings.similarity, this.#headSize);
    let score = graph.node('Mul', [similarity, graph.scalar(scale)]);
    if (encoding === 'alibi' && wiring !== 'diagram') {
      score = graph.node('Sub', [score, this.#penalty(positions, positionScale)]);
    }
    if (causal)
      score = graph.node('Where', [this.#future(positions), graph.scalar(-Infinity), score]);
    return graph.node('Identity', [score], {}, CHAPTER_OUTPUTS.scaled);
  }

  /** slope · |query − key|, [head, query, key] (Press et al. 2021). */
  #penalty(positions: string, positionScale: string): string {
    const graph = this.#graph;
    const places = this.#toFloat(positions);
    const rows = graph.node('Reshape', [places, graph.integers([1, -1, 1])]);
    const columns = graph.node('Reshape', [places, graph.integers([1, 1, -1])]);
    const distance = graph.node('Abs', [graph.node('Sub', [rows, columns])]);
    const given = graph.input(CHAPTER_INPUTS.slopes, 'float32', [this.#settings.heads]);
    const slopes = graph.node('Reshape', [given, graph.integers([-1, 1, 1])]);
    return graph.node('Mul', [distance, graph.node('Mul', [slopes, positionScale])]);
  }

  /** Whether a key stands after the query in the text, wherever its position was moved; [query, key]. */
  #future(positions: string): string {
    const graph = this.#graph;
    const scalar = (list: string) => graph.node('Squeeze', [list]);
    const count = graph.node('Size', [positions]);
    const tokens = graph.node('Range', [
      scalar(graph.integers([0])),
      count,
      scalar(graph.integers([1])),
    ]);
    const queries = graph.node('Unsqueeze', [tokens, graph.integers([1])]);
    return graph.node('Less', [queries, graph.node('Unsqueeze', [tokens, graph.integers([0])])]);
  }

  #columns(heads: string, start: number, end: number): string {
    return this.#slice(heads, start, end, -1);
  }

  #slice(value: string, start: number, end: number, axis: number): string {
    const bounds = [start, end, axis].map((bound) => this.#graph.integers([bound]));
    return this.#graph.node('Slice', [value, ...bounds]);
  }

  #toDouble(value: string): string {
    return this.#graph.node('Cast', [value], { to: FLOAT64 });
  }

  #toFloat(value: string): string {
    return this.#graph.node('Cast', [value], { to: ElementType.float32 });
  }
}
