/** `config.json` of a model's folder, as far as it decides how the model is opened. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { ModelError } from '../modelError';
import { requireEntry, type FolderEntry, type ModelFolder } from './modelFolder';

export const CONFIG = 'config.json';

/** A configuration has some kilobytes; those that list a classifier's labels have some more. */
const MAX_BYTES = 16_000_000;

const schema = v.looseObject({
  model_type: v.optional(v.string()),
  architectures: v.nullish(v.array(v.string())),
  auto_map: v.nullish(v.unknown()),
  quantization_config: v.nullish(v.looseObject({ quant_method: v.optional(v.string()) })),
});

/** The parsed file: what every kind of model has, and the rest as it stands. */
export type FolderConfig = v.InferOutput<typeof schema>;

/** Rejects with ModelError where the file is missing or is not a JSON object. */
export async function readConfigFile(
  folder: ModelFolder,
  entries: ReadonlyMap<string, FolderEntry>,
): Promise<FolderConfig> {
  requireEntry(entries, CONFIG);
  const parsed = v.safeParse(schema, parseJson(CONFIG, await folder.read(CONFIG, MAX_BYTES)));
  if (parsed.success) return parsed.output;
  throw new ModelError(
    'modelRefused',
    l10n.t(
      'The model\'s config.json cannot be used: "{0}": {1}.',
      v.getDotPath(parsed.issues[0]) ?? 'config',
      parsed.issues[0].message,
    ),
  );
}

/** The value of a JSON file in UTF-8. Throws ModelError. */
export function parseJson(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ModelError(
      'modelRefused',
      l10n.t('The model file "{0}" is not valid JSON. Copy or download it again.', path),
      { cause: error },
    );
  }
}
