import type { AlignmentKeys } from '../../server/analysis/alignment';
import type { SideNumbers } from './side';

/** Marks by which vocabularies write that a piece goes on, or that a space came before. */
const MARKS = /^(##|[\u0120\u2581])|<\/w>$/g;

/**
 * By what two sides are aligned. What one model reads on both is the same where its vocabulary
 * says so. Of two models that read one text, tokens are the same where they stand for the same
 * stretch of it; of two that read different texts, where the same is written.
 */
export function commonKeys(
  first: SideNumbers,
  second: SideNumbers,
): readonly [AlignmentKeys, AlignmentKeys] {
  const { tokens: one } = first;
  const { tokens: other } = second;
  if (one.model.hash === other.model.hash) return [first.keys, second.keys];
  if (one.uri === other.uri && one.version === other.version)
    return [placeKeys(first), placeKeys(second)];
  return [writtenKeys(first), writtenKeys(second)];
}

/**
 * Where a piece ends, and what it is: some tokenizers count the space before it in. Template tokens
 * stand nowhere and are what they are called.
 */
function placeKeys(side: SideNumbers): string[] {
  const written = writtenKeys(side);
  return side.units.ranges.map((range, unit) => {
    const text = written[unit] ?? '';
    return range ? `${range.end.line}:${range.end.character} ${text}` : text;
  });
}

function writtenKeys({ units }: SideNumbers): string[] {
  return units.texts.map((text) => text.replace(MARKS, '').trim().toLowerCase());
}
