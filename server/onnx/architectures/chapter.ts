/**
 * The graph of the Chapter model: the chapter's pipeline on one unpadded sequence, with
 * every tensor of it as an output. Token vectors and the learned position table stay in
 * the bundled model's file, the rest in a file that is made for the settings.
 */
import {
  CHAPTER_INPUTS,
  CHAPTER_OUTPUTS,
  chapterTensors,
  type ChapterTensorName,
} from '../../chapter/model';
import { embeddingScale } from '../../chapter/encoding';
import { chapterParameters, PARAMETERS, PARAMETERS_LOCATION } from '../../chapter/parameters';
import type { ChapterSettings } from '../../chapter/controls';
import { GraphBuilder } from '../graph';
import { readSafetensors } from '../safetensors';
import { ElementType } from '../schema';
import { WeightFile } from '../weightFile';
import { ChapterAttentionGraph } from './chapterAttention';

/** As the bundled model's graph; the first with Gelu. */
const OPSET = 20;

/** Sizes of the bundled model's tables. */
export interface ChapterSize {
  width: number;
  vocabulary: number;
  positions: number;
}

export interface ChapterGraph {
  /** The bytes of an `.onnx` file. */
  graph: Uint8Array;
  /** The bytes that it asks for under {@link PARAMETERS_LOCATION}. */
  parameters: Uint8Array;
}

/**
 * Builds the model for its settings; `bundled` is the bundled model's weights file.
 * Inputs and outputs stand in server/chapter/model.ts. Throws OnnxError where the
 * bundled file lacks its embedding tables.
 */
export function buildChapter(
  settings: ChapterSettings,
  size: ChapterSize,
  bundled: WeightFile,
): ChapterGraph {
  const parameters = chapterParameters(settings, size.width, size.positions);
  const own = new WeightFile(PARAMETERS_LOCATION, readSafetensors(parameters));
  return { graph: new ChapterPipeline(settings, size, bundled, own).finish(), parameters };
}

class ChapterPipeline {
  readonly #graph = new GraphBuilder('chapter', OPSET);
  readonly #settings: ChapterSettings;
  readonly #size: ChapterSize;
  readonly #bundled: WeightFile;
  readonly #own: WeightFile;

  constructor(settings: ChapterSettings, size: ChapterSize, bundled: WeightFile, own: WeightFile) {
    this.#settings = settings;
    this.#size = size;
    this.#bundled = bundled;
    this.#own = own;
  }

  finish(): Uint8Array {
    const graph = this.#graph;
    const ids = graph.input(CHAPTER_INPUTS.ids, 'int64', [1, 'token']);
    const positions = graph.input(CHAPTER_INPUTS.positions, 'int64', [1, 'token']);
    const positionScale = graph.input(CHAPTER_INPUTS.positionScale, 'float32', []);
    const input = this.#preprocess(ids);
    const encoding = this.#encoding(positions, positionScale, input);
    const inputNew = graph.node('Add', [input, encoding], {}, CHAPTER_OUTPUTS.inputNew);
    const { wiring } = this.#settings;
    const seen = wiring === 'diagram' ? input : inputNew;
    const attention = new ChapterAttentionGraph(graph, this.#settings, this.#size.width);
    const context = attention.context(seen, positions, positionScale);
    const partner = wiring === 'formula' ? inputNew : encoding;
    this.#integration(context, partner);
    for (const { output, shape } of chapterTensors(this.#settings, this.#size.width)) {
      graph.output(output, 'float32', shape);
    }
    return graph.finish();
  }

  /** Token vectors times √width, [1, token, width]. */
  #preprocess(ids: string): string {
    const rows = this.#rows('embeddings.word_embeddings.weight', this.#size.vocabulary, ids);
    return this.#named('input', 'Mul', [rows, this.#scalar(embeddingScale(this.#size.width))]);
  }

  /** PE as it is added, [1, token, width]; zeros where the scheme adds nothing. */
  #encoding(positions: string, positionScale: string, input: string): string {
    const { encoding } = this.#settings;
    if (encoding === 'sinusoidal') {
      const shape = [this.#size.positions, this.#size.width];
      const { type, range } = this.#own.tensor(PARAMETERS.table, shape);
      const table = this.#graph.external(PARAMETERS.table, type, shape, range);
      const rows = this.#graph.node('Gather', [table, positions], { axis: 0 });
      return this.#named('encoding', 'Mul', [rows, positionScale]);
    }
    if (encoding === 'learned') {
      return this.#named('encoding', 'Mul', [this.#learned(positions), positionScale]);
    }
    return this.#named('encoding', 'Mul', [input, this.#scalar(0)]);
  }

  /** The bundled table's rows times √width and the scale factor, in the variant chosen. */
  #learned(positions: string): string {
    const { scale, scaleVariant } = this.#settings;
    const { width, positions: rowCount } = this.#size;
    const graph = this.#graph;
    const rows = this.#rows('embeddings.position_embeddings.weight', rowCount, positions);
    const scaled = graph.node('Mul', [rows, this.#scalar(embeddingScale(width) * scale)]);
    if (scaleVariant === 'usual') return scaled;
    const [start, end, axis] = [[0], [width / 2], [-1]].map((list) => graph.integers(list));
    const half = graph.node('Slice', [scaled, start!, end!, axis!]);
    return graph.node('Concat', [graph.node('Sin', [half]), graph.node('Cos', [half])], {
      axis: -1,
    });
  }

  /** Joins attention with its partner, then MLP and output layer. */
  #integration(context: string, partner: string): void {
    const { width } = this.#size;
    const joined = this.#graph.node(
      'Concat',
      [context, partner],
      { axis: -1 },
      CHAPTER_OUTPUTS.concatenation,
    );
    const wide = this.#linear(joined, PARAMETERS.mlpWeight, PARAMETERS.mlpBias, 2 * width);
    const hidden = this.#named('hidden', 'Gelu', [wide]);
    const product = this.#product(hidden, PARAMETERS.outputWeight, width);
    this.#named('output', 'Add', [product, this.#parameter(PARAMETERS.outputBias, [width])]);
  }

  #linear(input: string, weight: string, bias: string, from: number): string {
    const product = this.#product(input, weight, from);
    return this.#graph.node('Add', [product, this.#parameter(bias, [this.#size.width])]);
  }

  #product(input: string, weight: string, from: number): string {
    return this.#graph.node('MatMul', [input, this.#parameter(weight, [from, this.#size.width])]);
  }

  #parameter(name: string, shape: readonly number[]): string {
    const { type, range } = this.#own.tensor(name, shape);
    return this.#graph.external(name, type, shape, range);
  }

  /** Rows [1, token, width] of one of the bundled tables; only the rows are cast, not the table. */
  #rows(name: string, count: number, indices: string): string {
    const shape = [count, this.#size.width];
    const { type, range } = this.#bundled.tensor(name, shape);
    const table = this.#graph.external(name, type, shape, range);
    const rows = this.#graph.node('Gather', [table, indices], { axis: 0 });
    return type === 'float32'
      ? rows
      : this.#graph.node('Cast', [rows], { to: ElementType.float32 });
  }

  #named(tensor: ChapterTensorName, operator: string, inputs: readonly string[]): string {
    return this.#graph.node(operator, inputs, {}, CHAPTER_OUTPUTS[tensor]);
  }

  #scalar(value: number): string {
    return this.#graph.scalar(value);
  }
}
