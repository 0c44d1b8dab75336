/** What *Choose Model* offers, without VS Code's widgets. */
import type { Download, Model } from '../../server/protocol';
import { sizeText } from '../../server/models/hub/size';
import type { Translate } from '../translate';
import { labelOf } from './names';
import { BUNDLED_MODEL, CHAPTER_MODEL } from './modelIds';

/** What an entry does: put a model to use, or ask for one first. */
export type Choice =
  { model: string } | { open: 'folder' | 'onnxFile' | 'hub' } | { manage: 'downloads' };

export interface Entry {
  group: 'extension' | 'recent' | 'downloaded' | 'open';
  label: string;
  description?: string;
  detail?: string;
  choice: Choice;
}

export interface Known {
  inUse: Model | null;
  /** Before a model is there. */
  configured: string;
  recent: readonly string[];
  downloads: readonly Download[];
  /** Whether the server can open files, and so download any. */
  opensFiles: boolean;
}

/** In the order in which they are shown; the model in use says so. */
export function entriesOf(known: Known, translate: Translate): Entry[] {
  const { inUse, configured } = known;
  const current = inUse?.id ?? configured;
  const entries = [
    ...ofExtension(translate),
    ...recentOf(known),
    ...downloadsOf(known),
    ...openers(known, translate),
  ];
  return entries.map((entry) =>
    'model' in entry.choice && entry.choice.model === current
      ? { ...entry, ...asInUse(entry, inUse, translate) }
      : entry,
  );
}

function ofExtension(translate: Translate): Entry[] {
  return [
    {
      group: 'extension',
      choice: { model: BUNDLED_MODEL },
      label: translate('Bundled: all-MiniLM-L6-v2'),
      detail: translate('A small English sentence encoder; part of the extension.'),
    },
    {
      group: 'extension',
      choice: { model: CHAPTER_MODEL },
      label: translate("The Chapter's model"),
      detail: translate(
        'One attention layer as a textbook builds it, untrained: every control and every step can be seen.',
      ),
    },
  ];
}

/** The model in use is among them, whoever chose it. */
function recentOf({ inUse, recent, downloads }: Known): Entry[] {
  const downloaded = downloads.flatMap(namesOf);
  const models = new Set([...(inUse ? [inUse.id] : []), ...recent]);
  return [...models].flatMap((model): Entry[] => {
    const label = labelOf(model);
    if (!label || downloaded.includes(model)) return [];
    return [{ group: 'recent', choice: { model }, ...label }];
  });
}

function downloadsOf({ downloads }: Known): Entry[] {
  return downloads.flatMap((download) =>
    namesOf(download).map((model): Entry => ({
      group: 'downloaded',
      choice: { model },
      label: model.slice('hf:'.length),
      description: sizeText(download.bytes),
    })),
  );
}

/** Every name that opens a download; one that is not whole has none. */
export function namesOf({ model, revisions, commit, complete }: Download): string[] {
  if (!complete) return [];
  if (revisions.length === 0) return [`${model}@${commit}`];
  return revisions.map((revision) => (revision === 'main' ? model : `${model}@${revision}`));
}

function openers({ opensFiles, downloads }: Known, translate: Translate): Entry[] {
  if (!opensFiles) return [];
  const open: Entry[] = [
    {
      group: 'open',
      choice: { open: 'folder' },
      label: translate('Open Folder…'),
      detail: translate('With config.json, tokenizer.json and model.safetensors, as Hugging Face has it.'),
    },
    {
      group: 'open',
      choice: { open: 'onnxFile' },
      label: translate('Open .onnx File…'),
      detail: translate('With its tokenizer.json beside it.'),
    },
    {
      group: 'open',
      choice: { open: 'hub' },
      label: translate('Hugging Face Model…'),
      detail: translate('By owner/name; you are asked with its size before it is downloaded.'),
    },
  ];
  if (downloads.length > 0)
    open.push({
      group: 'open',
      choice: { manage: 'downloads' },
      label: translate('Manage Downloaded Models…'),
    });
  return open;
}

function asInUse(
  { description }: Entry,
  model: Model | null,
  translate: Translate,
): Pick<Entry, 'description' | 'detail'> {
  const inUse = translate('in use');
  return {
    description: description ? `${description} · ${inUse}` : inUse,
    ...(model
      ? {
          detail: translate(
            'Layers: {0}, heads: {1}, tokens of context: {2}',
            model.layers,
            model.heads,
            model.contextLength,
          ),
        }
      : {}),
  };
}
