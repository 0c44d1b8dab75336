import * as l10n from '@vscode/l10n';
import { TokenizerError } from '../tokenizer';
import type { TracedText } from '../tracedText';

/** Compatibility decomposition makes at most 18 characters of one, spelling out bytes 4 of each. */
const UNITS_PER_UNIT = 80;
const MIN_LIMIT = 10_000;

/**
 * @param units how long a normalized text has become, or would
 * @param traced the text that it is made from
 * @throws TokenizerError if that is more than any sound normalizer makes of the source
 */
export function checkExpansion(units: number, { starts, ends }: TracedText): void {
  const source = starts.length === 0 ? 0 : ends.at(-1)! - starts[0]!;
  if (units <= Math.max(MIN_LIMIT, UNITS_PER_UNIT * source)) return;
  throw new TokenizerError(
    l10n.t(
      "The normalizer of this model's tokenizer makes texts more than {0} times as long. Choose another model.",
      UNITS_PER_UNIT,
    ),
  );
}
