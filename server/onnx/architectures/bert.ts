/**
 * The graph of a BERT encoder (Devlin et al. 2019) for one unpadded sequence of
 * segment 0, with every layer's query, key, value and attention weights as
 * outputs. Weights stay in the safetensors file, in whatever type they are
 * stored, and are computed with in float32.
 */
import { attentionWeights, blockedAttention } from './blockedAttention';
import { GraphBuilder } from '../graph';
import { ElementType } from '../schema';
import type { StoredWeight, WeightFile } from '../weightFile';
import type { EmbeddingNames } from '../../models/manifest';
import type { BertConfig } from './bertConfig';

/** Opset 20 is the first whose Gelu is an operator; ORT's WASM and native builds both run it. */
const OPSET = 20;

/** Models that read more tokens at once than this compute attention block by block. */
const LONGEST_WHOLE = 1024;

/** Names of the graph's inputs. */
export const BERT_INPUTS = {
  ids: 'input_ids',
  positions: 'position_ids',
  positionScale: 'position_scale',
} as const;

/** Names of one layer's outputs. */
export function bertTaps(layer: number): {
  query: string;
  key: string;
  value: string;
  weights: string;
} {
  const name = `layer.${layer}`;
  return {
    query: `${name}.query`,
    key: `${name}.key`,
    value: `${name}.value`,
    weights: `${name}.weights`,
  };
}

/** W_O of a layer in the weights file. */
export function bertOutputWeight(layer: number): string {
  return `encoder.layer.${layer}.attention.output.dense.weight`;
}

/** Names of what the first layer's queries and keys are made of. */
export function bertEmbedding({ layer_norm_eps: epsilon }: BertConfig): EmbeddingNames {
  const linear = (name: string) => ({
    weight: `encoder.layer.0.attention.self.${name}.weight`,
    bias: `encoder.layer.0.attention.self.${name}.bias`,
  });
  const norm = 'embeddings.LayerNorm';
  return {
    words: 'embeddings.word_embeddings.weight',
    constant: 'embeddings.token_type_embeddings.weight',
    norm: { gain: `${norm}.weight`, bias: `${norm}.bias`, epsilon },
    query: linear('query'),
    key: linear('key'),
  };
}

export const BERT_POSITION_TABLE = 'embeddings.position_embeddings.weight';

/** What q·k is multiplied with before the softmax: 1/√(head size) (Vaswani et al. 2017). */
export function bertScoreScale(config: BertConfig): number {
  return 1 / Math.sqrt(config.hidden_size / config.num_attention_heads);
}

/**
 * The encoder as the bytes of an `.onnx` file whose external data are ranges of
 * `weights`. Inputs: `input_ids` and `position_ids` int64 [1, token], and
 * `position_scale` float32 [], which multiplies the position embedding.
 * Outputs: `layer.N.query|key|value` float32 [1, head, token, headSize],
 * `layer.N.weights` float32 [1, head, query, key], `last_hidden_state` float32
 * [1, token, width]. Throws OnnxError when a tensor is missing or misshapen.
 */
export function buildBert(config: BertConfig, weights: WeightFile): Uint8Array {
  return new BertGraph(config, weights).finish();
}

class BertGraph {
  readonly #graph = new GraphBuilder('bert', OPSET);
  readonly #config: BertConfig;
  readonly #weights: WeightFile;

  constructor(config: BertConfig, weights: WeightFile) {
    this.#config = config;
    this.#weights = weights;
  }

