/** The Chapter model's controls. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { ChapterError } from './chapterError';

/** `dot`: q·k. `scaledDot`: q·k/√d_k. `additive`: v·tanh(W_q q + W_k k). */
export const SIMILARITIES = ['dot', 'scaledDot', 'additive'] as const;
export type Similarity = (typeof SIMILARITIES)[number];

export const ENCODINGS = ['none', 'sinusoidal', 'learned', 'rope', 'alibi'] as const;
export type ChapterEncoding = (typeof ENCODINGS)[number];

/**
 * What attention sees and what its output is joined with, after three places of the
 * chapter that disagree. With the encoding PE and Input_new = Input + PE:
 * `formula` (§3.3's formula): Attention(Input_new), joined with Input_new.
 * `words` (§3.3's third step in words): Attention(Input_new), joined with PE.
 * `diagram` (§2.3): Attention(Input), without position of any kind, joined with PE.
 */
export const WIRINGS = ['formula', 'words', 'diagram'] as const;
export type Wiring = (typeof WIRINGS)[number];

export const HEAD_COUNTS = [1, 2, 4, 8] as const;

const schema = v.object({
  similarity: v.optional(v.picklist(SIMILARITIES), 'scaledDot'),
  heads: v.optional(v.picklist(HEAD_COUNTS), 8),
  encoding: v.optional(v.picklist(ENCODINGS), 'sinusoidal'),
  wiring: v.optional(v.picklist(WIRINGS), 'formula'),
  scale: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0)), 1),
  scaleVariant: v.optional(v.picklist(['usual', 'chapter']), 'usual'),
  causal: v.optional(v.boolean(), false),
});

export interface ChapterSettings {
  similarity: Similarity;
  heads: (typeof HEAD_COUNTS)[number];
  encoding: ChapterEncoding;
  wiring: Wiring;
  /** The scale factor s of an additive encoding; above 0. */
  scale: number;
  /** `usual`: s·PE. `chapter`: [sin(s·PE), cos(s·PE)], PE at half the width. */
  scaleVariant: 'usual' | 'chapter';
  causal: boolean;
}

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

/** Whether PE is a table that is added to the input, rather than done to q, k or the scores. */
export function isAdditive(encoding: ChapterEncoding): boolean {
  return encoding === 'sinusoidal' || encoding === 'learned';
}

function settingsMessage(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue);
  if (name === null) return l10n.t('The Chapter model needs its settings as an object.');
  const value = JSON.stringify(issue.input) ?? String(issue.input);
  if (name === 'scale') {
    return l10n.t(
      'The scale must be a number above 0, but {0} was given; to remove position, switch it off.',
      value,
    );
  }
  return l10n.t(
    'The Chapter model\'s "{0}" cannot be {1}; expected {2}.',
    name,
    value,
    issue.expected ?? '',
  );
}
