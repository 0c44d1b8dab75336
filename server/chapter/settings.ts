/** The Chapter model's controls as messages and files give them, and their defaults. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { scaleProblem } from '../positional/limits';
import { ChapterError } from './chapterError';
import {
  ENCODINGS,
  HEAD_COUNTS,
  SCALE_VARIANTS,
  SIMILARITIES,
  WIRINGS,
  type ChapterSettings,
} from './controls';

const schema = v.object({
  similarity: v.optional(v.picklist(SIMILARITIES), 'scaledDot'),
  heads: v.optional(v.picklist(HEAD_COUNTS), 8),
  encoding: v.optional(v.picklist(ENCODINGS), 'sinusoidal'),
  wiring: v.optional(v.picklist(WIRINGS), 'formula'),
  scale: v.optional(
    v.pipe(
      v.number(),
      v.check((scale) => scaleProblem(scale) === null),
    ),
    1,
  ),
  scaleVariant: v.optional(v.picklist(SCALE_VARIANTS), 'usual'),
  causal: v.optional(v.boolean(), false),
});

/**
 * What the model starts with. Eight heads: with one, the product of a token vector
 * with itself towers over all others and every token reads little but itself.
 */
export const DEFAULT_SETTINGS: ChapterSettings = v.parse(schema, {});

/**
 * Settings as a message or a file gives them; what is left out is taken from `current`.
 * Throws ChapterError `settings` naming the first control that is wrong.
 */
export function readChapterSettings(
  given: unknown,
  current: ChapterSettings = DEFAULT_SETTINGS,
): ChapterSettings {
  const parsed = v.safeParse(v.partial(schema), given);
  if (!parsed.success) throw new ChapterError('settings', settingsMessage(parsed.issues[0]));
  const set = Object.entries(given as object).filter(
    ([name, value]) => name in current && value !== undefined,
  );
  return v.parse(schema, { ...current, ...Object.fromEntries(set) });
}

function settingsMessage(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue);
  if (name === null) return l10n.t('The Chapter model needs its settings as an object.');
  const value = JSON.stringify(issue.input) ?? String(issue.input);
  const problem = scaleProblem(typeof issue.input === 'number' ? issue.input : NaN);
  if (name === 'scale' && problem !== null) return problem;
  return l10n.t(
    'The Chapter model\'s "{0}" cannot be {1}; expected {2}.',
    name,
    value,
    issue.expected ?? '',
  );
}
