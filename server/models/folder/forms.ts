/** In which forms a folder has a model, and what there is to do where it has several. */
import * as l10n from '@vscode/l10n';
import { onnxCandidates } from '../onnxFile/candidates';
import { ModelError } from '../modelError';
import { formatModelSource } from '../source';
import { requireEntry, type FolderEntry } from './modelFolder';
import { hasWeights, WEIGHTS } from './weights';

/** Files that are one model together, each named as optimum names it, with the form's own ending. */
const PART =
  /^(encoder_model|decoder_model_merged|decoder_model|decoder_with_past_model)(?<ending>_\w+)?\.onnx$/;

/** More are never listed; a person could not tell them apart. */
const MOST_LISTED = 12;

/** Several forms, none of them chosen; `candidates` are the names under which each can be opened. */
export class SeveralForms extends ModelError {
  constructor(
    message: string,
    readonly candidates: readonly string[],
  ) {
    super('severalCandidates', message);
    this.name = 'SeveralForms';
  }
}

/**
 * Each form by the file that stands for it, the most faithful first: weights that a graph can
 * be built over, and `.onnx` files; of files that are one model together the first.
 */
export function formsOf(
  entries: ReadonlyMap<string, FolderEntry>,
  canBuild: boolean,
): string[] {
  const forms = new Map<string, string>();
  for (const path of onnxCandidates(entries.keys())) {
    const form = formOf(path);
    if (!forms.has(form)) forms.set(form, path);
  }
  return [...(canBuild && hasWeights(entries) ? [WEIGHTS] : []), ...forms.values()];
}

function formOf(path: string): string {
  const at = path.lastIndexOf('/') + 1;
  const ending = PART.exec(path.slice(at))?.groups;
  return ending ? `${path.slice(0, at)}parts${ending['ending'] ?? ''}` : path;
}

/** The form that was asked for by its file, else the only one. Throws ModelError. */
export function chooseForm(
  forms: readonly string[],
  { entries, asked, folder }: {
    entries: ReadonlyMap<string, FolderEntry>;
    asked: string | undefined;
    /** The absolute path of the folder, for the names of candidates; undefined where it has none. */
    folder: string | undefined;
  },
): string | undefined {
  if (asked !== undefined) {
    if (!forms.includes(asked)) requireEntry(entries, asked);
    return asked;
  }
  if (forms.length < 2 || folder === undefined) return forms[0];
  const listed = forms.slice(0, MOST_LISTED);
  const candidates = listed.map((form) => formatModelSource({ kind: 'file', path: folder, form }));
  throw new SeveralForms(
    l10n.t(
      'The folder has the model in several forms ({0}). Choose one by its name, such as "{1}".',
      listed.join(', '),
      candidates[0]!,
    ),
    candidates,
  );
}
