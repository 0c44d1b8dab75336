import type { TracedText } from '../tracedText';
import { decompose, type DecomposedForm } from './decomposition';
import type { Normalizer } from './normalizer';

/** NFD or NFKD (UAX 15). */
export class DecompositionNormalizer implements Normalizer {
  readonly local = true;

  constructor(private readonly form: DecomposedForm) {}

  normalize(text: TracedText): TracedText {
    return decompose(text, this.form);
  }
}
