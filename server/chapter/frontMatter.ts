/** The entries above a document of numbers; their meaning stands in numberDocument.ts. */
import * as l10n from '@vscode/l10n';
import { LARGEST_SCALE } from '../positional/ranges';
import { ChapterError } from './chapterError';
import { quoted, readNumbers } from './numberList';
import {
  ENCODINGS,
  HEAD_COUNTS,
  SCALE_VARIANTS,
  SIMILARITIES,
  WIRINGS,
  type ChapterSettings,
} from './controls';
import { DEFAULT_SETTINGS } from './settings';

export interface FrontMatter {
  queries: Float64Array | null;
  keys: Float64Array | null;
  values: Float64Array | null;
  /** An encoding given as a list. */
  encodingRow: Float64Array | null;
  /** Places a number is repeated in. */
  width: number;
  /** `null`: the width of a head. */
  keyWidth: number | null;
  settings: ChapterSettings;
}

/** For numbers: one head, and no encoding unless the document asks for one. */
const NUMBER_SETTINGS: ChapterSettings = { ...DEFAULT_SETTINGS, heads: 1, encoding: 'none' };

/** Widest token vector that a number is spread over. */
const MAX_WIDTH = 64;

/** The bundled model's table has nothing to say about numbers. */
const NUMBER_ENCODINGS = ENCODINGS.filter((encoding) => encoding !== 'learned');

interface Entry {
  name: string;
  text: string;
  line: number;
}

type Apply = (matter: FrontMatter, entry: Entry) => void;

const ENTRIES: { readonly [name: string]: Apply } = {
  queries: (matter, entry) => (matter.queries = list(entry)),
  keys: (matter, entry) => (matter.keys = list(entry)),
  values: (matter, entry) => (matter.values = list(entry)),
  encoding: (matter, entry) => {
    if (/^[\d+\-.[(]/.test(entry.text)) matter.encodingRow = list(entry);
    else matter.settings.encoding = choice(entry, NUMBER_ENCODINGS);
  },
  scale: (matter, entry) => (matter.settings.scale = scaleOf(entry)),
  'scale variant': (matter, entry) => {
    matter.settings.scaleVariant = choice(entry, SCALE_VARIANTS);
  },
  width: (matter, entry) => (matter.width = wholeWidth(entry)),
  d_k: (matter, entry) => (matter.keyWidth = positive(entry)),
  similarity: (matter, entry) => (matter.settings.similarity = choice(entry, SIMILARITIES)),
  wiring: (matter, entry) => (matter.settings.wiring = choice(entry, WIRINGS)),
  heads: (matter, entry) => {
    const chosen = choice(entry, HEAD_COUNTS.map(String));
    matter.settings.heads = HEAD_COUNTS.find((count) => String(count) === chosen)!;
  },
  causal: (matter, entry) => (matter.settings.causal = choice(entry, ['true', 'false']) === 'true'),
};

/**
 * Reads entries `name: value`, one a line; blank lines and lines that begin with # count
 * for nothing. `line` is the first line's number. Throws ChapterError `numbers`.
 */
export function readFrontMatter(text: string, line: number): FrontMatter {
  const matter: FrontMatter = {
    queries: null,
    keys: null,
    values: null,
    encodingRow: null,
    width: 1,
    keyWidth: null,
    settings: { ...NUMBER_SETTINGS },
  };
  const seen = new Set<string>();
  for (const entry of entriesOf(text, line)) {
    const apply = Object.hasOwn(ENTRIES, entry.name) ? ENTRIES[entry.name] : undefined;
    if (!apply) throw unknownEntry(entry);
    if (seen.has(entry.name)) {
      throw new ChapterError(
        'numbers',
        l10n.t('Line {0}: "{1}" is given twice; keep one.', entry.line, entry.name),
      );
    }
    seen.add(entry.name);
    apply(matter, entry);
  }
  requireHeadsFit(matter);
  requireScalable(matter);
  return matter;
}

function entriesOf(text: string, line: number): Entry[] {
  const entries: Entry[] = [];
  text.split(/\r\n|\r|\n/).forEach((row, index) => {
    const content = row.trim();
    if (content === '' || content.startsWith('#')) return;
    const match = /^([^:：]*)[:：](.*)$/u.exec(content);
    if (!match) throw unknownEntry({ name: content, text: '', line: line + index });
    const name = match[1]!.trim().toLowerCase();
    entries.push({ name, text: match[2]!.trim(), line: line + index });
  });
  return entries;
}

function unknownEntry({ name, line }: Entry): ChapterError {
  return new ChapterError(
    'numbers',
    l10n.t(
      'Line {0}: "{1}" is not an entry; there are {2}.',
      line,
      quoted(name),
      Object.keys(ENTRIES).join(', '),
    ),
  );
}

function list({ name, text, line }: Entry): Float64Array {
  const numbers = readNumbers(text, 0, line);
  if (numbers.length === 0) {
    throw new ChapterError('numbers', l10n.t('Line {0}: "{1}" has no numbers.', line, name));
  }
  return Float64Array.from(numbers, ({ value }) => value);
}

function positive({ name, text, line }: Entry): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value) && value > 0) return value;
  throw new ChapterError(
    'numbers',
    l10n.t('Line {0}: "{1}" must be one number above 0, not "{2}".', line, name, quoted(text)),
  );
}

function scaleOf(entry: Entry): number {
  const scale = positive(entry);
  if (scale <= LARGEST_SCALE) return scale;
  throw new ChapterError(
    'numbers',
    l10n.t('Line {0}: "scale" must be at most {1}.', entry.line, LARGEST_SCALE),
  );
}

function wholeWidth(entry: Entry): number {
  const width = positive(entry);
  if (Number.isInteger(width) && width <= MAX_WIDTH) return width;
  throw new ChapterError(
    'numbers',
    l10n.t('Line {0}: "width" must be a whole number from 1 to {1}.', entry.line, MAX_WIDTH),
  );
}

function choice<T extends string>({ name, text, line }: Entry, choices: readonly T[]): T {
  const chosen = choices.find((known) => known.toLowerCase() === text.toLowerCase());
  if (chosen !== undefined) return chosen;
  throw new ChapterError(
    'numbers',
    l10n.t(
      'Line {0}: "{1}" cannot be "{2}"; choose {3}.',
      line,
      name,
      quoted(text),
      choices.join(', '),
    ),
  );
}

function requireHeadsFit({ width, settings }: FrontMatter): void {
  if (width % settings.heads === 0) return;
  throw new ChapterError(
    'numbers',
    l10n.t(
      '{0} heads cannot share a width of {1}; give a "width" that {0} divides.',
      settings.heads,
      width,
    ),
  );
}

/** A list that is given has no half to be encoded at, which the doubled width would need. */
function requireScalable({ encodingRow, settings }: FrontMatter): void {
  if (!encodingRow || settings.scaleVariant === 'usual') return;
  throw new ChapterError(
    'numbers',
    l10n.t(
      'An encoding given as a list can be scaled in the variant "usual" only; the chapter\'s doubles its width.',
    ),
  );
}
