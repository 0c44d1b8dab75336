/**
 * The Chapter model as a whole: its stages, the tensors of each, and how its scores
 * come about. One attention block of the chapter, on the bundled model's own token
 * vectors; W_Q, W_K, W_V and W_O are identities, the MLP and the output layer are
 * seeded (weights.ts), nothing is trained.
 */
import * as l10n from '@vscode/l10n';
import type { InputNames } from '../models/manifest';
import { chapterSlopes } from './encoding';
import type { ChapterSettings } from './controls';
import { additiveWeight, scoreDivisor } from './similarity';

/** The chapter's pipeline (§3.4, §5.2), in its order. */
export const CHAPTER_STAGES = [
  'preprocess',
  'positionalEncoding',
  'inputNew',
  'similarity',
  'weights',
  'weightedSum',
  'concatenation',
  'mlp',
  'output',
] as const;
export type ChapterStage = (typeof CHAPTER_STAGES)[number];

/** Names of the graph's inputs; types and shapes are those of InputNames in server/models/manifest.ts. */
export const CHAPTER_INPUTS = {
  ids: 'input_ids',
  positions: 'position_ids',
  positionScale: 'position_scale',
  frequencies: 'rope_frequencies',
  attentionFactor: 'rope_attention_factor',
  slopes: 'alibi_slopes',
} as const satisfies InputNames;

/** Those of them that the graph has under the settings. */
export function chapterInputs(settings: ChapterSettings): InputNames {
  const { ids, positions, positionScale, frequencies, attentionFactor, slopes } = CHAPTER_INPUTS;
  const seen = settings.wiring !== 'diagram';
  return {
    ids,
    positions,
    positionScale,
    ...(seen && settings.encoding === 'rope' ? { frequencies, attentionFactor } : {}),
    ...(seen && settings.encoding === 'alibi' ? { slopes } : {}),
  };
}

/** Names of the graph's outputs, one for each tensor of the pipeline. */
export const CHAPTER_OUTPUTS = {
  input: 'input',
  encoding: 'encoding',
  inputNew: 'input_new',
  query: 'layer.0.query',
  key: 'layer.0.key',
  value: 'layer.0.value',
  similarity: 'similarity',
  scaled: 'scaled_similarity',
  weights: 'layer.0.weights',
  context: 'context',
  concatenation: 'concatenation',
  hidden: 'hidden',
  output: 'output',
} as const;
export type ChapterTensorName = keyof typeof CHAPTER_OUTPUTS;

/** A number, or the name of an axis that grows with the text. */
export type ChapterAxis = number | 'token';

export interface ChapterTensor {
  tensor: ChapterTensorName;
  stage: ChapterStage;
  /** The graph's output. */
  output: string;
  shape: readonly ChapterAxis[];
}

/** Every tensor of the model under the settings, in the order of the stages; all float32. */
export function chapterTensors(settings: ChapterSettings, width: number): ChapterTensor[] {
  const { heads } = settings;
  const rows = [1, 'token', width] as const;
  const perHead = [1, heads, 'token', width / heads] as const;
  const pairs = [1, heads, 'token', 'token'] as const;
  const tensor = (name: ChapterTensorName, stage: ChapterStage, shape: readonly ChapterAxis[]) => ({
    tensor: name,
    stage,
    output: CHAPTER_OUTPUTS[name],
    shape,
  });
  return [
    tensor('input', 'preprocess', rows),
    tensor('encoding', 'positionalEncoding', rows),
    tensor('inputNew', 'inputNew', rows),
    tensor('query', 'similarity', perHead),
    tensor('key', 'similarity', perHead),
    tensor('value', 'similarity', perHead),
    tensor('similarity', 'similarity', pairs),
    tensor('scaled', 'weights', pairs),
    tensor('weights', 'weights', pairs),
    tensor('context', 'weightedSum', rows),
    tensor('concatenation', 'concatenation', [1, 'token', 2 * width]),
    tensor('hidden', 'mlp', rows),
    tensor('output', 'output', rows),
  ];
}

/** A stage's name for a reader. */
export function stageTitle(stage: ChapterStage): string {
  switch (stage) {
    case 'preprocess':
      return l10n.t('Preprocess');
    case 'positionalEncoding':
      return l10n.t('Positional encoding');
    case 'inputNew':
      return l10n.t('Input + PE');
    case 'similarity':
      return l10n.t('Similarity');
    case 'weights':
      return l10n.t('Softmax weights');
    case 'weightedSum':
      return l10n.t('Weighted sum');
    case 'concatenation':
      return l10n.t('Concatenation');
    case 'mlp':
      return l10n.t('MLP');
    case 'output':
      return l10n.t('Output layer (W, b)');
  }
}

/** How a weight comes from tapped q and k: softmax over keys of score + bias. */
export interface ChapterScore {
  score:
    | { kind: 'dot'; scale: number }
    /** Σ v·tanh(q + k), v [headSize]. */
    | { kind: 'additive'; v: Float64Array };
  causal: boolean;
  /** ALiBi's slopes [head]: the bias is −slope · positionScale · |position − position|. */
  slopes: Float64Array | null;
}

/**
 * The rule by which the engine recomputes weights from the model's queries and keys.
 * `keyWidth`: what d_k is taken to be; the width of a head unless given.
 */
export function chapterScore(
  settings: ChapterSettings,
  width: number,
  keyWidth?: number,
): ChapterScore {
  const headSize = width / settings.heads;
  const additive = settings.similarity === 'additive';
  return {
    score: additive
      ? { kind: 'additive', v: new Float64Array(headSize).fill(additiveWeight(headSize)) }
      : { kind: 'dot', scale: 1 / scoreDivisor(settings.similarity, keyWidth ?? headSize) },
    causal: settings.causal,
    slopes: chapterSlopes(settings),
  };
}

/**
 * What a reader should know about a choice of settings that does less than it seems,
 * in the language of the bundle; empty where nothing needs to be said.
 */
export function settingsNotes(settings: ChapterSettings): string[] {
  const { encoding, wiring, similarity } = settings;
  const notes: string[] = [];
  const adds = encoding === 'sinusoidal' || encoding === 'learned';
  if (wiring !== 'formula' && !adds) {
    notes.push(
      l10n.t(
        'This encoding adds nothing to the input, so attention is joined with zeros in this wiring.',
      ),
    );
  }
  if (wiring === 'diagram' && (encoding === 'rope' || encoding === 'alibi')) {
    notes.push(
      l10n.t("In the diagram's wiring attention sees no position, so this encoding does nothing."),
    );
  }
  if (similarity === 'additive' && encoding === 'rope') {
    notes.push(l10n.t('With the additive score, RoPE no longer depends on distance alone.'));
  }
  return notes;
}
