/** The Chapter model's controls in this session: read, kept, and brought into the model. */
import * as l10n from '@vscode/l10n';
import { ChapterError } from '../chapter/chapterError';
import type { ChapterSettings } from '../chapter/controls';
import { chapterInputs } from '../chapter/model';
import { chapterScheme } from '../chapter/scheme';
import { DEFAULT_SETTINGS, readChapterSettings } from '../chapter/settings';
import { encodingModes } from '../models/encodingModes';
import type { Model } from '../protocol';
import { InvalidParams, RequestFailed } from './errors';
import type { ModelSlot } from './modelSlot';
import { CHAPTER_MODEL } from '../models/source';

/** The controls that a message sets; throws {@link InvalidParams} `chapter` for the first that is wrong. */
export function readChapterChange(given: unknown): Partial<ChapterSettings> {
  const all = settingsAfter(given, DEFAULT_SETTINGS);
  const named = new Set(Object.keys(given as object));
  return Object.fromEntries(Object.entries(all).filter(([name]) => named.has(name)));
}

/** Controls that are about to be used. */
export interface NextChapter {
  /** What of the model they decide. */
  model: Pick<Model, 'heads' | 'position' | 'encodingModes'>;
  /** Makes the model anew; a later change takes the place of one that is under way. */
  load(signal: AbortSignal): Promise<void>;
}

export class ChapterControls {
  readonly #slot: ModelSlot;
  #settings: ChapterSettings = DEFAULT_SETTINGS;
  #loading: { controller: AbortController; done: Promise<void> } | undefined;

  constructor(slot: ModelSlot) {
    this.#slot = slot;
  }

  /** As they are, or will be when the change under way is made. */
  get settings(): ChapterSettings {
    return this.#settings;
  }

  /**
   * The controls with some of them changed. Throws {@link RequestFailed}
   * `notInThisModel` while another model is in use, {@link InvalidParams} `chapter`.
   */
  next(change: Partial<ChapterSettings>): NextChapter {
    const { current } = this.#slot;
    if (!current?.chapter)
      throw new RequestFailed(
        'notInThisModel',
        l10n.t('The model in use has no such controls; choose the Chapter model first.'),
      );
    const settings = settingsAfter(change, this.#settings);
    const position = chapterScheme(settings, current.model.width);
    const modes = encodingModes({ position, inputs: chapterInputs(settings) });
    return {
      model: { heads: settings.heads, position, encodingModes: modes },
      load: (signal) => this.#load(settings, signal),
    };
  }

  async #load(settings: ChapterSettings, signal: AbortSignal): Promise<void> {
    this.#loading?.controller.abort();
    const controller = new AbortController();
    this.#settings = settings;
    const wanted = { id: CHAPTER_MODEL, chapter: settings };
    const either = AbortSignal.any([signal, controller.signal]);
    const done = this.#slot.load(wanted, either).then(
      () => undefined,
      (error: unknown) => {
        const latest = this.#loading;
        if (controller.signal.aborted && !signal.aborted && latest) return latest.done;
        if (this.#settings === settings)
          this.#settings = this.#slot.current?.chapter ?? this.#settings;
        throw error;
      },
    );
    const loading = { controller, done };
    this.#loading = loading;
    try {
      await done;
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }
}

function settingsAfter(given: unknown, current: ChapterSettings): ChapterSettings {
  try {
    return readChapterSettings(given, current);
  } catch (error) {
    if (error instanceof ChapterError) throw new InvalidParams('chapter', error.message);
    throw error;
  }
}
