import type { TracedText } from '../tracedText';
import { applyChanges } from './characterChanges';
import { compose } from './composition';
import { decompose } from './decomposition';
import type { Normalizer } from './normalizer';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * A Unicode normalization form (UAX 15). As in the reference, a composed character
 * has the range of its first part alone.
 */
export class UnicodeFormNormalizer implements Normalizer {
  // Whitespace neither composes nor is moved.
  readonly local = true;

  constructor(private readonly form: UnicodeForm) {}

  normalize(traced: TracedText): TracedText {
    if (traced.text.normalize(this.form) === traced.text) return traced;
    const compatible = this.form === 'NFKC' || this.form === 'NFKD';
    const decomposed = decompose(traced.text, compatible ? 'NFKD' : 'NFD');
    const composes = this.form === 'NFC' || this.form === 'NFKC';
    return applyChanges(traced, composes ? compose(decomposed) : decomposed);
  }
}
