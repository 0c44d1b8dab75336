/**
 * The chapter's pipeline in plain arithmetic, for small inputs: worked examples,
 * documents of numbers, and the check of the graph that does the same in ONNX.
 */
import { attention, joinHeads, splitHeads, type AttentionTensors } from './attention';
import { dense, joinColumns } from './dense';
import {
  additiveTable,
  CHAPTER_ROPE_PAIRING,
  chapterRope,
  chapterSlopes,
  slopeBias,
} from './encoding';
import { gelu } from './gelu';
import type { ChapterSettings } from './controls';
import { trainedRope } from '../positional/ropeChange';
import type { RopeFrequencies } from '../positional/ropeFrequencies';
import { rotate } from '../positional/ropeRotation';
import type { ChapterWeights } from './weights';

export interface PipelineInput {
  /** Input, [token, width]: token vectors times √width, or numbers as they are. */
  vectors: Float64Array;
  width: number;
  /** [token]; 0 … n − 1 unless position is being experimented with. */
  positions: ArrayLike<number>;
  /** Multiplies the encoding (RoPE: angles, ALiBi: slopes); 0 is without position. */
  positionScale: number;
  /** Instead of the settings' own frequencies, where they turn at all. */
  rope?: RopeFrequencies;
  /** Instead of the settings' own slopes, [head], where they have any. */
  slopes?: Float64Array;
  /** The bundled model's position table, [position, width], where the encoding is `learned`. */
  learned: ArrayLike<number> | null;
  /** Encoding vectors given by a person instead of a scheme, [token, width]. */
  givenEncoding?: Float64Array;
  /** Queries, keys and values given by a person instead of the attention's input, [token, width]. */
  given?: { query?: Float64Array; key?: Float64Array; value?: Float64Array };
  /** What d_k is taken to be; the width of a head unless given. */
  keyWidth?: number;
}

/** Every tensor of the pipeline, row-major. */
export interface ChapterTensors extends Omit<AttentionTensors, 'context'> {
  /** [token, width] */
  input: Float64Array;
  /** PE as it is added, [token, width]; zeros where the scheme adds nothing. */
  encoding: Float64Array;
  /** Input + PE, [token, width]. */
  inputNew: Float64Array;
  /** As they enter the similarity, [head, token, headSize]. */
  query: Float64Array;
  key: Float64Array;
  value: Float64Array;
  /** Heads side by side, [token, width]. */
  context: Float64Array;
  /** [token, 2 · width] */
  concatenation: Float64Array;
  /** After the GELU, [token, width]. */
  hidden: Float64Array;
  /** [token, width] */
  output: Float64Array;
}

/** Runs all stages. `settings.heads` must divide the width. */
export function runChapter(
  source: PipelineInput,
  settings: ChapterSettings,
  weights: ChapterWeights,
): ChapterTensors {
  const { width, vectors: input } = source;
  const encoding = source.givenEncoding ?? encodingRows(source, settings);
  const inputNew = input.map((value, cell) => value + encoding[cell]!);
  const seen = settings.wiring === 'diagram' ? input : inputNew;
  const projected = project(source, settings, seen);
  const { context: headContext, ...attended } = attention(
    projected.query,
    projected.key,
    projected.value,
    settings.heads,
    width / settings.heads,
    attentionRule(source, settings),
  );
  const context = joinHeads(headContext, width, settings.heads);
  const partner = settings.wiring === 'formula' ? inputNew : encoding;
  const concatenation = joinColumns(context, width, partner, width);
  const hidden = dense(concatenation, weights.mlpWeight, weights.mlpBias).map(gelu);
  const output = dense(hidden, weights.outputWeight, weights.outputBias);
  return {
    input,
    encoding,
    inputNew,
    ...projected,
    ...attended,
    context,
    concatenation,
    hidden,
    output,
  };
}

function encodingRows(source: PipelineInput, settings: ChapterSettings): Float64Array {
  const { width, positions, positionScale } = source;
  const furthest = Math.max(-1, ...Array.from(positions));
  const table = additiveTable(settings, furthest + 1, width, source.learned);
  return Float64Array.from({ length: positions.length * width }, (_, cell) => {
    const position = positions[Math.floor(cell / width)]!;
    return table[position * width + (cell % width)]! * positionScale;
  });
}

/** W_Q = W_K = W_V = identity: heads are slices of what attention sees. */
function project(source: PipelineInput, settings: ChapterSettings, seen: Float64Array) {
  const { given, width, positions } = source;
  const split = (vectors: Float64Array) => splitHeads(vectors, width, settings.heads);
  const headSize = width / settings.heads;
  const rule = chapterRope(settings, headSize);
  const rope = rule && (source.rope ?? trainedRope(rule));
  const angles = Array.from({ length: settings.heads }, () =>
    Array.from(positions, (position) => position * source.positionScale),
  ).flat();
  const turn = (vectors: Float64Array) =>
    rope ? rotate(vectors, headSize, angles, rope, CHAPTER_ROPE_PAIRING) : vectors;
  return {
    query: turn(split(given?.query ?? seen)),
    key: turn(split(given?.key ?? seen)),
    value: split(given?.value ?? seen),
  };
}

function attentionRule(source: PipelineInput, settings: ChapterSettings) {
  const trained = chapterSlopes(settings);
  const used = trained && (source.slopes ?? trained);
  const slopes = used?.map((slope) => slope * source.positionScale);
  return {
    similarity: settings.similarity,
    keyWidth: source.keyWidth,
    causal: settings.causal,
    bias: slopes ? slopeBias(slopes, source.positions) : null,
  };
}
