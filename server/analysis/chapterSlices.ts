/** What of the Chapter model's tensors belongs to one token, for texts and for documents of numbers alike. */
import * as l10n from '@vscode/l10n';
import { CHAPTER_OUTPUTS, chapterTensors, type ChapterTensorName } from '../chapter/model';
import type { ChapterSettings } from '../chapter/controls';
import { runNumberDocument } from '../chapter/numberPipeline';
import type { ChapterTensors } from '../chapter/pipeline';
import type { EncodingChange } from '../protocol';
import { contentOf, type Subject } from './answer';
import { changedPositions } from './encodingChange';
import { RequestFailed } from './errors';
import type { WindowContent } from './windowContent';

/** A tensor's part for one token, or (`token` null) all of it. */
export interface SliceOf {
  tensor: ChapterTensorName;
  token: number | null;
}

/** Row-major; `shape` is without the batch and without the token's axis where one was chosen. */
export interface ChapterSlice {
  shape: number[];
  values: ArrayLike<number>;
}

/** The Chapter model at work on a subject. */
export interface ChapterWindow {
  settings: ChapterSettings;
  /** What d_k is taken to be. */
  keyWidth: number;
  /** What {@link slices} needs held; none where it is computed here. */
  contents: WindowContent[];
  slices(held: string | undefined, asked: SliceOf[], signal: AbortSignal): Promise<ChapterSlice[]>;
}

/** Throws {@link RequestFailed} `notInThisModel` where another model is in use. */
export function chapterWindow(subject: Subject, change: EncodingChange | null): ChapterWindow {
  const { model, numbers, ready } = subject;
  const settings = numbers?.settings ?? ready.chapter;
  if (!settings)
    throw new RequestFailed(
      'notInThisModel',
      l10n.t('Only the Chapter model shows its stages; choose it first.'),
    );
  const keyWidth = numbers?.keyWidth ?? model.width / settings.heads;
  const content = contentOf(subject, change);
  if (!numbers)
    return {
      settings,
      keyWidth,
      contents: [content],
      slices: (held, asked, signal) => engineSlices(subject, held ?? '', asked, signal),
    };
  const inputs = changedPositions(change, subject.window, model);
  const slices = async (_held: string | undefined, asked: SliceOf[]): Promise<ChapterSlice[]> => {
    const tensors = runNumberDocument(numbers, settings, inputs);
    return Promise.resolve(asked.map((one) => cut(tensors, one, subject)));
  };
  return { settings, keyWidth, contents: [], slices };
}

/** Which of a graph's axes, the batch included, counts the tokens (of pairs: the queries). */
function tokenAxis(tensor: ChapterTensorName, settings: ChapterSettings, width: number): number {
  const found = chapterTensors(settings, width).find((one) => one.tensor === tensor);
  return found?.shape.indexOf('token') ?? 1;
}

async function engineSlices(
  { ready, model }: Subject,
  window: string,
  asked: SliceOf[],
  signal: AbortSignal,
): Promise<ChapterSlice[]> {
  const { chapter, engine } = ready;
  if (!chapter) return [];
  const slices = asked.map(({ tensor, token }) => ({
    output: CHAPTER_OUTPUTS[tensor],
    at: token === null ? null : { axis: tokenAxis(tensor, chapter, model.width), index: token },
  }));
  return (await engine.stages({ window, slices }, { signal })).slices;
}

function cut(
  tensors: ChapterTensors,
  { tensor, token }: SliceOf,
  { model, window, numbers }: Subject,
): ChapterSlice {
  const settings = numbers?.settings;
  const found =
    settings && chapterTensors(settings, model.width).find((one) => one.tensor === tensor);
  const tokens = window.ids.length;
  const shape = (found?.shape ?? []).slice(1).map((axis) => (axis === 'token' ? tokens : axis));
  const values = tensors[tensor];
  if (token === null) return { shape, values };
  const axis = (found?.shape ?? []).indexOf('token') - 1;
  const rest = shape.filter((_, index) => index !== axis);
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const part = Float64Array.from(
    { length: outer * inner },
    (_, cell) => values[(Math.floor(cell / inner) * tokens + token) * inner + (cell % inner)] ?? 0,
  );
  return { shape: rest, values: part };
}
