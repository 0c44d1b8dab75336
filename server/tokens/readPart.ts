import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { TokenizerError } from './tokenizer';

/** What every part of a tokenizer.json has: the name of its kind. */
export const kindSchema = v.looseObject({ type: v.string() });

/**
 * A checked part of a tokenizer.json.
 * @param place where it stands in the file, e.g. `model`
 * @throws TokenizerError that names the place of the first fault
 */
export function readPart<S extends v.GenericSchema>(
  schema: S,
  part: unknown,
  place: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, part);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = [place, v.getDotPath(issue)].filter(Boolean).join('.');
  throw new TokenizerError(
    l10n.t(
      'The tokenizer.json is not valid at "{0}": expected {1}, found {2}. Get the file again from where the model comes from.',
      path,
      issue.expected ?? issue.type,
      issue.received,
    ),
  );
}

/** Vocabulary sizes beyond this are a mistake; the largest in use are near 300,000. */
const MAX_ID = 1 << 24;

/** An id as files write it. */
export const idSchema = v.custom<number>(isId, 'an id');

function isId(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_ID;
}

/**
 * Tokens and their ids. Not `v.record`, which drops keys such as `constructor`: here
 * they are words like any other.
 */
export const vocabularySchema = v.custom<Record<string, number>>(isVocabulary);

function isVocabulary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([text, id]) => isId(id) && !/\p{Surrogate}/u.test(text));
}