  /** Inside, a hidden state is [token, width]: with a batch of one, a linear layer is one Gemm. */
  finish(): Uint8Array {
    const graph = this.#graph;
    let hidden = this.#embeddings();
    for (let layer = 0; layer < this.#config.num_hidden_layers; layer++) {
      hidden = this.#layer(layer, hidden);
    }
    graph.node('Unsqueeze', [hidden, graph.integers([0])], {}, 'last_hidden_state');
    graph.output('last_hidden_state', 'float32', [1, 'token', this.#config.hidden_size]);
    return graph.finish();
  }

  #embeddings(): string {
    const graph = this.#graph;
    const { max_position_embeddings, type_vocab_size, vocab_size } = this.#config;
    const ids = graph.input(BERT_INPUTS.ids, 'int64', [1, 'token']);
    const positions = graph.input(BERT_INPUTS.positions, 'int64', [1, 'token']);
    const positionScale = graph.input(BERT_INPUTS.positionScale, 'float32', []);
    const word = this.#rows('embeddings.word_embeddings.weight', vocab_size, ids);
    const position = this.#rows(BERT_POSITION_TABLE, max_position_embeddings, positions);
    const segment = this.#firstRow('embeddings.token_type_embeddings.weight', type_vocab_size);
    const content = graph.node('Add', [word, segment]);
    const sum = graph.node('Add', [content, graph.node('Mul', [position, positionScale])]);
    return this.#normalize('embeddings.LayerNorm', sum);
  }

  /**
   * Rows [token, width] of an embedding table. The gathered rows are cast, not
   * the table: a whole table in float32 would take twice its size in memory.
   */
  #rows(name: string, rows: number, indices: string): string {
    const shape = [rows, this.#config.hidden_size];
    const { type, range } = this.#weights.tensor(name, shape);
    const table = this.#graph.external(name, type, shape, range);
    const flat = this.#graph.node('Squeeze', [indices, this.#graph.integers([0])]);
    const gathered = this.#graph.node('Gather', [table, flat], { axis: 0 });
    return type === 'float32' ? gathered : this.#toFloat(gathered);
  }

  #layer(layer: number, input: string): string {
    const name = `encoder.layer.${layer}`;
    const { hidden_size, intermediate_size } = this.#config;
    const graph = this.#graph;
    const context = this.#attention(layer, input);
    const attended = this.#linear(
      `${name}.attention.output.dense`,
      hidden_size,
      hidden_size,
      context,
    );
    const middle = this.#normalize(
      `${name}.attention.output.LayerNorm`,
      graph.node('Add', [attended, input]),
    );
    const wide = this.#linear(`${name}.intermediate.dense`, hidden_size, intermediate_size, middle);
    const narrow = this.#linear(
      `${name}.output.dense`,
      intermediate_size,
      hidden_size,
      graph.node('Gelu', [wide]),
    );
    return this.#normalize(`${name}.output.LayerNorm`, graph.node('Add', [narrow, middle]));
  }

  /** Whether a matrix of all tokens by all tokens would be too large. */
  get #isLong(): boolean {
    return this.#config.max_position_embeddings > LONGEST_WHOLE;
  }

  /**
   * Context [token, width]. In a model with a long context the weights stand beside what
   * the context is made of: nothing but the probe at load asks for them, with few tokens.
   */
  #attention(layer: number, input: string): string {
    const graph = this.#graph;
    const { hidden_size, num_attention_heads } = this.#config;
    const taps = bertTaps(layer);
    const self = `encoder.layer.${layer}.attention.self`;
    const query = this.#heads(`${self}.query`, input, taps.query);
    const key = this.#heads(`${self}.key`, input, taps.key);
    const value = this.#heads(`${self}.value`, input, taps.value);
    const heads = { query, transposedKey: graph.node('Transpose', [key], { perm: [0, 1, 3, 2] }) };
    const scale = bertScoreScale(this.#config);
    const weights = attentionWeights(graph, heads, scale, taps.weights);
    graph.output(weights, 'float32', [1, num_attention_heads, 'token', 'token']);
    const context = this.#isLong
      ? blockedAttention(graph, { ...heads, value }, { heads: num_attention_heads, scale })
      : graph.node('MatMul', [weights, value]);
    const joined = graph.node('Transpose', [context], { perm: [0, 2, 1, 3] });
    return graph.node('Reshape', [joined, graph.integers([-1, hidden_size])]);
  }

  /** A projection split into heads, [1, head, token, headSize], named as an output. */
  #heads(name: string, input: string, output: string): string {
    const graph = this.#graph;
    const { hidden_size, num_attention_heads } = this.#config;
    const headSize = hidden_size / num_attention_heads;
    const projected = this.#linear(name, hidden_size, hidden_size, input);
    const shape = graph.integers([1, -1, num_attention_heads, headSize]);
    const split = graph.node('Reshape', [projected, shape]);
    graph.node('Transpose', [split], { perm: [0, 2, 1, 3] }, output);
    graph.output(output, 'float32', [1, num_attention_heads, 'token', headSize]);
    return output;
  }

  /** input · Wᵀ + b, with W [to, from] as PyTorch stores it. */
  #linear(name: string, from: number, to: number, input: string): string {
    const weight = this.#parameter(`${name}.weight`, [to, from]);
    const bias = this.#parameter(`${name}.bias`, [to]);
    return this.#graph.node('Gemm', [input, weight, bias], { transB: 1 });
  }

  #normalize(name: string, input: string): string {
    const { hidden_size, layer_norm_eps } = this.#config;
    const gain = this.#parameter(`${name}.weight`, [hidden_size]);
    const bias = this.#parameter(`${name}.bias`, [hidden_size]);
    return this.#graph.node('LayerNormalization', [input, gain, bias], {
      axis: -1,
      epsilon: { float: layer_norm_eps },
    });
  }

  #parameter(name: string, shape: readonly number[]): string {
    return this.#float(name, this.#weights.tensor(name, shape), shape);
  }

  /** The first of a table's rows, [width]; the others are not even read. */
  #firstRow(name: string, rows: number): string {
    const { hidden_size } = this.#config;
    const { type, range } = this.#weights.tensor(name, [rows, hidden_size]);
    const row = { ...range, length: range.length / rows };
    return this.#float(name, { type, range: row }, [hidden_size]);
  }

  /** A stored tensor in float32; the runtime folds the cast when it loads the graph. */
  #float(name: string, { type, range }: StoredWeight, shape: readonly number[]): string {
    const stored = this.#graph.external(name, type, shape, range);
    return type === 'float32' ? stored : this.#toFloat(stored);
  }

  #toFloat(value: string): string {
    return this.#graph.node('Cast', [value], { to: ElementType.float32 });
  }
}
