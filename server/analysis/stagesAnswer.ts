/** The Chapter model's stages for one token, and the arithmetic of one pair. */
import * as l10n from '@vscode/l10n';
import {
  CHAPTER_OUTPUTS,
  CHAPTER_STAGES,
  chapterTensors,
  settingsNotes,
  stageTitle,
  type ChapterTensor,
  type ChapterTensorName,
} from '../chapter/model';
import type { StagePair, StagesParams, StagesResult, StageTensor } from '../protocol';
import { about, type Question, type Subject } from './answer';
import { chapterWindow, type ChapterSlice } from './chapterSlices';
import { askedToken } from './dataAnswers';
import { encodeNumbers } from './numbers';
import { checkIndex } from './selection';

export function stagesQuestion(params: StagesParams, signal: AbortSignal): Question<StagesResult> {
  return (subject) => {
    const chapter = chapterWindow(subject, params.encoding ?? null);
    const { settings, contents } = chapter;
    const token = askedToken(subject, params.token);
    const { key } = params;
    const tokens = subject.window.ids.length;
    if (key !== undefined) checkIndex('key', key, tokens);
    const tensors = chapterTensors(settings, subject.model.width);
    const answer = async ([held]: string[]): Promise<StagesResult> => {
      const asked = tensors.map(({ tensor }) => ({ tensor, token }));
      const value = key === undefined ? [] : [{ tensor: 'value' as const, token: key }];
      const slices = await chapter.slices(held, [...asked, ...value], signal);
      const byName = new Map(tensors.map(({ tensor }, index) => [tensor, slices[index]]));
      return {
        ...about(subject),
        settings,
        token,
        stages: stagesOf(subject, tensors, byName),
        pair: key === undefined ? null : { key, heads: pairOf(key, byName, slices.at(-1)) },
        notes: settingsNotes(settings),
      };
    };
    return { contents, answer };
  };
}

type Slices = ReadonlyMap<ChapterTensorName, ChapterSlice | undefined>;

function stagesOf(
  { window }: Subject,
  tensors: readonly ChapterTensor[],
  slices: Slices,
): StagesResult['stages'] {
  return CHAPTER_STAGES.map((stage) => ({
    stage,
    title: stageTitle(stage),
    tensors: tensors
      .filter((tensor) => tensor.stage === stage)
      .map((tensor) => describe(tensor, slices.get(tensor.tensor), window.ids.length)),
  }));
}

function describe(
  { tensor, shape }: ChapterTensor,
  slice: ChapterSlice | undefined,
  tokens: number,
): StageTensor {
  const axes = axesOf(shape.length, shape.at(-1) === 'token');
  return {
    name: CHAPTER_OUTPUTS[tensor],
    title: tensorTitle(tensor),
    shape: shape.slice(1).map((axis) => (axis === 'token' ? tokens : axis)),
    axes,
    values: encodeNumbers(Float32Array.from(slice?.values ?? [])),
    sliceShape: slice?.shape ?? [],
    sliceAxes: axes.filter((axis) => axis !== 'token' && axis !== 'query'),
  };
}

/** `rank` counts the batch. */
function axesOf(rank: number, pairs: boolean): string[] {
  if (pairs) return ['head', 'query', 'key'];
  return rank === 4 ? ['head', 'token', 'dimension'] : ['token', 'dimension'];
}

/** One query and one key, head by head. `value` is the key's, [head, headSize]. */
function pairOf(key: number, slices: Slices, value: ChapterSlice | undefined): StagePair[] {
  const [heads = 0, headSize = 0] = value?.shape ?? [];
  const [, keys = 0] = slices.get('weights')?.shape ?? [];
  const at = (name: ChapterTensorName, head: number): number =>
    slices.get(name)?.values[head * keys + key] ?? 0;
  return Array.from({ length: heads }, (_, head) => {
    const weight = at('weights', head);
    const scaled = at('scaled', head);
    const contribution = Float32Array.from(
      { length: headSize },
      (_, column) => weight * (value?.values[head * headSize + column] ?? 0),
    );
    return {
      head,
      similarity: at('similarity', head),
      scaled: Number.isFinite(scaled) ? scaled : null,
      weight,
      contribution: encodeNumbers(contribution),
    };
  });
}

/** What a tensor is, for a reader. */
function tensorTitle(tensor: ChapterTensorName): string {
  switch (tensor) {
    case 'input':
      return l10n.t('Input (token vector)');
    case 'encoding':
      return l10n.t('Row of PE');
    case 'inputNew':
      return l10n.t('Input_new = Input + PE');
    case 'query':
      return l10n.t('Query q');
    case 'key':
      return l10n.t('Key k');
    case 'value':
      return l10n.t('Value v');
    case 'similarity':
      return l10n.t('Scores with all keys');
    case 'scaled':
      return l10n.t('Scores as they enter the softmax');
    case 'weights':
      return l10n.t('Weights');
    case 'context':
      return l10n.t('Context vector');
    case 'concatenation':
      return l10n.t('Context and its partner, side by side');
    case 'hidden':
      return l10n.t('Hidden layer of the MLP');
    case 'output':
      return l10n.t('Output');
  }
}
