import * as l10n from '@vscode/l10n';
import { TokenizerError } from '../tokenizer';
import type { Vocabulary } from './vocabulary';

/** The id of the token that stands for what is not in the vocabulary. */
export function unknownIdIn(vocabulary: Vocabulary, token: string): number {
  const id = vocabulary.idOf(token);
  if (id !== undefined) return id;
  throw new TokenizerError(
    l10n.t(
      'The tokenizer.json names "{0}" as its unknown token, but the vocabulary lacks it. Get the file again from where the model comes from.',
      token,
    ),
  );
}
